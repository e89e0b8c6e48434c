package cloud

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatStandsInTheWayIsToldWithTheWayOut(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	port := busy.Addr().(*net.TCPAddr).Port
	held, err := lock(filepath.Join(t.TempDir(), "held"))
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()

	cases := map[string]struct {
		do   func() error
		says string
	}{
		"the port of the pages is taken":   {func() error { _, err := listen(port); return err }, "PORT="},
		"the port of the mailbox is taken": {func() error { _, err := listen(port - 1); return err }, "PORT="},
		"the port of AWS is taken":         {func() error { _, err := freePort(port, "AWS_PORT"); return err }, "AWS_PORT="},
		"the checkout runs already":        {func() error { _, err := lock(filepath.Dir(held.Name())); return err }, "Ctrl-C"},
		"no Python is installed":           {func() error { t.Setenv("PATH", t.TempDir()); _, err := findPython(t.Context()); return err }, "install"},
		"it is not a checkout":             {func() error { _, err := Start(t.Context(), Options{Root: t.TempDir()}); return err }, "run this in the folder"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := c.do()
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("said %v, want one sentence with %q", err, c.says)
			}
		})
	}
}

func TestKeptStateMovesToAnotherPort(t *testing.T) {
	state := t.TempDir()
	queues := filepath.Join(state, "state", "sqs.json")
	if err := os.MkdirAll(filepath.Dir(queues), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := moveTo(4566, state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(queues, []byte(`{"http://localhost:4566/1/q":{"port":4566}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := moveTo(4600, state); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(queues); string(got) != `{"http://localhost:4600/1/q":{"port":4566}}` {
		t.Errorf("the queues are now %s", got)
	}
}
