// Command restore brings all tables of a stack back to an earlier instant. docs/runbook.md has the steps ("Back to an earlier
// instant"). It never puts restored tables in the place of the stack's: it copies their items, without what must be void after a
// restore.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"kundenkonto/infra/stack"
	"os"
	"path/filepath"
	"time"
)

const usage = `usage: go run ./infra/restore [--stack NAME] COMMAND

  plan                          what a restore would do, and what is billed for; changes nothing
  pitr --at INSTANT             restore all tables beside the stack's, to one second (2026-11-30T12:00:00Z)
  close                         keep all functions from running
  export [--at INSTANT] FILE    write the restored tables to a file; without --at the stack's own, which must be closed
  import [--present FILE] FILE  write a file into the tables. They must be empty, or are replaced by --present, an export of them
  executions [--stop]           list the running workflows of merge orders, and stop them
  outbox                        what would be sent, and what is held; --hold keeps all back, --release EVENT lets it go
  open FUNCTION... | all        let functions run again; "all" is all but dispatch, which comes last

`

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

type options struct {
	stack, local, present, report, release string
	at                                     time.Time
	stop, hold, dryRun, notClosed          bool
	args                                   []string
}

func main() {
	stack.Main(func(ctx context.Context, args []string) int { return run(ctx, args, os.Stdout) })
}

func run(ctx context.Context, args []string, out io.Writer) int {
	o, err := parse(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		fmt.Fprintln(out, "restore:", err)
		return exitUsage
	}
	t, err := open(ctx, o.stack, o.local, out)
	if err == nil {
		err = t.do(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(out, "restore:", err)
		return exitFailed
	}
	return exitDone
}

// parse takes flags before and behind the command's name.
func parse(args []string, out io.Writer) (o options, err error) {
	f := flag.NewFlagSet("restore", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() { fmt.Fprint(out, usage); f.PrintDefaults() }
	stack.Flags(f, &o.stack, &o.local)
	f.StringVar(&o.present, "present", "", "import: `file` exported from the tables that are replaced, after close")
	f.StringVar(&o.report, "report", "", "import: `file` for what is to be known of which customer (build/restore-TIME.jsonl)")
	f.StringVar(&o.release, "release", "", "outbox: let held items of an `event` go out")
	f.BoolVar(&o.hold, "hold", false, "outbox: keep all back that waits")
	f.BoolVar(&o.stop, "stop", false, "executions: stop them")
	f.BoolVar(&o.dryRun, "dry-run", false, "import: write nothing but the report")
	f.BoolVar(&o.notClosed, "not-closed", false, "import, export: although functions are open and may write")
	f.Func("at", "pitr, export: the `instant`, a whole second as 2026-11-30T12:00:00Z", func(text string) (err error) {
		if o.at, err = time.Parse(time.RFC3339, text); err == nil && o.at.Nanosecond() != 0 {
			err = errors.New("must be a whole second")
		}
		return err
	})
	for rest := args; ; {
		if err := f.Parse(rest); err != nil {
			return o, err
		}
		if f.NArg() == 0 {
			break
		}
		o.args, rest = append(o.args, f.Arg(0)), f.Args()[1:]
	}
	if o.report == "" {
		o.report = filepath.Join("build", "restore-"+time.Now().UTC().Format("20060102-150405")+".jsonl")
	}
	return o, o.complete(f)
}

// wants is how many words follow the name of a command; -1 is at least one.
var wants = map[string]int{"plan": 0, "pitr": 0, "close": 0, "export": 1, "import": 1, "executions": 0, "outbox": 0, "open": -1}

func (o options) complete(f *flag.FlagSet) error {
	if len(o.args) == 0 {
		f.Usage()
		return errors.New("no command")
	}
	n, known := wants[o.args[0]]
	switch {
	case !known:
		return fmt.Errorf("there is no command %q; --help lists them", o.args[0])
	case n >= 0 && len(o.args)-1 != n, n < 0 && len(o.args) < 2:
		return fmt.Errorf("%s: wrong number of arguments; --help shows them", o.args[0])
	case o.args[0] == "pitr" && o.at.IsZero():
		return errors.New("pitr needs --at INSTANT")
	}
	return nil
}

func (t tool) do(ctx context.Context, o options) error {
	switch o.args[0] {
	case "plan":
		return t.plan(ctx)
	case "pitr":
		return t.pitr(ctx, o.at)
	case "close":
		return t.close(ctx)
	case "open":
		if o.args[1] == "all" {
			return t.open(ctx, functions[:len(functions)-1])
		}
		return t.open(ctx, o.args[1:])
	case "executions":
		return t.executions(ctx, o.stop)
	case "outbox":
		return t.doOutbox(ctx, o)
	case "export":
		if err := t.mayMove(ctx, o, o.at.IsZero()); err != nil {
			return err
		}
		return t.export(ctx, o.args[1], o.at)
	}
	if err := t.mayMove(ctx, o, !o.dryRun); err != nil {
		return err
	}
	i := importing{tool: t, path: o.args[1], presentPath: o.present, report: o.report, dryRun: o.dryRun, notClosed: o.notClosed, counts: map[string]int{}}
	return i.run(ctx)
}

// mayMove holds what needs it to a closed stack.
func (t tool) mayMove(ctx context.Context, o options, needs bool) error {
	if !needs || o.notClosed {
		return nil
	}
	return t.closed(ctx)
}

func (t tool) doOutbox(ctx context.Context, o options) (err error) {
	if o.hold {
		err = t.hold(ctx)
	}
	if err == nil && o.release != "" {
		err = t.release(ctx, o.release)
	}
	if err != nil {
		return err
	}
	return t.listOutbox(ctx)
}
