package cloud

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

//go:embed engine.py
var enginePy string

// engine is the running emulator with the processes of the functions, all in one process group.
type engine struct {
	url   string // http://127.0.0.1:4566
	port  int
	cmd   *exec.Cmd
	stdin io.Closer
	log   string
	done  chan struct{} // closed when the process has ended
	err   error         // of Wait, valid once done is closed
	stops atomic.Bool   // set when it is us who end it
}

// startTime is how long the emulator may take to answer: 2 s usually, more with a large state on a busy machine.
const startTime = 60 * time.Second

func startEngine(ctx context.Context, o Options, python string) (*engine, error) {
	port, err := freePort(o.AWSPort, "AWS_PORT")
	if err != nil {
		return nil, err
	}
	if err := moveTo(port, o.State); err != nil {
		return nil, err
	}
	e := &engine{url: fmt.Sprintf("http://127.0.0.1:%d", port), port: port, log: filepath.Join(o.State, "emulator.log"), done: make(chan struct{})}
	log, err := os.Create(e.log)
	if err != nil {
		return nil, fmt.Errorf("write the emulator's log: %w", err)
	}
	defer log.Close()
	e.cmd = exec.Command(python, "-c", enginePy)
	e.cmd.Env = engineEnv(o, e)
	e.cmd.Dir = o.State
	e.cmd.Stdout, e.cmd.Stderr = log, log
	e.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us; we end it when its state is saved
	if e.stdin, err = e.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := e.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the emulator: %w", err)
	}
	go func() {
		e.err = e.cmd.Wait()
		close(e.done)
	}()
	if err := o.step("emulator started", func() error { return e.ready(ctx) })(); err != nil {
		e.stop()
		return nil, err
	}
	return e, nil
}

// engineEnv is the whole environment of the emulator. The functions inherit it, so nothing of the user's
// own environment goes in (real AWS credentials, proxies).
func engineEnv(o Options, e *engine) []string {
	state := filepath.Join(o.State, "state")
	tmp := filepath.Join(o.State, "tmp")
	for _, dir := range []string{state, tmp} {
		os.MkdirAll(dir, 0o755) // a failure shows as the emulator's own
	}
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + o.State, "TMPDIR=" + tmp, "LANG=C.UTF-8", "TZ=UTC",
		fmt.Sprintf("GATEWAY_PORT=%d", e.port), "BIND_HOST=127.0.0.1", "MINISTACK_REGION=" + Region, "AWS_ENDPOINT_URL=" + e.url,
		"AUTH=true", // IAM enforced, always (S14)
		"PERSIST_STATE=1", "STATE_DIR=" + state, "S3_DATA_DIR=" + filepath.Join(o.State, "s3"),
		"LAMBDA_WARM_TTL_SECONDS=900", "LOG_LEVEL=WARNING",
		"IOT_MTLS_ENABLED=0", "SFTP_ENABLED=0", "DOCKER_HOST=unix:///nonexistent", // parts we do not use
	}
}

// ready waits until the emulator answers.
func (e *engine) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url+"/_ministack/ready", nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-e.done:
			return e.exited()
		case <-ctx.Done():
			return fmt.Errorf("the emulator did not answer in time; see %s, then try again", e.log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// exited says that the emulator ended by itself, or is nil while it runs or was stopped by us.
func (e *engine) exited() error {
	select {
	case <-e.done:
		if e.stops.Load() {
			return nil
		}
		return fmt.Errorf("the emulator ended unexpectedly (%v); see %s, then start again", e.err, e.log)
	default:
		return nil
	}
}

// stop asks the emulator to save and end, and then ends its process group for sure: the functions are in it.
func (e *engine) stop() {
	e.stops.Store(true)
	e.stdin.Close()
	e.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-e.done:
	case <-time.After(20 * time.Second):
	}
	syscall.Kill(-e.cmd.Process.Pid, syscall.SIGKILL)
	<-e.done
}
