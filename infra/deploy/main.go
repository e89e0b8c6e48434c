// Deploy brings a stage of Kundenkonto to what the checkout says: it looks whether the account is ready, builds the
// functions, and brings up the main stack and then the edge's, each by a change set that is shown before it acts. It can be
// repeated: with nothing changed it does nothing.
//
// It is a program of its own and not the SAM CLI, so that the same steps are tested on the local cloud, whose emulator takes
// no state machine in YAML, as `sam package` leaves it; infra/pack makes the same package for both.
//
//	go run ./infra/deploy [-yes] [-check] STAGE
//
// STAGE names a file of parameters, infra/deploy/STAGE.conf. The edge's secret comes by the environment (EDGE_SECRETS); without
// it the stacks keep theirs.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"

	"kundenkonto/infra/local/cloud"
	"kundenkonto/infra/pack"
	"kundenkonto/infra/stack"
)

func main() {
	yes := flag.Bool("yes", false, "apply change sets without asking")
	check := flag.Bool("check", false, "only look whether the account is ready")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "go run ./infra/deploy [-yes] [-check] STAGE")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, flag.Arg(0), *yes, *check); err != nil {
		fmt.Fprintln(os.Stderr, "deploy:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, name string, yes, check bool) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	s, err := readStage(root, name, os.Getenv("EDGE_SECRETS"))
	if err != nil {
		return err
	}
	d := deployment{root: root, stage: s, out: os.Stdout, ask: asking(os.Stdin, os.Stdout)}
	if name == "local" {
		local, err := cloud.ReadLocal(filepath.Join(root, "build", "local.json"))
		if err != nil {
			return fmt.Errorf("stage local is deployed into the cloud of `make run`; start it first: %w", err)
		}
		d = d.locally(local.AWS)
	} else if err := d.onAWS(ctx); err != nil {
		return err
	}
	if yes {
		d.ask = func(string) bool { return true }
	}
	if check {
		return d.check(ctx)
	}
	return d.deploy(ctx)
}

// onAWS deploys with the credentials that the AWS CLI would take.
func (d *deployment) onAWS(ctx context.Context) (err error) {
	d.cfg, err = config.LoadDefaultConfig(ctx, config.WithRegion(d.stage.region))
	d.build = func(ctx context.Context) ([]pack.Function, error) {
		return pack.Build(ctx, d.root, "build/functions", "GOOS=linux", "GOARCH="+d.stage.goArch())
	}
	return err
}

// locally deploys to a local cloud, which runs functions as processes of this machine and is its own user pool.
func (d deployment) locally(url string) deployment {
	d.cfg = stack.Local(url)
	d.stage.values["Architecture"], d.stage.values["OidcDiscovery"] = "x86_64", url
	if runtime.GOARCH == "arm64" {
		d.stage.values["Architecture"] = "arm64"
	}
	d.build = func(ctx context.Context) ([]pack.Function, error) { return pack.Build(ctx, d.root, "build/local") }
	return d
}

// asking puts a question to the person at the terminal. No answer is a no.
func asking(in io.Reader, out io.Writer) func(string) bool {
	lines := bufio.NewScanner(in)
	return func(question string) bool {
		fmt.Fprintf(out, "%s [yes/no] ", question)
		return lines.Scan() && strings.TrimSpace(lines.Text()) == "yes"
	}
}

// errDeclined ends a deployment that the person at the terminal did not want.
var errDeclined = errors.New("not applied")
