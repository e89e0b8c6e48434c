// Command events is an example of a system that hears of changes in Kundenkonto, to try out and to begin with: it receives
// events from a queue and writes each once to a file. It also replays the events of a time range. docs/events.md is about
// the events themselves.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/infra/stack"
)

const usage = `usage: go run ./infra/events [flags]                              receive events
       go run ./infra/events replay --from TIME --to TIME [flags]   send those of a time range again

Receives events and writes each once to a file, as JSON Lines, until Ctrl-C. It works on the local cloud that "make run"
started, where it subscribes by itself, or with --stack and --subscription on AWS; docs/events.md says how to subscribe
there.

replay says which events of a time range there are, and with --start has them sent once more, to the rule of this
subscription alone.

`

const codes = `
Exit codes:
    0  done, or ended by Ctrl-C
    1  something failed; what was not written is still in the queue
    2  the command line is wrong
    4  there is no local cloud, no such stack or subscription, or no access
`

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitTarget = 4
)

// localSubscription is the stack of the subscription in the local cloud.
const localSubscription = stack.LocalName + "-events"

type options struct {
	stack, local, subscription string
	// Of receiving.
	file string
	once bool
	// Of a replay.
	from, to time.Time
	start    bool
	list     bool
}

func main() {
	stack.Main(func(ctx context.Context, args []string) int { return run(ctx, args, os.Stdout) })
}

func run(ctx context.Context, args []string, out io.Writer) int {
	replays := len(args) > 0 && args[0] == "replay"
	if replays {
		args = args[1:]
	}
	o, err := parse(args, replays, out)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		fmt.Fprintln(out, err)
		return exitUsage
	}
	cfg, name, err := stack.Target(ctx, o.stack, o.local)
	if err != nil {
		fmt.Fprintln(out, err)
		return exitTarget
	}
	s, err := open(ctx, cfg, name, o)
	if err != nil {
		fmt.Fprintln(out, err)
		return exitTarget
	}
	if replays {
		err = replay{cfg: cfg, stack: name, rule: s["Rule"], options: o, out: out}.run(ctx)
	} else {
		err = receive(ctx, cfg, s["Queue"], o, out)
	}
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(out, err)
		return exitFailed
	}
	return exitDone
}

// open returns the outputs of the subscription. In the local cloud it makes one where there is none.
func open(ctx context.Context, cfg aws.Config, name string, o options) (map[string]string, error) {
	if o.stack == "" {
		if err := subscribe(ctx, cfg, name, o.subscription); err != nil {
			return nil, err
		}
	}
	outputs, err := stack.Outputs(ctx, cfg, o.subscription)
	if err != nil {
		return nil, fmt.Errorf("the subscription cannot be used: %w", err)
	}
	if outputs["Rule"] == "" {
		return nil, fmt.Errorf("stack %s is no subscription: deploy infra/events/subscription.yaml, as docs/events.md says, and name its stack by --subscription", o.subscription)
	}
	return outputs, nil
}

func receive(ctx context.Context, cfg aws.Config, queue string, o options, out io.Writer) error {
	if queue == "" {
		return fmt.Errorf("subscription %s sends to a queue of another account; receive there", o.subscription)
	}
	f, err := openFile(o.file)
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintf(out, "Receiving into %s, which has %d events; Ctrl-C ends it.\n", o.file, f.Len())
	return consumer{queue: sqs.NewFromConfig(cfg), url: queue, file: f, once: o.once, out: out, now: time.Now}.run(ctx)
}

func parse(args []string, replays bool, out io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("events", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprint(out, usage)
		f.PrintDefaults()
		fmt.Fprint(out, codes)
	}
	f.StringVar(&o.stack, "stack", "", "`name` of Kundenkonto's stack on AWS; credentials and region as the AWS CLI takes them")
	f.StringVar(&o.local, "local", "build/local.json", "`file` that names a running local cloud")
	f.StringVar(&o.subscription, "subscription", localSubscription, "`name` of the subscription's stack")
	if replays {
		f.Func("from", "begin of the time range, such as 2026-11-29T08:00:00Z", timeInto(&o.from))
		f.Func("to", "end of the time range, such as 2026-11-29T12:30:00+01:00", timeInto(&o.to))
		f.BoolVar(&o.start, "start", false, "start the replay; without it nothing is sent")
		f.BoolVar(&o.list, "list", false, "list each event")
	} else {
		f.StringVar(&o.file, "file", "build/events.jsonl", "`file` to write to; one program a file")
		f.BoolVar(&o.once, "once", false, "end when the queue is empty")
	}
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("%q is not understood; --help says what is", f.Arg(0))
	case replays && (o.from.IsZero() || o.to.IsZero()):
		return o, errors.New("a replay needs --from and --to, such as --from 2026-11-29T08:00:00Z --to 2026-11-29T12:00:00Z")
	case replays && !o.from.Before(o.to):
		return o, errors.New("--from must be before --to")
	case replays && o.to.After(time.Now()):
		return o, errors.New("--to must not be in the future")
	}
	return o, nil
}

func timeInto(t *time.Time) func(string) error {
	return func(text string) (err error) {
		if *t, err = time.Parse(time.RFC3339, text); err != nil {
			return errors.New("write day, time and zone as in 2026-11-29T08:00:00Z")
		}
		return nil
	}
}
