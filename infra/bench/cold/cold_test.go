package cold

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheFirstAnswerOfAFunctionIsMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a function")
	}
	binary := filepath.Join(t.TempDir(), "bootstrap")
	if out, err := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", binary, "../hello").CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
	start, err := First(t.Context(), binary, nil, []byte(`{}`))
	if err != nil || !strings.Contains(start.Answer, "Hello") || start.Wall <= 0 || start.CPU <= 0 {
		t.Errorf("%+v, %v", start, err)
	}
}

func TestAFunctionThatEndsWithoutAnAnswerSaysWhy(t *testing.T) {
	script := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho no configuration\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := First(t.Context(), script, nil, nil); err == nil || !strings.Contains(err.Error(), "no configuration") {
		t.Error(err)
	}
}
