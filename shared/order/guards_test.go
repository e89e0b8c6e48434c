package order_test

import (
	"errors"
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// M9: a step of the workflow's execution before does nothing in the place of the one that is in charge.
func TestAStepOfAnOldRunChangesNothing(t *testing.T) {
	h := newHistory(2, 1, 0)
	o, err := h.calm.Submit(t.Context(), h.drafted(t, merge.Choices{}, h.numbers[0], h.numbers[1]))
	if err != nil {
		t.Fatal(err)
	}
	if o, err = h.calm.Announce(t.Context(), o.ID, o.Run+1); err != nil || o.State != merge.Submitted {
		t.Errorf("announced: %s, %v", o.State, err)
	}
	if o, err = h.calm.Announce(t.Context(), o.ID, o.Run); err != nil || o.State != merge.InReview {
		t.Fatalf("by the run in charge: %s, %v", o.State, err)
	}
	if err := markAnnounced(h.calm, o.ID, h.now()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.calm.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); err != nil {
		t.Fatal(err)
	}
	h.wait(30 * day)
	if o, err = h.calm.Execute(t.Context(), o.ID, o.Run+1); err != nil || o.State != merge.Approved {
		t.Errorf("carried out: %s, %v", o.State, err)
	}
	if o, err = h.calm.Execute(t.Context(), o.ID, o.Run); err != nil || o.State != merge.Executed {
		t.Errorf("by the run in charge: %s, %v", o.State, err)
	}
	h.unbroken(t)
}

// M5: what is approved and confirmed is what was shown.
func TestNobodyAgreesToWhatWasNotShown(t *testing.T) {
	h := newHistory(2, 1, 0)
	o := h.inReview(t)
	if _, err := h.calm.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: "another"}); !errors.Is(err, order.ErrDigest) {
		t.Errorf("approved: %v", err)
	}
	if _, err := h.calm.Reject(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: "another", Reason: "so nicht", Seen: o.State}); !errors.Is(err, order.ErrDigest) {
		t.Errorf("rejected: %v", err)
	}
	h.edit(t, h.numbers[0], "030 98765")
	if _, err := h.calm.Recheck(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.calm.Confirm(t.Context(), o.ID, order.Confirmation{Customer: o.Customer, Digest: "another", PasswordGiven: true}); !errors.Is(err, order.ErrDigest) {
		t.Errorf("confirmed: %v", err)
	}
	h.unbroken(t)
}

// M4: an order whose other side was not told is approved only with a note of how it was.
func TestAnApprovalOfWhatNobodyWasToldTakesAContact(t *testing.T) {
	h := newHistory(2, 1, 0)
	o := h.inReview(t)
	o, err := h.calm.AnnouncementFailed(t.Context(), o.ID, order.Unreached{Numbers: o.SourceNumbers(), Why: order.Bounced, Item: "x"})
	if err != nil || !o.Stopped() {
		t.Fatalf("%+v, %v", o.Unreached, err)
	}
	d := order.Decision{Reviewer: "staff:jana", Digest: o.Digest}
	if _, err := h.calm.Approve(t.Context(), o.ID, d); !errors.Is(err, order.ErrContact) {
		t.Errorf("approved without one: %v", err)
	}
	d.Contact = "am Telefon"
	if o, err = h.calm.Approve(t.Context(), o.ID, d); err != nil || o.State != merge.Approved || o.Stopped() {
		t.Errorf("with one: %s, %v", o.State, err)
	}
	h.unbroken(t)
}

// M4: after a no the two numbers stay apart until the service team lets them together again.
func TestAVetoLeavesABar(t *testing.T) {
	h := newHistory(2, 1, 0)
	o := h.inReview(t)
	if _, err := h.calm.Veto(t.Context(), o.ID, nil); err != nil {
		t.Fatal(err)
	}
	if barred, err := h.calm.Barred(t.Context(), h.numbers[0], h.numbers[1]); err != nil || !barred {
		t.Errorf("barred: %t, %v", barred, err)
	}
	h.unbroken(t)
}

// M9: SES reports a bounce as often as it likes.
func TestABounceCountsOnce(t *testing.T) {
	h := newHistory(2, 1, 0)
	o := h.inReview(t)
	for range 2 {
		if _, err := h.calm.AnnouncementFailed(t.Context(), o.ID, order.Unreached{Numbers: o.SourceNumbers(), Why: order.Bounced, Item: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	o, err := h.calm.Get(t.Context(), o.ID)
	if err != nil || len(o.Unreached) != 1 {
		t.Errorf("%+v, %v", o.Unreached, err)
	}
	h.unbroken(t)
}
