package order_test

import (
	"errors"
	"testing"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

const day = 24 * time.Hour

// inReview is an announced order of the first two numbers.
func (h *history) inReview(t *testing.T) order.Order {
	t.Helper()
	o, err := h.calm.Submit(t.Context(), h.drafted(t, merge.Choices{}, h.numbers[0], h.numbers[1]))
	if err == nil {
		o, err = h.calm.Announce(t.Context(), o.ID, o.Run)
	}
	if err == nil {
		err = markAnnounced(h.calm, o.ID, h.now())
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// bounced is an order whose announcement came back after the approval: it waits for somebody to be reached.
func (h *history) bounced(t *testing.T) order.Order {
	t.Helper()
	o := h.inReview(t)
	h.wait(13 * day)
	if _, err := h.calm.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); err != nil {
		t.Fatal(err)
	}
	o, err := h.calm.AnnouncementFailed(t.Context(), o.ID, order.Unreached{Numbers: o.SourceNumbers(), Why: order.Bounced, Item: "x"})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (h *history) stale(t *testing.T) order.Order {
	t.Helper()
	o := h.inReview(t)
	h.edit(t, h.numbers[0], "0171 2345678")
	o, err := h.calm.Recheck(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestNoOrderWaitsForEver(t *testing.T) {
	for name, waiting := range map[string]func(*history) order.Order{
		"for the service team":      func(h *history) order.Order { return h.inReview(t) },
		"for its customer":          func(h *history) order.Order { return h.stale(t) },
		"for a side to be told":     func(h *history) order.Order { return h.bounced(t) },
		"for its customer, longer ": func(h *history) order.Order { h.wait(100 * day); return h.stale(t) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(2, 1, 0)
			o := waiting(h)
			h.wait(14*day - time.Minute)
			early, err := h.calm.Expire(t.Context(), o.ID, o.Run)
			if err != nil || early.State != o.State {
				t.Errorf("before its time it is %s, %v", early.State, err)
			}
			h.wait(time.Minute)
			for range 2 { // M9
				late, err := h.calm.Expire(t.Context(), o.ID, o.Run)
				if err != nil || late.State != merge.Expired || late.CameFrom() != o.State {
					t.Fatalf("after its time it is %s, %v", late.State, err)
				}
			}
			if n := h.written(fakeNames.Outbox, outbox.OrderExpired); n != 1 {
				t.Errorf("%d expiries were told of", n)
			}
			h.unbroken(t) // the numbers are free again (M8)
		})
	}
}

func TestAnApprovedOrderThatRunsDoesNotExpire(t *testing.T) {
	h := newHistory(2, 1, 0)
	o := h.inReview(t)
	if _, err := h.calm.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); err != nil {
		t.Fatal(err)
	}
	h.wait(100 * day)
	if o, err := h.calm.Expire(t.Context(), o.ID, o.Run); err != nil || o.State != merge.Approved {
		t.Errorf("it is %s, %v", o.State, err)
	}
}

func TestTheServiceTeamCanStopAnOrderUntilItIsExecuted(t *testing.T) { // M4
	for name, waiting := range map[string]func(*history) order.Order{
		"stale": func(h *history) order.Order { return h.stale(t) },
		"approved, while the victim is on the phone": func(h *history) order.Order { return h.bounced(t) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(2, 1, 0)
			o := waiting(h)
			reason := order.Decision{Reviewer: "staff:jana", Digest: o.Digest, Reason: "Die andere Seite ist nicht einverstanden."}
			if _, err := h.calm.Reject(t.Context(), o.ID, reason); !errors.Is(err, order.ErrState) {
				t.Errorf("rejected by somebody who saw it in review: %v", err)
			}
			reason.Seen = o.State
			stopped, err := h.calm.Reject(t.Context(), o.ID, reason)
			if err != nil || stopped.State != merge.Rejected || stopped.Reason != reason.Reason {
				t.Fatalf("it is %s, %v", stopped.State, err)
			}
			if done, err := h.calm.Execute(t.Context(), o.ID, o.Run); err != nil || done.State != merge.Rejected {
				t.Errorf("executed afterwards it is %s, %v", done.State, err)
			}
			h.unbroken(t)
		})
	}
	h := newHistory(2, 1, 0)
	o := h.merged(t, merge.Choices{}, h.numbers[0], h.numbers[1])
	if _, err := h.calm.Reject(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest, Reason: "x"}); !errors.Is(err, order.ErrState) {
		t.Errorf("an executed order was rejected: %v", err)
	}
}
