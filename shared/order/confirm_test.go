package order_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// Whoever has a running order could change the own data and confirm, again and again: each time two mails to the other side.
func TestAnOrderIsConfirmedFiveTimesADayAtMost(t *testing.T) {
	h := newHistory(2, 1, 0)
	a, b := h.numbers[0], h.numbers[1]
	o, err := h.calm.Submit(t.Context(), h.drafted(t, nil, a, b))
	if err != nil {
		t.Fatal(err)
	}
	if err := announce(h.calm, o.ID, o.Run); err != nil {
		t.Fatal(err)
	}
	again := func(i int) error {
		h.edit(t, a, fmt.Sprintf("0171 23456%02d", i))
		if o, err = h.calm.Recheck(t.Context(), o.ID); err != nil || o.State != merge.Stale {
			t.Fatalf("state %s, %v", o.State, err)
		}
		renewed, err := h.calm.Renewed(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.calm.Confirm(t.Context(), o.ID, order.Confirmation{Customer: a, Digest: renewed.Digest, PasswordGiven: true})
		return err
	}
	for i := range order.ConfirmationsADay {
		if err := again(i); err != nil {
			t.Fatalf("confirmation %d: %v", i+1, err)
		}
	}
	var many *order.TooMany
	if err := again(50); !errors.As(err, &many) || many.After <= 0 || many.After > 24*time.Hour {
		t.Fatalf("one more: %v", err)
	}
	later := h.calm
	later.Now = func() time.Time { return h.now().Add(many.After) }
	renewed, err := later.Renewed(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if o, err = later.Confirm(t.Context(), o.ID, order.Confirmation{Customer: a, Digest: renewed.Digest, PasswordGiven: true}); err != nil || o.State != merge.InReview {
		t.Errorf("when it said: %s, %v", o.State, err)
	}
}
