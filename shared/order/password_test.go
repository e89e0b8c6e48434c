package order_test

import (
	"errors"
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestNoOrderTakesOverAnAddressWithoutThePassword(t *testing.T) { // S7
	h := newHistory(2, 1, 0)
	a, b := h.numbers[0], h.numbers[1]
	// Whatever a page saw before: the draft that is submitted takes over the e-mail address.
	sub := h.drafted(t, merge.Choices{merge.EmailGroup: merge.Other}, a, b)
	sub.PasswordGiven = false
	if _, err := h.calm.Submit(t.Context(), sub); !errors.Is(err, order.ErrPassword) {
		t.Errorf("submitted without the password: %v", err)
	}
	sub.PasswordGiven = true
	o, err := h.calm.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	if err := announce(h.calm, o.ID, o.Run); err != nil {
		t.Fatal(err)
	}
	h.edit(t, b, "0171 2345678")
	if o, err = h.calm.Recheck(t.Context(), o.ID); err != nil || o.State != merge.Stale {
		t.Fatalf("state %s, %v", o.State, err)
	}
	renewed, err := h.calm.Renewed(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.calm.Confirm(t.Context(), o.ID, order.Confirmation{Customer: a, Digest: renewed.Digest}); !errors.Is(err, order.ErrPassword) {
		t.Errorf("confirmed without the password: %v", err)
	}
}

func TestAnOrderThatKeepsTheOwnDataNeedsNoPassword(t *testing.T) {
	h := newHistory(2, 1, 0)
	sub := h.drafted(t, merge.Choices{merge.Address: merge.Other}, h.numbers[0], h.numbers[1])
	sub.PasswordGiven = false
	if _, err := h.calm.Submit(t.Context(), sub); err != nil {
		t.Error(err)
	}
}
