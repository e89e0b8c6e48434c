package cloud_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

type process struct {
	id      int
	command string
}

// processes are those whose environment names this state: the emulator and the functions it started. They
// are known on Linux only.
func processes(t *testing.T, state string) (found []process) {
	t.Helper()
	all, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range all {
		environ, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(environ), "STATE_DIR="+state+"/") {
			continue
		}
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		found = append(found, process{id: id, command: string(command)})
	}
	return found
}

func expectNothingLeft(t *testing.T, state string) {
	t.Helper()
	var left []process
	for range 20 { // the kernel takes a moment to bury the killed
		if left = processes(t, state); len(left) == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%d processes are left: %v", len(left), left)
}
