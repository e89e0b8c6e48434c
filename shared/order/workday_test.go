package order_test

import (
	"testing"
	"time"

	"kundenkonto/shared/berlin"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/workday"
)

// What comes on a Friday is not overdue on a Sunday, when nobody is there.
func TestAReviewIsPromisedInWorkingDays(t *testing.T) {
	h := newHistory(2, 1, 0)
	h.clock.now = time.Date(2026, 11, 27, 16, 40, 0, 0, berlin.Zone) // a Friday
	h.calm.Workdays = workday.Calendar{Holiday: func(day time.Time) bool { return day.Day() == 1 }}
	o, err := h.calm.Submit(t.Context(), h.drafted(t, merge.Choices{}, h.numbers[0], h.numbers[1]))
	if err != nil {
		t.Fatal(err)
	}
	due := time.Date(2026, 12, 2, 16, 40, 0, 0, berlin.Zone)
	if !o.EscalateAt.Equal(due) {
		t.Fatalf("due %s", o.EscalateAt.In(berlin.Zone))
	}
	if _, err := h.calm.Announce(t.Context(), o.ID, o.Run); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at        time.Time
		escalated bool
	}{{due.Add(-time.Minute), false}, {due.Add(time.Minute), true}} {
		h.clock.now = c.at
		if _, err := h.calm.Escalate(t.Context(), o.ID, o.Run); err != nil {
			t.Fatal(err)
		}
		if o, err = h.calm.Get(t.Context(), o.ID); err != nil || o.Escalated != c.escalated {
			t.Errorf("at %s: escalated %t, %v", c.at, o.Escalated, err)
		}
	}

	h.edit(t, h.numbers[1], "030 98765")
	h.clock.now = time.Date(2026, 12, 4, 9, 0, 0, 0, berlin.Zone) // a Friday
	if o, err = h.calm.Recheck(t.Context(), o.ID); err != nil || o.State != merge.Stale {
		t.Fatalf("%s, %v", o.State, err)
	}
	renewed, err := h.calm.Renewed(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	o, err = h.calm.Confirm(t.Context(), o.ID, order.Confirmation{Customer: h.numbers[0], Epoch: h.profile(t, h.numbers[0]).Epoch, Digest: renewed.Digest, PasswordGiven: true})
	if want := time.Date(2026, 12, 8, 9, 0, 0, 0, berlin.Zone); err != nil || o.State != merge.InReview || !o.EscalateAt.Equal(want) || o.Escalated {
		t.Errorf("%s, due %s, %v", o.State, o.EscalateAt.In(berlin.Zone), err)
	}
}
