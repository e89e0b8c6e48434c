package order_test

import (
	"errors"
	"sync"
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func byTwo(o order.Order, person string) order.Decision {
	return order.Decision{Reviewer: "staff:" + person, Person: person, Digest: o.Digest, NeedsSecond: true}
}

// S12: none of two approvals is lost, and none counts for both.
func TestTwoPeopleAtOnceAreAFirstAndASecond(t *testing.T) {
	h := newHistory(2, 1, 0)
	o := h.inReview(t)
	var both sync.WaitGroup
	for _, person := range []string{"jana", "kim"} {
		both.Go(func() {
			if _, err := h.calm.Approve(t.Context(), o.ID, byTwo(o, person)); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if o, err := h.calm.Get(t.Context(), o.ID); err != nil || o.State != merge.Approved || o.FirstApproval != nil {
		t.Errorf("%s, %+v, %v", o.State, o.FirstApproval, err)
	}
	h.unbroken(t)
}

func TestOnePersonAtOnceTwiceIsTheFirstOnly(t *testing.T) {
	h := newHistory(2, 1, 0)
	o := h.inReview(t)
	var both sync.WaitGroup
	for range 4 {
		both.Go(func() {
			if _, err := h.calm.Approve(t.Context(), o.ID, byTwo(o, "jana")); err != nil && !errors.Is(err, order.ErrBusy) {
				t.Error(err)
			}
		})
	}
	both.Wait()
	o, err := h.calm.Get(t.Context(), o.ID)
	if err != nil || o.State != merge.InReview || o.FirstApproval == nil || o.FirstApproval.Person != "jana" {
		t.Errorf("%s, %+v, %v", o.State, o.FirstApproval, err)
	}
	for _, step := range o.CustomerSteps() {
		if step.Event == order.ApprovedByOne {
			t.Error("the customer sees who approved first")
		}
	}
	h.unbroken(t)
}

// M4, M5: the other ways out of a review stay open to everybody who has them.
func TestAFirstApprovalEndsWithTheReview(t *testing.T) {
	h := newHistory(2, 1, 0)
	o := h.inReview(t)
	if _, err := h.calm.Approve(t.Context(), o.ID, byTwo(o, "jana")); err != nil {
		t.Fatal(err)
	}
	o, err := h.calm.Veto(t.Context(), o.ID, nil)
	if err != nil || o.State != merge.Vetoed || o.FirstApproval != nil {
		t.Fatalf("%s, %+v, %v", o.State, o.FirstApproval, err)
	}
	if _, err := h.calm.Approve(t.Context(), o.ID, byTwo(o, "kim")); !errors.Is(err, order.ErrState) {
		t.Errorf("the second approved what was vetoed: %v", err)
	}
	h.unbroken(t)
}
