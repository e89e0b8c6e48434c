package order_test

import (
	"errors"
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestAProofIsNoneAfterItsPasswordChanged(t *testing.T) { // M3
	h := newHistory(2, 1, 0)
	a, b := h.numbers[0], h.numbers[1]
	sub := h.drafted(t, merge.Choices{merge.Address: merge.Other}, a, b)
	if err := h.newPassword(h.calm, b); err != nil {
		t.Fatal(err)
	}
	var blocked *order.Blocked
	if _, err := h.calm.Submit(t.Context(), sub); !errors.As(err, &blocked) || blocked.Number != b || blocked.Reason != merge.ProofGone {
		t.Fatalf("submitted on a proof by an old password: %v", err)
	}
	d, err := h.calm.Draft(t.Context(), a)
	if err != nil || d.Source(b).Proven() || d.Source(b).Choices.Of(merge.Address) != merge.Other {
		t.Errorf("the draft has %+v, %v; want the choice kept and no proof", d.Source(b), err)
	}
	if _, err := h.calm.Submit(t.Context(), h.drafted(t, merge.Choices{}, a, b)); err != nil {
		t.Errorf("proven by the password of today: %v", err)
	}
}

func TestAVetoEndsTheProofsOfAllDrafts(t *testing.T) { // M3, M4
	h := newHistory(3, 1, 0)
	a, b, other := h.numbers[0], h.numbers[1], h.numbers[2]
	ready := h.drafted(t, merge.Choices{}, other, b)
	o, err := h.calm.Submit(t.Context(), h.drafted(t, merge.Choices{}, a, b))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.calm.Veto(t.Context(), o.ID, []string{b}); err != nil {
		t.Fatal(err)
	}
	var blocked *order.Blocked
	if _, err := h.calm.Submit(t.Context(), ready); !errors.As(err, &blocked) {
		t.Errorf("a second account went on after the veto: %v", err)
	}
}

func TestAnOrderWhoseProofWentIsNotAnnounced(t *testing.T) { // M3
	h := newHistory(2, 1, 0)
	a, b := h.numbers[0], h.numbers[1]
	o, err := h.calm.Submit(t.Context(), h.drafted(t, merge.Choices{}, a, b))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.newPassword(h.calm, b); err != nil {
		t.Fatal(err)
	}
	for range 2 { // M9
		if o, err = h.calm.Announce(t.Context(), o.ID, o.Run); err != nil || o.State != merge.Withdrawn || !o.MayAgain() {
			t.Fatalf("state %s, %v", o.State, err)
		}
	}
	if told := o.Told(); told[len(told)-2].Event != order.ProofGone {
		t.Errorf("the customer is told %+v, not why", told)
	}
	if open, err := h.calm.OpenOrder(t.Context(), b); err != nil || open != "" {
		t.Errorf("the number is still held by %q, %v", open, err)
	}
	h.unbroken(t)
}
