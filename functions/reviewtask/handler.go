// Package reviewtask is the workflow step that opens a review task for the service
// team, announces an order, and escalates or expires one that nobody reviewed.
//
// The workflow only drives: each step reads the order and changes it on condition,
// so a step that is repeated, or belongs to an older run, has no effect (M9).
package reviewtask

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// Input is what infra/merge.asl.yaml passes: ids, and a token that is never logged.
type Input struct {
	Step  string `json:"step"` // read, announce, open, overdue
	Order string `json:"order"`
	Run   int    `json:"run"`
	Token string `json:"token"`
	// Entered is when this run entered the review, Retry counts the tries since.
	Entered string `json:"entered"`
	Retry   int    `json:"retry"`
}

// output tells the workflow where to go.
type output struct {
	Next  string    `json:"next"`  // announce, review, wait, execute or done
	Until time.Time `json:"until"` // end of the wait; the zero time with any other next
}

// Handler runs the steps.
type Handler struct {
	Orders order.Store
	Tasks  Tasks
	Now    func() time.Time
	Log    *slog.Logger
}

// Handle runs one step.
func (h Handler) Handle(ctx context.Context, in Input) (out output, err error) {
	defer func() {
		h.Log.InfoContext(ctx, "step", "step", in.Step, "order", in.Order, "run", in.Run, "next", out.Next, "failed", err != nil)
	}()
	var o order.Order
	switch in.Step {
	case "read":
		o, err = h.read(ctx, in)
	case "announce":
		o, err = h.announce(ctx, in)
	case "open":
		o, err = h.open(ctx, in)
	case "overdue":
		o, err = h.overdue(ctx, in)
	default:
		return output{}, fmt.Errorf("reviewtask: unknown step %q", in.Step)
	}
	if err != nil {
		return output{}, fmt.Errorf("reviewtask: %s of order %s: %w", in.Step, in.Order, err)
	}
	if out = next(o, in.Run, h.Now()); out.Next == "execute" {
		return h.unlessHeld(ctx, o)
	}
	return out, nil
}

// unlessHeld lets an order wait while somebody objects to an earlier merge of one of its numbers (M4).
func (h Handler) unlessHeld(ctx context.Context, o order.Order) (output, error) {
	objections, err := h.Orders.Objections(ctx, o.Numbers()...)
	if err != nil || len(objections) == 0 {
		return output{Next: "execute"}, err
	}
	return output{Next: "wait", Until: h.Now().Add(recheck(h.Now().Sub(o.SubmittedAt))).UTC()}, nil
}

// read gives up an approved order whose other side could not be told: it waits without
// a review task, so that nothing else looks at its deadline.
func (h Handler) read(ctx context.Context, in Input) (order.Order, error) {
	o, err := h.Orders.Get(ctx, in.Order)
	if err != nil || o.State != merge.Approved || !o.Lapsed(h.Now()) {
		return o, err
	}
	return h.Orders.Expire(ctx, in.Order, in.Run)
}

// announce tells both sides; data that changed between submission and announcement
// then send the order back to its customer (M5).
func (h Handler) announce(ctx context.Context, in Input) (order.Order, error) {
	o, err := h.Orders.Announce(ctx, in.Order, in.Run)
	if err != nil || o.Run != in.Run {
		return o, err
	}
	return h.Orders.Recheck(ctx, in.Order)
}

// open stores the token; an order that is not waiting for a decision any more
// answers its own token at once, so that the execution does not wait in vain.
func (h Handler) open(ctx context.Context, in Input) (order.Order, error) {
	if in.Token == "" {
		return order.Order{}, errors.New("no task token")
	}
	o, waiting, err := h.Orders.OpenTask(ctx, in.Order, order.Task{Token: in.Token, Run: in.Run, Entered: in.Entered, Retry: in.Retry})
	if err != nil || waiting {
		return o, err
	}
	return o, h.Tasks.Answer(ctx, in.Token)
}

func (h Handler) overdue(ctx context.Context, in Input) (order.Order, error) {
	if _, err := h.Orders.Escalate(ctx, in.Order, in.Run); err != nil {
		return order.Order{}, err
	}
	return h.Orders.Expire(ctx, in.Order, in.Run)
}

// next says what the state of the order asks the workflow to do.
func next(o order.Order, run int, now time.Time) output {
	if o.Run != run {
		return output{Next: "done"} // a newer run is in charge
	}
	switch o.State {
	case merge.Submitted:
		return output{Next: "announce"}
	case merge.InReview, merge.Stale:
		return output{Next: "review"}
	case merge.Approved:
		return afterApproval(o, now)
	}
	return output{Next: "done"}
}

func afterApproval(o order.Order, now time.Time) output {
	end, known := o.VetoUntil()
	if !known {
		return output{Next: "wait", Until: now.Add(recheck(now.Sub(o.SubmittedAt))).UTC()}
	}
	if now.Before(end) {
		return output{Next: "wait", Until: end.UTC()}
	}
	return output{Next: "execute"}
}

// recheck is how long to wait for an announcement that has not been sent yet: as
// long as the order is old, so that a young order loses no time and an old one
// does not fill the history (25,000 events, AWS quota).
func recheck(age time.Duration) time.Duration {
	return min(max(age/2, 2*time.Second), 15*time.Minute)
}
