package order_test

import (
	"errors"
	"testing"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// A request that was under way when a new password ended its session changes nothing (S8, S12).
func TestAnEndedSessionNeitherSubmitsNorConfirmsNorWithdraws(t *testing.T) {
	h := newHistory(2, 1, 0)
	a, b := h.numbers[0], h.numbers[1]
	thiefs := h.drafted(t, nil, a, b)
	h.resets(t, a)
	if _, err := h.calm.Submit(t.Context(), thiefs); !errors.Is(err, order.ErrSignedOut) {
		t.Fatalf("submitted: %v", err)
	}
	owners := thiefs
	owners.Epoch++
	o, err := h.calm.Submit(t.Context(), owners)
	if err != nil {
		t.Fatal(err)
	}
	if err := announce(h.calm, o.ID, o.Run); err != nil {
		t.Fatal(err)
	}
	h.resets(t, a)
	if _, err := h.calm.Withdraw(t.Context(), o.ID, a, owners.Epoch); !errors.Is(err, order.ErrSignedOut) {
		t.Errorf("withdrawn: %v", err)
	}
	h.edit(t, b, "0171 2345678")
	if o, err = h.calm.Recheck(t.Context(), o.ID); err != nil || o.State != merge.Stale {
		t.Fatalf("state %s, %v", o.State, err)
	}
	renewed, err := h.calm.Renewed(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	agreed := order.Confirmation{Customer: a, Epoch: owners.Epoch, Digest: renewed.Digest, PasswordGiven: true}
	if _, err := h.calm.Confirm(t.Context(), o.ID, agreed); !errors.Is(err, order.ErrSignedOut) {
		t.Errorf("confirmed: %v", err)
	}
	agreed.Epoch++
	if o, err = h.calm.Confirm(t.Context(), o.ID, agreed); err != nil || o.State != merge.InReview {
		t.Errorf("state %s, %v", o.State, err)
	}
	if o, err = h.calm.Withdraw(t.Context(), o.ID, a, agreed.Epoch); err != nil || o.State != merge.Withdrawn {
		t.Errorf("state %s, %v", o.State, err)
	}
}

// resets gives a number a new password, which ends its sessions.
func (h *history) resets(t *testing.T, number string) {
	t.Helper()
	p, err := customer.Store{Store: h.calm.Store}.Profile(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	h.put(customer.PasswordSet(fakeNames, p, h.now()))
}
