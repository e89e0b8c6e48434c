package axe

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheCheckerIsInstalledOnceAndWhole(t *testing.T) {
	root := t.TempDir()
	source, err := Script(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(source, "axe") || len(source) < 100<<10 {
		t.Errorf("%d bytes are not axe-core", len(source))
	}
	t.Setenv("PATH", "") // from now on nothing can be installed
	if again, err := Script(t.Context(), root); err != nil || again != source {
		t.Errorf("a second time: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(root, "build", ".npm", "axe-*")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// No registry's address may stand in the lock file: it is installed from the one that is set up.
func TestTheLockFileNamesNoRegistry(t *testing.T) {
	for _, name := range []string{"package.json", "package-lock.json"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "://") {
			t.Errorf("%s names an address", name)
		}
	}
	if !strings.Contains(string(packageLock), `"integrity": "sha512-`) {
		t.Error("the lock file has no integrity")
	}
}
