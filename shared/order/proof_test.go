package order_test

import (
	"errors"
	"testing"
	"time"

	"kundenkonto/shared/customer"
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
	if _, err := h.calm.Submit(t.Context(), sub); !errors.As(err, &blocked) || blocked.Number != b || !blocked.Reason.Is(merge.ProofGone) {
		t.Fatalf("submitted on a proof by an old password: %v", err)
	}
	d, err := h.calm.Draft(t.Context(), a)
	if err != nil || d.Source(b).Choices.Of(merge.Address) != merge.Other {
		t.Errorf("the draft has %+v, %v; want the choice kept", d.Source(b), err)
	}
	if _, err := h.calm.Submit(t.Context(), h.drafted(t, merge.Choices{}, a, b)); err != nil {
		t.Errorf("proven by the password of today: %v", err)
	}
}

func TestWithoutAGoodProofOnlyThatIsSaid(t *testing.T) { // M3
	h := newHistory(2, 1, 0)
	a, b := h.numbers[0], h.numbers[1]
	for name, void := range map[string]func(){
		"a proof of half an hour ago": func() { h.wait(order.ProofLifetime + time.Second) },
		"another package password":    func() { _ = h.newPassword(h.calm, b) },
		"another own phone number":    func() { h.edit(t, a, "0171 2345678") },
		"a package that ended": func() {
			h.put(customer.PutPackage(fakeNames, customer.Package{ID: "P-" + b + "-0", Number: b, Product: "shop", EndedAt: "2020-01-01"})...)
		},
	} {
		sub := h.drafted(t, merge.Choices{}, a, b)
		void()
		p := h.profile(t, b)
		changed := p
		changed.BalanceCents, changed.Locked, changed.LastName = 700, true, "Krause"
		h.put(customer.Update(fakeNames, p, changed))
		var blocked *order.Blocked
		if _, err := h.calm.Submit(t.Context(), sub); !errors.As(err, &blocked) || blocked.Reason.Code != merge.ProofExpired.Code {
			t.Errorf("%s: %v", name, err)
		}
		h.put(customer.PutPackage(fakeNames, customer.Package{ID: "P-" + b + "-0", Number: b, Product: "shop", Domains: []string{"P-" + b + "-0.example"}})...)
		h.put(customer.Update(fakeNames, h.profile(t, b), p))
	}
}

func TestAnOrderIsNotConfirmedOnAProofThatWent(t *testing.T) { // M3
	h := newHistory(2, 1, 0)
	a, b := h.numbers[0], h.numbers[1]
	o, err := h.calm.Submit(t.Context(), h.drafted(t, merge.Choices{}, a, b))
	if err == nil {
		err = announce(h.calm, o.ID, o.Run)
	}
	if err != nil {
		t.Fatal(err)
	}
	h.edit(t, b, "0171 2345678")
	if o, err = h.calm.Recheck(t.Context(), o.ID); err != nil || o.State != merge.Stale {
		t.Fatalf("state %s, %v", o.State, err)
	}
	h.wait(24 * time.Hour) // the order lives longer than a proof
	if holds, err := h.calm.ProofsHold(t.Context(), o); err != nil || !holds {
		t.Errorf("the password that was the proof is the same, and the order's customer is told nothing: %v", err)
	}
	if err := h.newPassword(h.calm, b); err != nil {
		t.Fatal(err)
	}
	if holds, err := h.calm.ProofsHold(t.Context(), o); err != nil || holds {
		t.Errorf("new data would be told after another password: %v", err)
	}
	renewed, err := h.calm.Renewed(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var blocked *order.Blocked
	if _, err := h.calm.Confirm(t.Context(), o.ID, order.Confirmation{Customer: a, Digest: renewed.Digest}); !errors.As(err, &blocked) || !blocked.Reason.Is(merge.ProofLost) {
		t.Errorf("confirmed: %v", err)
	}
	h.unbroken(t)
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
	if told := o.CustomerSteps(); told[len(told)-2].Event != order.ProofGone {
		t.Errorf("the customer is told %+v, not why", told)
	}
	if open, err := h.calm.OpenOrder(t.Context(), b); err != nil || open != "" {
		t.Errorf("the number is still held by %q, %v", open, err)
	}
	h.unbroken(t)
}
