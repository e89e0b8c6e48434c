// Command import brings customers into Kundenkonto from JSON Lines files, one customer a line; see package importer for
// the rules and README.md for an example.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"kundenkonto/infra/importer"
)

const usage = `usage: go run ./infra/import [flags] FILE...

Imports customers from JSON Lines files into the local cloud that "make run" started, or with --stack into a stack on AWS.
All input is validated before anything is written. The import can be stopped and started again at any time.

Customers that exist: balance, locked, company, names and packages are brought up to date; a package that is no longer in
the file has ended. Passwords and what the customer edits online stay, unless named by --overwrite.

`

// Exit codes.
const (
	exitDone    = 0   // every customer is imported
	exitFailed  = 1   // some customers could not be written, or --skip-invalid left some out; run it again
	exitUsage   = 2   // the command line is wrong
	exitInvalid = 3   // some lines are wrong; nothing was written
	exitTarget  = 4   // there is nothing to import into: no local cloud, no such stack, no access
	exitStopped = 130 // stopped by Ctrl-C; run it again to go on
)

const codes = `
Exit codes:
    0  every customer is imported
    1  some customers could not be written, or --skip-invalid left some out; run it again
    2  the command line is wrong
    3  some lines are wrong; nothing was written
    4  there is nothing to import into: no local cloud, no such stack, no access
  130  stopped by Ctrl-C; run it again to go on
`

type options struct {
	stack, local string
	skipInvalid  bool
	overwrite    importer.Overwrite
	files        []importer.File
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, out *os.File) int {
	o, err := parseFlags(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		return exitUsage
	}
	checked := importer.Check(o.files...)
	for _, p := range checked.Problems {
		fmt.Fprintln(out, p)
	}
	if n := len(checked.Problems); n > 0 && !o.skipInvalid {
		fmt.Fprintf(out, "%d problems; nothing was imported. Mend them, or use --skip-invalid to import the other lines.\n", n)
		return exitInvalid
	}
	tables, err := openTarget(ctx, o)
	if err != nil {
		fmt.Fprintln(out, err)
		return exitTarget
	}
	bar := newProgress(out, checked.Good(), time.Now)
	im := importer.Importer{Tables: tables, Now: time.Now, Rand: rand.Reader, Overwrite: o.overwrite, Done: bar.done}
	report, err := im.Import(ctx, checked, o.files...)
	bar.end()
	return conclude(out, report, err, checked)
}

func conclude(out io.Writer, r importer.Report, err error, checked importer.Checked) int {
	for _, f := range r.Failures {
		fmt.Fprintln(out, f)
	}
	fmt.Fprintf(out, "%d new, %d brought up to date, %d as they were, %d failed, %d left out.\n", r.Counts[importer.Created],
		r.Counts[importer.Updated], r.Counts[importer.Unchanged], r.Counts[importer.Failed], checked.Customers-checked.Good())
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(out, "Stopped. Run it again to go on where it stopped.")
		return exitStopped
	case err != nil || len(r.Failures) > 0 || len(checked.Problems) > 0:
		return exitFailed
	}
	return exitDone
}

func parseFlags(args []string, out io.Writer) (options, error) {
	o := options{overwrite: importer.Overwrite{}}
	f := flag.NewFlagSet("import", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprint(out, usage)
		f.PrintDefaults()
		fmt.Fprint(out, codes)
	}
	f.StringVar(&o.stack, "stack", "", "`name` of a stack on AWS; credentials and region as the AWS CLI takes them")
	f.StringVar(&o.local, "local", "build/local.json", "`file` that names a running local cloud")
	f.BoolVar(&o.skipInvalid, "skip-invalid", false, "import the good lines although others are wrong")
	f.Var(o.overwrite, "overwrite", "`field` to take from the file although the customer may have changed it; repeatable: "+
		strings.Join(importer.OverwriteFields(), ", "))
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() == 0 {
		f.Usage()
		return o, errors.New("no file")
	}
	for _, path := range f.Args() {
		o.files = append(o.files, importer.Disk(path))
	}
	return o, nil
}
