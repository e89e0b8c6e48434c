package order_test

import (
	"slices"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestTheHistoryKeepsAllThatWasSaid(t *testing.T) { // M10
	h := newHistory(2, 1, 0)
	o := h.bounced(t)
	steps := []func() (order.Order, error){
		func() (order.Order, error) {
			return h.calm.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest, Reason: "gern", Note: "Stimme erkannt", Contact: "am Telefon"})
		},
		func() (order.Order, error) {
			return h.calm.AnnouncementFailed(t.Context(), o.ID, order.Unreached{Numbers: o.SourceNumbers(), Why: order.Complained, Item: "y"})
		},
		func() (order.Order, error) { return h.calm.Fail(t.Context(), o.ID, o.Run, "Lambda.Unknown") },
		func() (order.Order, error) { return h.calm.Retry(t.Context(), o.ID, "staff:jana", "noch einmal") },
	}
	for _, step := range steps {
		if _, err := step(); err != nil {
			t.Fatal(err)
		}
	}
	after, err := h.calm.Get(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{"gern", "Stimme erkannt", "am Telefon", "noch einmal", o.Digest} {
		if !slices.ContainsFunc(after.History, func(s order.Step) bool { return slices.Contains([]string{s.Reason, s.Note, s.Contact, s.Digest}, said) }) {
			t.Errorf("%q is nowhere in %+v", said, after.History)
		}
	}
	h.unbroken(t)
}

func TestWhatWasSubmittedStandsBesideWhatWasConfirmed(t *testing.T) { // M10
	h := newHistory(2, 1, 0)
	shown := h.profile(t, h.numbers[0]).Phone
	o := h.stale(t)
	if err := confirm(h.calm, o.ID, o.Customer); err != nil {
		t.Fatal(err)
	}
	after, err := h.calm.Get(t.Context(), o.ID)
	if err != nil || after.First == nil || after.First.Survivor.Record.Phone != shown || after.Survivor.Record.Phone == shown || after.First.Digest != o.Digest {
		t.Errorf("first %+v, now %+v, %v", after.First, after.Survivor, err)
	}
	h.unbroken(t)
}

func TestTheAuditTellsWhichValuesAMergeWrote(t *testing.T) { // M10, S20
	h := newHistory(2, 1, 0)
	own, other := h.profile(t, h.numbers[0]), h.profile(t, h.numbers[1])
	with := other
	with.IBAN = "DE02120300000000202051"
	h.put(customer.Update(fakeNames, other, with))
	o := h.merged(t, merge.Choices{merge.Address: merge.Other, merge.BankGroup: merge.Other}, own.Number, other.Number)
	if _, err := h.calm.Undo(t.Context(), o.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"}); err != nil {
		t.Fatal(err)
	}
	events := map[string]audit.Event{}
	h.fake.Locked(func() {
		h.fake.Items(fakeNames.Audit, func(item tablefake.Item) {
			if e := decoded[audit.Event](item); strings.HasSuffix(item["pk"]["S"].(string), own.Number) {
				events[e.Action] = e
			}
		})
	})
	done, undone := events[audit.MergeExecuted], events[audit.MergeUndone]
	if done.Old["street"] != own.Street || done.New["street"] != other.Street || undone.Old["street"] != other.Street || undone.New["street"] != own.Street {
		t.Errorf("executed %v to %v, undone %v to %v", done.Old, done.New, undone.Old, undone.New)
	}
	if iban := done.New["iban"]; iban == "" || strings.Contains(iban, "202051") || done.New["digest"] != o.Digest {
		t.Errorf("the audit has %v", done.New)
	}
}
