package order

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
)

// OpenTask stores the token of a waiting review task if it is newer than the stored one. waiting is false when the
// order has left the review, or the run is no longer the current one: the caller then answers the token at once.
func (s Store) OpenTask(ctx context.Context, id string, t Task) (o Order, waiting bool, err error) {
	o, err = s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.Run != t.Run || !o.Waiting() || !newer(t, o.Task) {
			return nil, errNothing
		}
		o.Task = t
		return nil, nil
	})
	return o, err == nil && o.Waiting() && o.Task == t, err
}

// Task tokens are ordered by (run, time the run entered the review, retry); newer reports whether t comes after the
// known one.
func newer(t, known Task) bool {
	if t.Run != known.Run {
		return t.Run > known.Run
	}
	if t.Entered != known.Entered {
		return t.Entered > known.Entered
	}
	return known.Token == "" || t.Retry >= known.Retry
}

// NextRun makes a new workflow execution the current one after the one numbered run died. The schedule and a failed
// wake-up may both try; only one succeeds.
func (s Store) NextRun(ctx context.Context, id string, run int) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.Run != run || o.State.Final() {
			return nil, errNothing
		}
		o.Run++
		o.Task = Task{}
		return nil, nil
	})
}

// Escalate marks an order whose review is overdue, once, and tells the service team. An order that waits for its
// customer is not overdue.
func (s Store) Escalate(ctx context.Context, id string, run int) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.Run != run || o.State != merge.InReview || o.Escalated || s.Now().Before(o.EscalateAt) {
			return nil, errNothing
		}
		o.Escalated = true
		o.History = append(o.History, Step{At: s.Now().UTC(), State: o.State, Actor: audit.BySystem, Event: Escalation})
		told := outbox.Put(s.Names, s.event(*o, outbox.OrderEscalated, itoa(len(o.History)), nil))
		return []types.TransactWriteItem{told}, nil
	})
}

// Deadline is when an order expires in its present state: nobody reviewed it, its customer did not confirm changed
// data, or one side of an approved order could not be told. ok is false while it waits for nobody.
func (o Order) Deadline() (at time.Time, ok bool) {
	switch {
	case o.State == merge.InReview:
		return o.ExpireAt, true
	case o.State == merge.Stale && !o.ConfirmBy.IsZero():
		return o.ConfirmBy, true
	case o.State == merge.Approved && o.Stopped():
		return latest(o.ExpireAt, o.Unreached[len(o.Unreached)-1].At.Add(expireAfter)), true
	}
	return time.Time{}, false
}

// Lapsed reports whether the order's deadline is over.
func (o Order) Lapsed(now time.Time) bool {
	at, ok := o.Deadline()
	return ok && !now.Before(at)
}

// CameFrom is the state before the present one.
func (o Order) CameFrom() merge.State {
	for i := len(o.History) - 1; i >= 0; i-- {
		if o.History[i].State != o.State {
			return o.History[i].State
		}
	}
	return merge.Submitted
}

// Expire gives an order up whose deadline is over.
func (s Store) Expire(ctx context.Context, id string, run int) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.Run != run || !o.Lapsed(s.Now()) {
			return nil, errNothing
		}
		if err := s.enter(o, merge.Expired, audit.BySystem); err != nil {
			return nil, err
		}
		return s.effects(ctx, *o, audit.MergeExpired, outbox.OrderExpired, audit.BySystem)
	})
}

// Fail stops an order that the workflow could not continue; the service team retries or rejects it. why is for the
// service team, and contains no personal data.
func (s Store) Fail(ctx context.Context, id string, run int, why string) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.Run != run || !o.State.May(merge.Failed) {
			return nil, errNothing
		}
		if err := s.enter(o, merge.Failed, audit.BySystem); err != nil {
			return nil, err
		}
		o.Failure = why
		return s.effects(ctx, *o, audit.MergeFailed, outbox.OrderFailed, audit.BySystem)
	})
}

// addresses are those at submission, those in force in the 30 days before it, and any
// that came later (M4).
func (s Store) addresses(ctx context.Context, o Order) ([]outbox.Recipient, error) {
	profiles, err := s.profiles(ctx, o.Numbers())
	if err != nil {
		return nil, err
	}
	sources := make([]customer.Profile, 0, len(o.Sources))
	for _, n := range o.SourceNumbers() {
		if p, ok := profiles[n]; ok && p.MergedInto == "" {
			sources = append(sources, p)
		}
	}
	return later(o.Recipients, recipients(profiles[o.Customer], sources, s.Now())), nil
}

func itoa(n int) string { return strconv.Itoa(n) }
