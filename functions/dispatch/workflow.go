package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/metrics"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// start puts the order's current run under way.
func (d Dispatcher) start(ctx context.Context, id string) error {
	o, err := d.Orders.Get(ctx, id)
	if err != nil {
		return err
	}
	if o.State.Final() {
		return nil
	}
	return d.startRun(ctx, o)
}

// startRun starts the execution named after order and run. If one of that name exists, that is the wanted one: an
// execution is never started twice, not even by two callers at once (M9). Its input contains ids only.
func (d Dispatcher) startRun(ctx context.Context, o order.Order) error {
	in, err := json.Marshal(struct {
		Order string `json:"order"`
		Run   int    `json:"run"`
	}{o.ID, o.Run})
	if err != nil {
		return fmt.Errorf("input of a workflow: %w", err)
	}
	_, err = d.SFN.StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: &d.StateMachine, Name: aws.String(executionName(o)), Input: aws.String(string(in)),
	})
	var exists *types.ExecutionAlreadyExists
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("start workflow: %w", err)
	}
	d.Log.InfoContext(ctx, "workflow", "event", "workflow.started", "order", o.ID, "run", o.Run, "existed", err != nil)
	return nil
}

func executionName(o order.Order) string { return fmt.Sprintf("%s-%d", o.ID, o.Run) }

// wake tells the waiting execution that the order has left the review. When nobody waits with the token, the
// execution is at another step, where it reads the order anyway, or dead. An accepted token does not prove that it is
// alive: it may have been stopped a moment ago.
func (d Dispatcher) wake(ctx context.Context, id string) error {
	o, err := d.Orders.Get(ctx, id)
	if err != nil {
		return err
	}
	if o.Task.Token == "" {
		return d.revive(ctx, o)
	}
	_, err = d.SFN.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: &o.Task.Token, Output: aws.String("{}")})
	if err != nil && !dead(err) {
		return fmt.Errorf("wake workflow: %w", err)
	}
	if o, err = d.Orders.Get(ctx, id); err != nil {
		return err
	}
	return d.revive(ctx, o)
}

// dead says that nobody waits with a task token any more.
func dead(err error) bool {
	var (
		timedOut *types.TaskTimedOut
		unknown  *types.TaskDoesNotExist
		invalid  *types.InvalidToken
	)
	return errors.As(err, &timedOut) || errors.As(err, &unknown) || errors.As(err, &invalid)
}

// revive starts the next run of an open order whose execution has ended: aborted, failed, or lost with a restart of the
// local cloud. A failed order waits for the service team instead.
func (d Dispatcher) revive(ctx context.Context, o order.Order) error {
	if !driven(o) {
		return nil
	}
	status, err := d.status(ctx, o)
	if err != nil || status == types.ExecutionStatusRunning || status == types.ExecutionStatusPendingRedrive {
		return err
	}
	if status != "" { // a run that never began keeps its number
		ended := o.Run
		if o, err = d.Orders.NextRun(ctx, o.ID, ended); err != nil {
			return err
		}
		if !driven(o) {
			return nil
		}
		d.Log.WarnContext(ctx, "workflow", append([]any{"event", "workflow.revived", "order", o.ID, "ended", ended, "status", status, "run", o.Run},
			d.Meter.Args(d.Now(), metrics.One(metrics.WorkflowsEnded))...)...)
	}
	return d.startRun(ctx, o)
}

// status is how the current run's execution stands, "" when there is none.
func (d Dispatcher) status(ctx context.Context, o order.Order) (types.ExecutionStatus, error) {
	arn := strings.Replace(d.StateMachine, ":stateMachine:", ":execution:", 1) + ":" + executionName(o)
	out, err := d.SFN.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &arn})
	var none *types.ExecutionDoesNotExist
	if errors.As(err, &none) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look at workflow: %w", err)
	}
	return out.Status, nil
}

// recheck checks the open order of a number whose master data changed: the order returns to its customer at once, not
// only when somebody tries to approve it (M5). An amount that becomes due for a merged number holds up the orders of
// its successor.
func (d Dispatcher) recheck(ctx context.Context, item outbox.Item) error {
	var to outbox.Recipient
	if len(item.Recipients) > 0 {
		to = item.Recipients[0]
	}
	number := numberOf(item, to)
	p, err := customer.Store{Store: d.Tables}.Profile(ctx, number)
	switch {
	case err == nil && p.MergedInto != "":
		number = p.MergedInto
	case err != nil && !errors.Is(err, customer.ErrNotFound):
		return err
	}
	id, err := d.Orders.OpenOrder(ctx, number)
	if err != nil || id == "" {
		return err
	}
	_, err = d.Orders.Recheck(ctx, id)
	return err
}
