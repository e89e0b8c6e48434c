// Package cold starts a function as Lambda does, by a small server of Lambda's Runtime API, and measures its first answer.
package cold

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"syscall"
	"time"
)

// Start is what a start took.
type Start struct {
	Wall   time.Duration // from exec to the first answer
	CPU    time.Duration // of the process until it was ended, right after
	Answer string
}

const patience = 20 * time.Second

// First starts a binary with an environment, gives it an event, and ends it after its first answer. An error that the
// function answers is an answer, too.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func First(ctx context.Context, binary string, environment []string, event []byte) (Start, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return Start{}, err
	}
	answered := make(chan answer, 1)
	server := &http.Server{Handler: api(ctx, event, answered), ReadHeaderTimeout: patience}
	go func() { _ = server.Serve(listener) }() // ends with Close
	defer server.Close()

	var output bytes.Buffer
	function := exec.CommandContext(ctx, binary)
	function.Stdout, function.Stderr = &output, &output
	function.Env = append(environment, "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String())
	begun := time.Now()
	if err := function.Start(); err != nil {
		return Start{}, err
	}
	gone := make(chan error, 1)
	go func() { gone <- function.Wait() }()
	var first answer
	select {
	case first = <-answered:
		_ = function.Process.Kill() // it may have gone by itself
		<-gone
	case err := <-gone:
		return Start{}, fmt.Errorf("%s ended without an answer: %w\n%s", binary, errors.Join(err, ctx.Err()), output.String())
	}
	used, ok := function.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return Start{}, errors.New("this system does not tell what a process used")
	}
	return Start{Wall: first.at.Sub(begun), CPU: time.Duration(used.Utime.Nano() + used.Stime.Nano()), Answer: first.text}, nil
}

type answer struct {
	at   time.Time
	text string
}

// api gives one event, and no second one.
func api(ctx context.Context, event []byte, answered chan<- answer) http.Handler {
	const path = "/2018-06-01/runtime/"
	given := make(chan struct{}, 1)
	given <- struct{}{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+path+"invocation/next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-given:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "first")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(patience).UnixMilli()))
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:f")
			_, _ = w.Write(event)
		case <-ctx.Done():
		case <-r.Context().Done():
		}
	})
	take := func(w http.ResponseWriter, r *http.Request) {
		at := time.Now()
		text, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		select {
		case answered <- answer{at, string(text)}:
		default:
		}
	}
	mux.HandleFunc("POST "+path+"invocation/first/response", take)
	mux.HandleFunc("POST "+path+"invocation/first/error", take)
	mux.HandleFunc("POST "+path+"init/error", take)
	return mux
}
