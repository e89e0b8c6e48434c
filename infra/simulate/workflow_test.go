package simulate

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"kundenkonto/functions/mergeexecute"
	"kundenkonto/functions/reviewtask"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/order"
)

// workflow is Step Functions with the machine of infra/merge.asl.yaml, whose steps are the real ones: each is an invocation
// with trouble of its own, is tried again as the machine says, and leads to Failed at last.
type workflow struct {
	wire    *wire
	invoke  func(what string, do func(context.Context) error) error // one invocation of a function
	between func(id string) (before int, happen func())             // what comes before a write of an execution
	review  reviewtask.Handler
	execute mergeexecute.Handler

	mu         sync.Mutex
	executions map[string]*execution
	moves      int
	inputs     []string
}

// execution is one run: where it waits, for whom or until when.
type execution struct {
	Order string
	Run   int
	token string // of the review it waits for
	until time.Time
	since time.Time
	ended sfntypes.ExecutionStatus
}

// reviewTime and retries are those of the machine.
const (
	reviewTime = time.Hour
	retries    = 6
)

func newWorkflow(w *wire, orders order.Store, log *slog.Logger) *workflow {
	f := &workflow{wire: w, executions: map[string]*execution{}}
	f.review = reviewtask.Handler{Orders: orders, Tasks: reviewtask.Tasks{Succeed: f.SendTaskSuccess}, Now: time.Now, Log: log}
	f.execute = mergeexecute.Handler{Orders: orders, Log: log}
	return f
}

func (f *workflow) StartExecution(_ context.Context, in *sfn.StartExecutionInput, _ ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	fault := f.wire.meet("StartExecution", false)
	if fault == tablefake.Throttle || fault == tablefake.Vanish || fault == lost {
		return nil, errCut
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.executions[*in.Name] != nil {
		return nil, &sfntypes.ExecutionAlreadyExists{}
	}
	e := &execution{}
	if err := json.Unmarshal([]byte(*in.Input), e); err != nil {
		return nil, err
	}
	f.executions[*in.Name], f.inputs = e, append(f.inputs, *in.Input)
	f.moves++
	if fault == tablefake.LoseReply || fault == unheard {
		return nil, errCut
	}
	return &sfn.StartExecutionOutput{}, nil
}

func (f *workflow) DescribeExecution(_ context.Context, in *sfn.DescribeExecutionInput, _ ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error) {
	if f.wire.meet("DescribeExecution", false) != tablefake.Fine {
		return nil, errCut
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.executions[(*in.ExecutionArn)[strings.LastIndex(*in.ExecutionArn, ":")+1:]]
	switch {
	case e == nil:
		return nil, &sfntypes.ExecutionDoesNotExist{}
	case e.ended != "":
		return &sfn.DescribeExecutionOutput{Status: e.ended}, nil
	}
	return &sfn.DescribeExecutionOutput{Status: sfntypes.ExecutionStatusRunning}, nil
}

func (f *workflow) SendTaskSuccess(_ context.Context, in *sfn.SendTaskSuccessInput, _ ...func(*sfn.Options)) (*sfn.SendTaskSuccessOutput, error) {
	fault := f.wire.meet("SendTaskSuccess", false)
	if fault == tablefake.Throttle || fault == tablefake.Vanish || fault == lost {
		return nil, errCut
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.executions {
		if e.token == *in.TaskToken && e.ended == "" {
			e.token = ""
			f.moves++
			return &sfn.SendTaskSuccessOutput{}, nil
		}
	}
	return nil, &sfntypes.TaskTimedOut{}
}

// names are the executions in order.
func (f *workflow) names() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.executions))
}

// abort ends an execution from outside.
func (f *workflow) abort(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e := f.executions[name]; e.ended == "" {
		e.ended = sfntypes.ExecutionStatusAborted
	}
}

// drive moves every execution on until it waits.
func (f *workflow) drive() {
	for _, name := range f.names() {
		e := f.executions[name]
		for e.ended == "" && e.token == "" && !time.Now().Before(e.until) {
			f.moves++
			f.step(e)
		}
		if e.ended == "" && e.token != "" && time.Since(e.since) >= reviewTime {
			e.token = ""
			f.moves++
			f.task(e, "overdue", func(ctx context.Context) error {
				_, err := f.review.Handle(ctx, reviewtask.Input{Step: "overdue", Order: e.Order, Run: e.Run})
				return err
			})
		}
	}
}

// task is one state of the machine with its retries; it says whether it succeeded, and marks the order when it did not.
func (f *workflow) task(e *execution, step string, do func(context.Context) error) bool {
	if f.tried(e, step, do) == nil {
		return true
	}
	_ = f.tried(e, "fail", func(ctx context.Context) error { // should that fail, too, the schedule starts the next run
		_, err := f.execute.Handle(ctx, mergeexecute.Input{Step: "fail", Order: e.Order, Run: e.Run, Why: "Lambda.Unknown"})
		return err
	})
	e.ended = sfntypes.ExecutionStatusFailed
	return false
}

func (f *workflow) tried(e *execution, step string, do func(context.Context) error) (err error) {
	wait := 2 * time.Second
	for try := range 1 + retries {
		if try > 0 {
			time.Sleep(wait)
			wait = min(2*wait, time.Minute)
		}
		if err = f.invoke(fmt.Sprintf("workflow: %s of %s, run %d", step, e.Order, e.Run), do); err == nil {
			return nil
		}
	}
	return err
}

func (f *workflow) step(e *execution) {
	in := reviewtask.Input{Step: "read", Order: e.Order, Run: e.Run}
	var next string
	var until time.Time
	if !f.task(e, "read", func(ctx context.Context) error {
		out, err := f.review.Handle(ctx, in)
		next, until = out.Next, out.Until
		return err
	}) {
		return
	}
	switch next {
	case "announce":
		in.Step = next
		f.task(e, next, func(ctx context.Context) error { _, err := f.review.Handle(ctx, in); return err })
	case "review":
		f.openReview(e)
	case "wait":
		e.until = until
	case "execute":
		f.task(e, next, func(ctx context.Context) error { return f.carryOut(ctx, e.Order, e.Run) })
	default:
		e.ended = sfntypes.ExecutionStatusSucceeded
	}
}

// openReview waits with a token, a new one each try.
func (f *workflow) openReview(e *execution) {
	e.since = time.Now()
	retry := -1
	if !f.task(e, "open", func(ctx context.Context) error {
		retry++
		e.token = fmt.Sprintf("%s-%d-%d-%d", e.Order, e.Run, f.moves, retry)
		_, err := f.review.Handle(ctx, reviewtask.Input{Step: "open", Order: e.Order, Run: e.Run, Token: e.token,
			Entered: e.since.UTC().Format(time.RFC3339Nano), Retry: retry})
		return err
	}) {
		e.token = ""
	}
}

// carryOut is the step that executes. What comes between its look and its write matters most.
func (f *workflow) carryOut(ctx context.Context, id string, run int) error {
	f.wire.comesBetween(f.between(id))
	_, err := f.execute.Handle(ctx, mergeexecute.Input{Step: "execute", Order: id, Run: run})
	return err
}
