// Command import brings customers into Kundenkonto from JSON Lines files, one customer a line; see package importer for
// the rules and README.md for an example.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kundenkonto/infra/importer"
	"kundenkonto/infra/stack"
	"kundenkonto/shared/table"
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
	exitFailed  = 1   // something was left undone; the report says what
	exitUsage   = 2   // the command line is wrong, or the files have no customer in them
	exitInvalid = 3   // some lines are wrong; nothing was written
	exitTarget  = 4   // there is nothing to import into: no local cloud, no such stack, no access
	exitAsks    = 5   // the run would end or change much; nothing was written
	exitStopped = 130 // stopped by Ctrl-C; run it again to go on
)

const codes = `
Exit codes:
    0  every customer is imported
    1  something was left undone: customers that could not be written, lines that --skip-invalid left out, packages of
       customers whose list is empty, a file that changed meanwhile; the report says what
    2  the command line is wrong, or the files have no customer in them
    3  some lines are wrong; nothing was written
    4  there is nothing to import into: no local cloud, no such stack, no access
    5  the run would end or change much; nothing was written
  130  stopped by Ctrl-C; run it again to go on
`

type options struct {
	stack, local, report string
	skipInvalid, dryRun  bool
	endMissing, much     bool
	workers              int
	overwrite            importer.Overwrite
	files                []importer.File
}

func main() {
	stack.Main(func(ctx context.Context, args []string) int { return run(ctx, args, os.Stderr) })
}

func run(ctx context.Context, args []string, out *os.File) int {
	return runOn(ctx, args, out, openTarget)
}

// runOn is run with the tables that open finds.
func runOn(ctx context.Context, args []string, out *os.File, open func(context.Context, options) (table.Store, error)) int {
	o, err := parseFlags(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		return exitUsage
	}
	report, err := openReport(o, time.Now())
	if err != nil {
		fmt.Fprintln(out, err)
		return exitUsage
	}
	r := session{options: o, out: out, report: report, open: open}
	code, said := r.run(ctx)
	fmt.Fprintln(out, said)
	if err := report.end(said, time.Now()); err != nil {
		fmt.Fprintf(out, "The report is not whole: %v\n", err)
		return max(code, exitFailed)
	}
	fmt.Fprintf(out, "What happened to which customer is in %s.\n", o.report)
	return code
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
	stack.Flags(f, &o.stack, &o.local)
	f.StringVar(&o.report, "report", "", "`file` for what becomes of which customer, as JSON Lines (build/import-TIME.jsonl)")
	f.BoolVar(&o.dryRun, "dry-run", false, "write nothing, and report what would be done")
	f.BoolVar(&o.endMissing, "end-missing-packages", false, "end the packages of customers whose list is empty, and more than 5 % of all packages")
	f.BoolVar(&o.much, "allow-many-changes", false, "change more than 5 % of the customers that exist (balances do not count)")
	f.BoolVar(&o.skipInvalid, "skip-invalid", false, "import the good lines although others are wrong")
	f.IntVar(&o.workers, "workers", importer.DefaultWorkers, "`customers` to write at once; fewer leave more of the tables to the pages")
	f.Var(o.overwrite, "overwrite", "`field` to take from the file although the customer may have changed it; repeatable: "+
		strings.Join(importer.OverwriteFields(), ", "))
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.workers < 1 {
		err := errors.New("--workers is to be 1 or more")
		fmt.Fprintln(out, err)
		return o, err
	}
	if f.NArg() == 0 {
		f.Usage()
		return o, errors.New("no file")
	}
	if o.report == "" {
		o.report = filepath.Join("build", "import-"+time.Now().UTC().Format("20060102-150405.000")+".jsonl")
	}
	for _, path := range f.Args() {
		o.files = append(o.files, importer.Disk(path))
	}
	return o, nil
}
