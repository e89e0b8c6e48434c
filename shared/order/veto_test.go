package order_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// written counts the items of a table whose key begins with the prefix.
func (h *history) written(table, prefix string) (n int) {
	h.fake.Locked(func() {
		h.fake.Items(table, func(item tablefake.Item) {
			if key, _ := item["pk"]["S"].(string); strings.HasPrefix(key, prefix) {
				n++
			}
		})
	})
	return n
}

func TestEveryOwnerOfAMergeMayObject(t *testing.T) { // M4
	h := newHistory(3, 1, 0)
	a, b, c := h.numbers[0], h.numbers[1], h.numbers[2]
	o := h.merged(t, merge.Choices{}, a, b, c)
	first, err := h.calm.Veto(t.Context(), o.ID, []string{b})
	if err != nil {
		t.Fatal(err)
	}
	h.wait(time.Hour)
	for range 2 { // M9
		if _, err := h.calm.Veto(t.Context(), o.ID, []string{c}); err != nil {
			t.Fatal(err)
		}
	}
	if o, err = h.calm.Get(t.Context(), o.ID); err != nil || !slices.Equal(o.Opposed, []string{b, c}) || !o.ObjectedAt.Equal(first.ObjectedAt) {
		t.Errorf("heard were %v at %v, %v; want both since %v", o.Opposed, o.ObjectedAt, err, first.ObjectedAt)
	}
	if last := o.History[len(o.History)-1]; last.Event != order.Objection || !slices.Equal(last.Numbers, []string{c}) {
		t.Errorf("the history ends with %+v (M10)", last)
	}
	if n := h.written(fakeNames.Outbox, outbox.OrderObjected); n != 2 {
		t.Errorf("%d objections were told of", n)
	}
	h.fake.Locked(func() {
		if said := h.held.see().audits[c][o.ID]; strings.Count(said, audit.MergeObjected) != 2 {
			t.Errorf("the audit has %s", said)
		}
	})
	var more *order.MoreObjections
	if _, err := h.calm.Dismiss(t.Context(), o.ID, "staff:jana", "geklärt", []string{b}); !errors.As(err, &more) || !slices.Equal(more.Numbers, []string{c}) {
		t.Errorf("dismissed by a page that did not show the second objection: %v", err)
	}
	if o, err = h.calm.Get(t.Context(), o.ID); err != nil || !o.Objected() {
		t.Errorf("the objection is over, %v", err)
	}
	if _, err := h.calm.Dismiss(t.Context(), o.ID, "staff:jana", "geklärt", []string{b, c}); err != nil {
		t.Fatal(err)
	}
	h.unbroken(t)
}
