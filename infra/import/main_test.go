package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kundenkonto/infra/localtest"
)

// command runs the import and gives its exit code and what it printed.
func command(t *testing.T, ctx context.Context, args ...string) (code int, printed string) {
	t.Helper()
	out, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if !slices.Contains(args, "--report") {
		args = append([]string{"--report", filepath.Join(t.TempDir(), "report.jsonl")}, args...)
	}
	code = run(ctx, args, out)
	text, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	return code, string(text)
}

func file(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kunden.jsonl")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// kurz is a customer with a number.
func kurz(number string) string {
	return `{"customerNumber":"` + number + `","company":"","firstName":"","lastName":"Kurz","street":"","postalCode":"","city":"","phone":"","mobile":"",` +
		`"email":"","iban":"","accountNumber":"","bankCode":"","balanceCents":0,"packages":[]}`
}

func TestTheImportSaysWhatIsWrongAndHow(t *testing.T) {
	good := kurz("100000")
	nowhere := filepath.Join(t.TempDir(), "local.json")
	empty := file(t, `{}`)
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no workers", []string{"--workers", "0", file(t, good)}, exitUsage, "--workers is to be 1 or more"},
		{"an empty file", []string{file(t)}, exitUsage, "kunden.jsonl: warning: there is no customer in it\nNothing was read"},
		{"blank lines alone", []string{file(t, "", " ", "")}, exitUsage, "Nothing was read"},
		{"a report that cannot be", []string{"--report", "/dev/null/report", file(t, good)}, exitUsage, "the report cannot be written"},
		{"a name in Latin-1", []string{file(t, strings.Replace(good, "Kurz", "M\xfcller", 1))}, exitInvalid, "kunden.jsonl:1: line 1 is not valid UTF-8 (byte 69"},
		{"a file named twice", []string{"kunden.jsonl", "kunden.jsonl"}, exitInvalid, "named twice"},
		{"no file", nil, exitUsage, "usage: go run ./infra/import"},
		{"an unknown flag", []string{"--stuck", "x"}, exitUsage, "not defined: -stuck"},
		{"a field that does not exist", []string{"--overwrite", "name", file(t, good)}, exitUsage, "one of accountNumber"},
		{"help", []string{"--help"}, exitDone, "Exit codes:"},
		{"a bad line", []string{file(t, good, kurz("1"))}, exitInvalid, "kunden.jsonl:2: customerNumber: must be"},
		{"a file that is not there", []string{"no/such/file"}, exitInvalid, "no/such/file:0: cannot be read"},
		{"no local cloud", []string{"--local", nowhere, file(t, good)}, exitTarget, `start the local cloud with "make run"`},
		{"a stale local.json", []string{"--local", empty, file(t, good)}, exitTarget, "names no local cloud"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if code, says := command(t, t.Context(), c.args...); code != c.code || !strings.Contains(says, c.says) {
				t.Errorf("exit %d, want %d; it says %q", code, c.code, says)
			}
		})
	}
}

func TestTheImportWritesToTheLocalCloud(t *testing.T) {
	localtest.Cloud(t)
	local := os.Getenv(localtest.Env)
	path := file(t, kurz(localtest.Number(t)), kurz("1"))
	if code, says := command(t, t.Context(), "--local", local, "--skip-invalid", path); code != exitFailed || !strings.Contains(says, "1 new, 0 brought up to date, 0 as they were, 0 failed, 1 left out.") {
		t.Errorf("exit %d: %s", code, says)
	}
	path = file(t, kurz(localtest.Number(t)))
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if code, says := command(t, stopped, "--local", local, path); code != exitTarget && code != exitStopped {
		t.Errorf("exit %d: %s", code, says)
	}
	if code, says := command(t, t.Context(), "--local", local, path); code != exitDone || !strings.Contains(says, "1 new") {
		t.Errorf("exit %d: %s", code, says)
	}
}
