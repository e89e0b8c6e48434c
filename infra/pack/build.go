package pack

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

// Build builds every slice into a folder below root. The environment says for which machine, as Go reads it (GOOS, GOARCH);
// without one it is this machine, where the local cloud runs functions as processes. Go relinks only what changed.
func Build(ctx context.Context, root, folder string, env ...string) ([]Function, error) {
	mains, err := filepath.Glob(filepath.Join(root, "functions", "*", "bootstrap"))
	if err != nil {
		return nil, err
	}
	built := make([]Function, len(mains))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2) // go build itself uses all cores for compiling; two hide its start-up
	for i, main := range mains {
		name := filepath.Base(filepath.Dir(main))
		g.Go(func() (err error) {
			built[i], err = buildFunction(ctx, root, folder, name, env)
			return err
		})
	}
	return built, g.Wait()
}

func buildFunction(ctx context.Context, root, folder, name string, env []string) (Function, error) {
	f := Function{Name: name, Binary: filepath.Join(root, folder, name, "bootstrap")}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-tags", "lambda.norpc",
		"-o", f.Binary, "./functions/"+name+"/bootstrap")
	cmd.Dir = root
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return f, fmt.Errorf("functions/%s does not compile; mend it and try again:\n%s", name, strings.TrimSpace(string(out)))
	}
	binary, err := os.ReadFile(f.Binary)
	if err != nil {
		return f, fmt.Errorf("read the built function %s: %w", name, err)
	}
	sum := sha256.Sum256(binary)
	f.Sum = hex.EncodeToString(sum[:])
	return f, nil
}
