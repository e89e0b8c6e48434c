package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
)

// ownCloud marks the process that walks in a cloud of its own.
const ownCloud = "KUNDENKONTO_KILL"

// TestKillingAnyFunctionBetweenStepsLosesNothing walks and cancels a contract while all processes of functions are killed after each step
// (M1, M9), in a cloud of its own: other tests would meet its dead functions in the middle of a request.
func TestKillingAnyFunctionBetweenStepsLosesNothing(t *testing.T) {
	localtest.Cloud(t)
	if os.Getenv(ownCloud) == "" {
		t.Parallel()
		runInOwnCloud(t)
		return
	}
	killed := map[string]int{}
	walkTheSeedPage(t, newCast(t, lang.DE), browser.Options{Lang: lang.DE, Patient: true}, func(string) {
		for _, name := range killFunctions(t) {
			killed[name]++
		}
	})
	line := person(t, lang.DE, 1)
	importAll(t, line)
	v := travel(t, browser.Options{Lang: lang.DE, Patient: true})
	v.Open("/cancel")
	stated := declareCancellation(v, line)
	for _, name := range killFunctions(t) {
		killed[name]++
	}
	cancellationIsTold(t, v, line, stated)
	t.Log("killed:", killed)
	for _, name := range []string{"login", "passwordreset", "cancel", "account", "mergediff", "mergesubmit", "review", "reviewtask", "mergeexecute", "dispatch"} {
		if killed[name] == 0 {
			t.Errorf("%s was never killed", name)
		}
	}
}

// runInOwnCloud runs the test once more, as a command of a fresh local cloud.
func runInOwnCloud(t *testing.T) {
	t.Helper()
	itself, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", "./infra/local", "--", itself, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir = browser.Checkout(t)
	cmd.Env = append(os.Environ(), ownCloud+"=yes")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// killFunctions kills every process of a function that this cloud runs, as the kernel would that is out of memory,
// and names the functions.
func killFunctions(t *testing.T) []string {
	t.Helper()
	endpoint := "AWS_ENDPOINT_URL=" + localtest.Cloud(t).AWS
	all, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range all {
		environ, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended, or belongs to somebody else
		}
		variables := bytes.Split(environ, []byte{0})
		name := ""
		here := false
		for _, v := range variables {
			if function, found := strings.CutPrefix(string(v), "AWS_LAMBDA_FUNCTION_NAME="); found {
				_, name, _ = strings.Cut(function, "-")
			}
			here = here || string(v) == endpoint
		}
		if name == "" || !here {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			continue
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err == nil {
			names = append(names, name)
		}
	}
	return names
}
