package pack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPackingPointsEveryLocalFileIntoTheBucket(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(binary, []byte("binary"), 0o755); err != nil {
		t.Fatal(err)
	}
	names := []string{"login", "passwordreset", "account", "mergediff", "mergesubmit", "review", "reviewtask", "mergeexecute", "dispatch"}
	var functions []Function
	for _, n := range names {
		functions = append(functions, Function{Name: n, Binary: binary, Sum: "sum-" + n})
	}
	p, err := Make("../..", "bucket", functions)
	if err != nil {
		t.Fatal(err)
	}
	template := string(p.Template)
	if strings.Contains(template, "build/functions/") || strings.Contains(template, "merge.asl.yaml") {
		t.Error("a local file is left in the template")
	}
	for _, n := range names {
		if !strings.Contains(template, n+"-sum-"+n+".zip") {
			t.Errorf("%s does not point at its package", n)
		}
	}
	if !strings.Contains(template, "!Sub") || !strings.Contains(template, "!GetAtt") {
		t.Error("the template lost its functions")
	}
	if len(p.objects) != len(names)+1 {
		t.Errorf("%d objects, want the functions and the state machine", len(p.objects))
	}
}
