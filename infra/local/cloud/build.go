package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
)

// function is one built slice.
type function struct {
	name   string // folder below functions/
	binary string
	sum    string // sha256 of the binary, hex
}

// buildFunctions builds every slice for this machine, where the emulator runs it as a process of its own.
// Go relinks only what changed. `make build` builds the same for AWS into build/functions.
func buildFunctions(ctx context.Context, root string) ([]function, error) {
	mains, err := filepath.Glob(filepath.Join(root, "functions", "*", "bootstrap"))
	if err != nil {
		return nil, err
	}
	built := make([]function, len(mains))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2) // go build itself uses all cores for compiling; two hide its start-up
	for i, main := range mains {
		name := filepath.Base(filepath.Dir(main))
		g.Go(func() (err error) {
			built[i], err = buildFunction(ctx, root, name)
			return err
		})
	}
	return built, g.Wait()
}

func buildFunction(ctx context.Context, root, name string) (function, error) {
	f := function{name: name, binary: filepath.Join(root, "build", "local", name, "bootstrap")}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-tags", "lambda.norpc",
		"-o", f.binary, "./functions/"+name+"/bootstrap")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return f, fmt.Errorf("functions/%s does not compile; mend it and try again:\n%s", name, strings.TrimSpace(string(out)))
	}
	binary, err := os.ReadFile(f.binary)
	if err != nil {
		return f, fmt.Errorf("read the built function %s: %w", name, err)
	}
	sum := sha256.Sum256(binary)
	f.sum = hex.EncodeToString(sum[:])
	return f, nil
}
