// Package axe checks pages with axe-core.
package axe

import (
	"context"
	_ "embed"
	"os"
	"path/filepath"

	"kundenkonto/infra/npm"
)

var (
	//go:embed package.json
	packageJSON []byte
	//go:embed package-lock.json
	packageLock []byte
)

// Script returns the source of axe-core. The first call on a machine installs it below build/ of the checkout root.
func Script(ctx context.Context, root string) (string, error) {
	folder, err := npm.Install(ctx, root, "axe", packageJSON, packageLock)
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(filepath.Join(folder, "node_modules", "axe-core", "axe.min.js"))
	return string(source), err
}
