package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// errNoPython tells what to install; the emulator needs 3.10 (its Requires-Python).
var errNoPython = errors.New("no Python 3.10 or newer found; install one (on Debian: apt-get install python3 python3-venv) and try again")

// installPython makes <root>/.venv hold exactly infra/local/requirements.txt and returns its interpreter.
// Nothing happens when it already does.
func installPython(ctx context.Context, root string) (string, error) {
	venv := filepath.Join(root, ".venv")
	python := filepath.Join(venv, "bin", "python")
	requirements := filepath.Join(root, "infra", "local", "requirements.txt")
	wanted, err := os.ReadFile(requirements)
	if err != nil {
		return "", fmt.Errorf("read the list of Python packages: %w", err)
	}
	sum := sha256.Sum256(wanted)
	marker := filepath.Join(venv, "requirements.sha256")
	if have, err := os.ReadFile(marker); err == nil && string(have) == hex.EncodeToString(sum[:]) && usable(ctx, python) {
		return python, nil
	}
	base, err := findPython(ctx)
	if err != nil {
		return "", err
	}
	if out, err := exec.CommandContext(ctx, base, "-m", "venv", "--clear", venv).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s could not make %s; on Debian install python3-venv and try again (%s)", base, venv, lastLine(out))
	}
	pip := exec.CommandContext(ctx, python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
		"--no-input", "--require-hashes", "-r", requirements)
	if out, err := pip.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the Python packages of the emulator could not be installed; check the network connection and try again (%s)", lastLine(out))
	}
	return python, os.WriteFile(marker, []byte(hex.EncodeToString(sum[:])), 0o644)
}

// findPython tries the names from newest to oldest: python3 may be an old one beside a newer one, and a
// name may exist without working (pyenv's shims).
func findPython(ctx context.Context) (string, error) {
	for _, name := range []string{"python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"} {
		if path, err := exec.LookPath(name); err == nil && usable(ctx, path) {
			return path, nil
		}
	}
	return "", errNoPython
}

func usable(ctx context.Context, python string) bool {
	return exec.CommandContext(ctx, python, "-c", "import sys; sys.exit(sys.version_info < (3, 10))").Run() == nil
}

// lastLine is where pip and go say what went wrong.
func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
