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
	if err := Compile(ctx, root, "functions/"+name+"/bootstrap", f.Binary, env...); err != nil {
		return f, err
	}
	binary, err := os.ReadFile(f.Binary)
	if err != nil {
		return f, fmt.Errorf("read the built function %s: %w", name, err)
	}
	sum := sha256.Sum256(binary)
	f.Sum = hex.EncodeToString(sum[:])
	return f, nil
}

// tags leave out what no function uses: Lambda's old way of calling, and HTTP/2: the services that they
// call are spoken to by HTTP/1.1.
const tags = "lambda.norpc,nethttpomithttp2"

// Compile builds the main package of a folder as functions are built; see Makefile, build.
func Compile(ctx context.Context, root, folder, binary string, env ...string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-tags", tags, "-o", binary, "./"+folder)
	cmd.Dir = root
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s does not compile; mend it and try again:\n%s", folder, strings.TrimSpace(string(out)))
	}
	return nil
}
