// Package mergeexecute is the workflow step that executes an approved merge in one
// transaction, or marks an order as failed.
package mergeexecute

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// Input is what infra/merge.asl.yaml passes.
type Input struct {
	Step  string `json:"step"` // execute or fail
	Order string `json:"order"`
	Run   int    `json:"run"`
	Why   string `json:"why"` // error name from the workflow, no personal data
}

// output is the state the order is in afterwards.
type output struct {
	State merge.State `json:"state"`
}

// Handler runs the steps.
type Handler struct {
	Orders order.Store
	Log    *slog.Logger
}

// Handle runs one step. An order that may not be executed yet is left alone; the workflow waits and reads it again.
func (h Handler) Handle(ctx context.Context, in Input) (output, error) {
	o, err := h.step(ctx, in)
	if errors.Is(err, order.ErrTooEarly) {
		err = nil
	}
	h.log(ctx, in, o, err)
	if err != nil {
		return output{}, fmt.Errorf("mergeexecute: %s of order %s: %w", in.Step, in.Order, err)
	}
	return output{State: o.State}, nil
}

func (h Handler) step(ctx context.Context, in Input) (order.Order, error) {
	switch in.Step {
	case "execute":
		return h.Orders.Execute(ctx, in.Order, in.Run)
	case "fail":
		return h.Orders.Fail(ctx, in.Order, in.Run, in.Why)
	}
	return order.Order{}, fmt.Errorf("unknown step %q", in.Step)
}

// log writes the line that the alarm on failed orders counts.
func (h Handler) log(ctx context.Context, in Input, o order.Order, err error) {
	attrs := []any{"step", in.Step, "order", in.Order, "run", in.Run, "state", o.State}
	switch {
	case err != nil:
		h.Log.ErrorContext(ctx, "step failed", append(attrs, "error", err)...)
	case o.State == merge.Failed:
		h.Log.ErrorContext(ctx, "order failed", append(attrs, "event", "order.failed", "why", in.Why)...)
	default:
		h.Log.InfoContext(ctx, "step", attrs...)
	}
}
