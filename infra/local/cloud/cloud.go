// Package cloud runs the whole of template.yaml on this machine: an AWS emulator with IAM enforced, the
// stack deployed to it through CloudFormation, an edge in front of the API and a mailbox of the mails sent.
package cloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/infra/pack"
)

// Options say where a local cloud lives. The zero value of everything but Root is usable.
type Options struct {
	Root     string    // the checkout, the folder of template.yaml
	State    string    // what is kept between runs; empty: <Root>/.local
	File     string    // where addresses and logins are written; empty: <Root>/build/local.json
	Port     int       // the edge; the mailbox is one above; 0: any free ports
	AWSPort  int       // the emulator; 0: any free port
	Progress io.Writer // one line a step; nil: none

	// Parameters override parameters of template.yaml, for tests (VetoHours, Brand ...).
	Parameters map[string]string
	// Import brings customers in once the stack is up and returns logins to show. It must be idempotent.
	Import func(ctx context.Context, c *Cloud) ([]CustomerLogin, error)
}

// Cloud is a running local cloud.
type Cloud struct {
	Local  Local
	Stack  map[string]string // outputs of the stack
	opts   Options
	engine *engine
	edge   *servers
	lock   *os.File
}

// Start brings the cloud up and returns when it can be used. Each error is one sentence with the way out.
// On an error, and when ctx ends during the start, everything begun is stopped again.
func Start(ctx context.Context, o Options) (_ *Cloud, err error) {
	o, err = o.complete()
	if err != nil {
		return nil, err
	}
	c := &Cloud{opts: o}
	defer func() {
		if err != nil {
			c.Stop()
		}
	}()
	if c.lock, err = lock(o.State); err != nil {
		return nil, err
	}
	if c.edge, err = listen(o.Port); err != nil {
		return nil, err
	}
	python, functions, err := prepare(ctx, o)
	if err != nil {
		return nil, err
	}
	if c.engine, err = startEngine(ctx, o, python); err != nil {
		return nil, err
	}
	c.Local = Local{URL: c.edge.url(), Mailbox: c.edge.mailboxURL(), Service: c.edge.url() + "/service", AWS: c.engine.url}
	if err = c.fill(ctx, functions); err != nil {
		if died := c.engine.exited(); died != nil {
			return nil, died
		}
		return nil, err
	}
	return c, nil
}

// prepare installs the emulator and builds the functions, side by side.
func prepare(ctx context.Context, o Options) (python string, functions []pack.Function, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(o.step("Python packages of the emulator", func() (err error) {
		python, err = installPython(ctx, o.Root)
		return err
	}))
	g.Go(o.step("functions built", func() (err error) {
		functions, err = pack.Build(ctx, o.Root, "build/local")
		return err
	}))
	err = g.Wait()
	return python, functions, err
}

// fill deploys the stack, lets staff and customers in and opens the edge.
func (c *Cloud) fill(ctx context.Context, functions []pack.Function) error {
	steps := []struct {
		name string
		do   func() error
	}{
		{"template.yaml deployed", func() error { return c.deploy(ctx, functions) }},
		{"bounces reported", func() error { return c.reportBounces(ctx) }},
		{"events archived", func() error { return c.archiveEvents(ctx) }},
		{"service team signed up", func() error { return c.signUpStaff(ctx) }},
		{"demo customers imported", func() error { return c.importCustomers(ctx) }},
	}
	for _, s := range steps {
		if err := c.opts.step(s.name, s.do)(); err != nil {
			return err
		}
	}
	c.edge.serve(c.engine, c.Stack["ApiId"], c.secret())
	if err := c.Local.write(c.opts.File); err != nil {
		return fmt.Errorf("write %s: %w", c.opts.File, err)
	}
	return nil
}

func (c *Cloud) importCustomers(ctx context.Context) (err error) {
	if c.opts.Import != nil {
		c.Local.Customers, err = c.opts.Import(ctx, c)
	}
	return err
}

// Wait blocks until ctx ends (nil) or the emulator ends by itself (an error that says so).
func (c *Cloud) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-c.engine.done:
		return c.engine.exited()
	}
}

// Stop ends everything the cloud started and keeps its state. It may be called twice.
func (c *Cloud) Stop() {
	if c.edge != nil {
		c.edge.close()
	}
	if c.engine != nil {
		c.engine.stop()
	}
	if c.lock != nil {
		c.lock.Close()
	}
	os.Remove(c.opts.File)
}

func (o Options) complete() (Options, error) {
	root, err := filepath.Abs(o.Root)
	if err != nil {
		return o, err
	}
	if _, err := os.Stat(filepath.Join(root, "template.yaml")); err != nil {
		return o, errors.New("there is no template.yaml here; run this in the folder of the checkout")
	}
	o.Root = root
	if o.State == "" {
		o.State = filepath.Join(root, ".local")
	}
	if o.File == "" {
		o.File = filepath.Join(root, "build", "local.json")
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	return o, nil
}

// step wraps one piece of work with its line of progress, and one that it goes on where it takes long.
func (o Options) step(name string, do func() error) func() error {
	return func() error {
		began := time.Now()
		slow := time.AfterFunc(3*time.Second, func() { fmt.Fprintf(o.Progress, "  %-34s  ...\n", name) })
		defer slow.Stop()
		if err := do(); err != nil {
			return err
		}
		fmt.Fprintf(o.Progress, "  %-34s %5.1f s\n", name, time.Since(began).Seconds())
		return nil
	}
}
