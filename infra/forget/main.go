// Command forget deletes one customer's personal data on request, with all numbers that were merged into theirs, from every table.
// docs/runbook.md says what is kept and why ("A customer wants to be forgotten").
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"kundenkonto/infra/stack"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

const usage = `usage: go run ./infra/forget [flags] CUSTOMERNUMBER

Counts what would be deleted; --yes with --reason deletes it. It reads all tables twice, can be stopped at any time, and goes on
where it was when it is run again.

`

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitMayNot = 3 // an order runs, or a merge can still be undone
)

type options struct {
	stack, local, reason string
	yes, readmit         bool
	number               string
}

func main() {
	stack.Main(func(ctx context.Context, args []string) int { return run(ctx, args, os.Stdout) })
}

func run(ctx context.Context, args []string, out io.Writer) int {
	o, err := parse(args, out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err != nil:
		fmt.Fprintln(out, "forget:", err)
		return exitUsage
	}
	f, err := open(ctx, o, out)
	if err == nil && o.readmit {
		err = f.readmit(ctx, o.number)
	} else if err == nil {
		err = f.customer(ctx, o.number)
	}
	switch {
	case errors.Is(err, errMayNot):
		fmt.Fprintln(out, "forget:", err)
		return exitMayNot
	case err != nil:
		fmt.Fprintln(out, "forget:", err)
		return exitFailed
	}
	return exitDone
}

func parse(args []string, out io.Writer) (o options, err error) {
	f := flag.NewFlagSet("forget", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() { fmt.Fprint(out, usage); f.PrintDefaults() }
	stack.Flags(f, &o.stack, &o.local)
	f.StringVar(&o.reason, "reason", "", "`why`, for the line that stays: a ticket's number, never the customer's name")
	f.BoolVar(&o.yes, "yes", false, "do it; without it everything is counted only")
	f.BoolVar(&o.readmit, "readmit", false, "let an import bring a number again that was forgotten")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.number = customer.ReadNumber(f.Arg(0))
	switch {
	case f.NArg() != 1:
		f.Usage()
		return o, errors.New("name one customer number, behind the flags")
	case !customer.ValidNumber(o.number):
		return o, errors.New("a customer number has 6 to 12 digits, the first not 0")
	case o.yes && strings.TrimSpace(o.reason) == "":
		return o, errors.New("--yes needs --reason")
	}
	return o, nil
}

// open finds the tables, and who acts.
func open(ctx context.Context, o options, out io.Writer) (*forget, error) {
	s, err := stack.Open(ctx, o.stack, o.local)
	if err != nil {
		return nil, err
	}
	who, err := sts.NewFromConfig(s.Config).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, fmt.Errorf("who acts: %w", err)
	}
	db := dynamodb.NewFromConfig(s.Config)
	return &forget{store: table.Store{DB: db, Names: s.Tables}, scans: db, now: time.Now, out: out, act: o.yes, reason: o.reason, by: aws.ToString(who.Arn), counts: map[string]int{}}, nil
}
