// Command local runs the whole customer area on this machine.
//
//	go run ./infra/local              until Ctrl-C; state is kept in .local
//	go run ./infra/local -- CMD ...   runs CMD against a fresh, empty local cloud on free ports, which is
//	                                  gone afterwards; CMD finds it by KUNDENKONTO_LOCAL (a local.json)
//
// PORT (8080; the mailbox is one above) and AWS_PORT (4566) choose other ports, so that two checkouts run side by side.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"

	"kundenkonto/infra/local/cloud"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code, err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "\n"+err.Error())
	}
	os.Exit(code)
}

func run(ctx context.Context, args []string) (code int, err error) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) > 0 {
		return runCommand(ctx, args)
	}
	return runUntilInterrupt(ctx)
}

// runUntilInterrupt is `make run`.
func runUntilInterrupt(ctx context.Context) (int, error) {
	port, err := portFrom("PORT", 8080)
	if err != nil {
		return 2, err
	}
	awsPort, err := portFrom("AWS_PORT", 4566)
	if err != nil {
		return 2, err
	}
	fmt.Println("Starting the local cloud")
	c, err := cloud.Start(ctx, cloud.Options{Root: ".", Port: port, AWSPort: awsPort, Progress: os.Stdout, Import: importDemo})
	if err != nil {
		return interrupted(ctx, err)
	}
	defer c.Stop()
	welcome(c.Local)
	if err := c.Wait(ctx); err != nil {
		return 1, err
	}
	fmt.Println("\nStopping; the state is kept for the next start")
	return 0, nil
}

// runCommand is what the tests run in.
func runCommand(ctx context.Context, args []string) (int, error) {
	state, err := os.MkdirTemp("", "kundenkonto-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(state)
	file := filepath.Join(state, "local.json")
	c, err := cloud.Start(ctx, cloud.Options{Root: ".", State: state, File: file, Progress: os.Stderr, Import: importDemo})
	if err != nil {
		return interrupted(ctx, err)
	}
	defer c.Stop()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "KUNDENKONTO_LOCAL="+file)
	err = cmd.Run()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	if err != nil {
		return 1, fmt.Errorf("run %s: %w", args[0], err)
	}
	return 0, nil
}

// interrupted keeps quiet about errors that only follow from Ctrl-C.
func interrupted(ctx context.Context, err error) (int, error) {
	if ctx.Err() != nil {
		return 130, nil
	}
	return 1, err
}

func portFrom(name string, preset int) (int, error) {
	value := os.Getenv(name)
	if value == "" {
		return preset, nil
	}
	port, err := strconv.Atoi(value)
	if err != nil || port < 1 || port > 65534 {
		return 0, fmt.Errorf("%s=%s is no port; choose a number from 1 to 65534", name, value)
	}
	return port, nil
}

func welcome(l cloud.Local) {
	fmt.Printf("\n  Customer area   %s\n  Service team    %s\n  Mailbox         %s\n", l.URL, l.Service, l.Mailbox)
	showCustomers()
	for i, s := range l.Staff {
		label := ""
		if i == 0 {
			label = "Demo reviewers"
		}
		fmt.Printf("  %-15s %s  %s\n", label, s.User, s.Password)
	}
	fmt.Println("\n  Ctrl-C ends everything. `make clean` also forgets the state.")
}
