package acts

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"kundenkonto/functions/mergeexecute"
	"kundenkonto/functions/reviewtask"
	"kundenkonto/shared/order"
)

// workflow is Step Functions with the machine of infra/merge.asl.yaml, which the real steps drive.
type workflow struct {
	mu         sync.Mutex
	review     reviewtask.Handler
	execute    mergeexecute.Handler
	executions map[string]*execution
	moves      int
}

// execution is one run: where it waits, for whom or until when.
type execution struct {
	Order string
	Run   int
	token string // of the review it waits for
	until time.Time
	since time.Time
	done  bool
}

func newWorkflow(review, execute order.Store, log *slog.Logger) *workflow {
	f := &workflow{executions: map[string]*execution{}}
	f.review = reviewtask.Handler{Orders: review, Tasks: reviewtask.Tasks{Succeed: f.SendTaskSuccess}, Now: time.Now, Log: log}
	f.execute = mergeexecute.Handler{Orders: execute, Log: log}
	return f
}

func (f *workflow) StartExecution(_ context.Context, in *sfn.StartExecutionInput, _ ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.executions[*in.Name] != nil {
		return nil, &sfntypes.ExecutionAlreadyExists{}
	}
	e := &execution{}
	if err := json.Unmarshal([]byte(*in.Input), e); err != nil {
		return nil, err
	}
	f.executions[*in.Name] = e
	f.moves++
	return &sfn.StartExecutionOutput{}, nil
}

func (f *workflow) DescribeExecution(_ context.Context, in *sfn.DescribeExecutionInput, _ ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.executions[(*in.ExecutionArn)[strings.LastIndex(*in.ExecutionArn, ":")+1:]]
	switch {
	case e == nil:
		return nil, &sfntypes.ExecutionDoesNotExist{}
	case e.done:
		return &sfn.DescribeExecutionOutput{Status: sfntypes.ExecutionStatusSucceeded}, nil
	}
	return &sfn.DescribeExecutionOutput{Status: sfntypes.ExecutionStatusRunning}, nil
}

func (f *workflow) SendTaskSuccess(_ context.Context, in *sfn.SendTaskSuccessInput, _ ...func(*sfn.Options)) (*sfn.SendTaskSuccessOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.executions {
		if e.token == *in.TaskToken {
			e.token = ""
			f.moves++
		}
	}
	return &sfn.SendTaskSuccessOutput{}, nil
}

// drive moves every execution on until it waits.
func (f *workflow) drive(t testing.TB) {
	t.Helper()
	f.mu.Lock()
	names := slices.Sorted(maps.Keys(f.executions))
	f.mu.Unlock()
	for _, name := range names {
		e := f.executions[name]
		for !e.done && e.token == "" && !time.Now().Before(e.until) {
			f.moves++
			if err := f.step(e); err != nil {
				t.Fatalf("workflow of order %s: %v", e.Order, err)
			}
		}
		if e.token != "" && time.Since(e.since) >= time.Hour { // the task's time-out
			e.token = ""
			if _, err := f.review.Handle(context.Background(), reviewtask.Input{Step: "overdue", Order: e.Order, Run: e.Run}); err != nil {
				t.Fatalf("workflow of order %s: %v", e.Order, err)
			}
		}
	}
}

func (f *workflow) step(e *execution) error {
	ctx, in := context.Background(), reviewtask.Input{Step: "read", Order: e.Order, Run: e.Run}
	at, err := f.review.Handle(ctx, in)
	if err != nil {
		return err
	}
	switch at.Next {
	case "announce":
		in.Step = "announce"
		_, err = f.review.Handle(ctx, in)
	case "review":
		e.since = time.Now()
		e.token = fmt.Sprintf("%s-%d-%d", e.Order, e.Run, f.moves)
		in.Step, in.Token, in.Entered = "open", e.token, e.since.UTC().Format(time.RFC3339Nano)
		_, err = f.review.Handle(ctx, in)
	case "wait":
		e.until = at.Until
	case "execute":
		_, err = f.execute.Handle(ctx, mergeexecute.Input{Step: "execute", Order: e.Order, Run: e.Run})
	default:
		e.done = true
	}
	return err
}
