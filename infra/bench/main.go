// Command bench measures what requirements put a figure on, and what grows. Ratios are of what was measured side by side in one
// run, in turns, so that a noisy machine is noisy for both.
//
//	go run ./infra/bench                      measures; writes build/bench.txt (for benchstat) and build/bench.json
//	go run ./infra/bench -only Login,Cold     some of it
//	go run ./infra/bench -sizes 10,100000     how many packages, customers and orders there are where something grows
//	go run ./infra/bench -base REVISION       measures that revision, too, in turns with this one, and compares them
//	go run ./infra/bench -write               writes docs/performance.md and its plots from build/bench.json
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"kundenkonto/infra/bench/figure"
)

// bench is how to measure.
type bench struct {
	ctx   context.Context
	runs  int   // samples of each ratio
	sizes []int // of what grows
}

// parts are what is measured, in this order.
var parts = []struct {
	name    string
	measure func(bench) ([]figure.Figure, error)
}{
	{"Login", bench.login}, {"Parallel", bench.parallel}, {"Alike", bench.alike}, {"Cold", bench.cold}, {"Zip", bench.zips},
	{"Operation", bench.operations}, {"Merge", bench.merges}, {"Route", bench.routes}, {"Growth", bench.growth}, {"Million", bench.costs},
}

func main() {
	var (
		only    = flag.String("only", "", "names of parts, with commas; all when empty")
		sizes   = flag.String("sizes", "10,100,1000,10000", "numbers of packages, customers and orders")
		runs    = flag.Int("runs", 30, "samples of each ratio")
		base    = flag.String("base", os.Getenv("BASE"), "revision to compare with (BASE=... make bench)")
		out     = flag.String("out", "build/bench.json", "file for the figures; the text for benchstat stands beside it")
		write   = flag.Bool("write", false, "write docs/performance.md from the figures instead of measuring")
		logins  = flag.Int("logins", 0, "sign in so many at a time and tell how often; a part of Parallel")
		seconds = flag.Duration("for", 3*time.Second, "how long -logins goes on")
	)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := bench{ctx: ctx, runs: *runs}
	var err error
	if b.sizes, err = numbers(*sizes); err == nil {
		switch {
		case *logins > 0:
			err = b.signInFor(*logins, *seconds)
		case *write:
			err = writeDocument(*out)
		case *base != "":
			err = b.compare(*base, *only, *sizes, *out)
		default:
			err = b.run(*only, *out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func numbers(list string) (all []int, err error) {
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of packages", text)
		}
		all = append(all, n)
	}
	return all, nil
}

// run measures the parts and writes what came out.
func (b bench) run(only, out string) error {
	if _, err := os.Stat("template.yaml"); err != nil {
		return errors.New("run it in the folder of template.yaml")
	}
	found, err := newRun(b.ctx)
	if err != nil {
		return err
	}
	chosen := strings.Split(only, ",")
	for _, p := range parts {
		if only != "" && !slices.Contains(chosen, p.name) {
			continue
		}
		begun := time.Now()
		figures, err := p.measure(b)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		found.Add(figures...)
		fmt.Fprintf(os.Stderr, "%s: %d figures in %.0f s\n", p.name, len(figures), time.Since(begun).Seconds())
	}
	return save(found, out)
}

func newRun(ctx context.Context) (figure.Run, error) {
	revision, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*").Output()
	if err != nil {
		return figure.Run{}, fmt.Errorf("which revision is this: %w", err)
	}
	load, _ := os.ReadFile("/proc/loadavg") // nice to know
	return figure.Run{Revision: strings.TrimSpace(string(revision)), Date: time.Now().UTC().Format(time.DateOnly), Go: runtime.Version(),
		System: fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU()), Load: strings.Join(first(strings.Fields(string(load)), 3), " ")}, nil
}

func first[T any](all []T, n int) []T { return all[:min(n, len(all))] }

// save writes the figures as JSON, and as text beside it, which is printed, too.
func save(r figure.Run, out string) error {
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	return errors.Join(create(out, func(f *os.File) error { return r.Write(f, true) }),
		create(strings.TrimSuffix(out, ".json")+".txt", func(f *os.File) error { return r.Text(f) }))
}

func create(name string, fill func(*os.File) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(fill(f), f.Close())
}
