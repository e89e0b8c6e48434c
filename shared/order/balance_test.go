package order_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// booked brings the balance of a number as an import does, also of one that was merged.
func (h *history) booked(t *testing.T, number string, cents int64) {
	t.Helper()
	p := h.profile(t, number)
	next := p
	next.BalanceCents = cents
	h.put(customer.Update(fakeNames, p, next))
}

func blockedBy(t *testing.T, err error) merge.Reason {
	t.Helper()
	var blocked *order.Blocked
	if !errors.As(err, &blocked) {
		t.Fatalf("got %v, want a reason", err)
	}
	return blocked.Reason
}

// What an import brings for a merged number is its customer's to pay before the next merge, on whichever side the survivor is.
// A credit with another number makes up for nothing.
func TestWhatIsOwedForAMergedNumberBlocksTheNextMergeOfItsSurvivor(t *testing.T) {
	for name, c := range map[string]struct {
		member, other int64 // balances of two merged numbers
		blocks        bool
	}{
		"7 euros owed":                          {700, 0, true},
		"a cent owed beside a credit":           {1, -50000, true},
		"a credit only":                         {-2500, 0, false},
		"nothing, after what was owed was paid": {0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(4, 1, 0)
			survivor, a, b, third := h.numbers[0], h.numbers[1], h.numbers[2], h.numbers[3]
			h.merged(t, nil, survivor, a, b)
			h.booked(t, a, 99)
			h.booked(t, a, c.member)
			h.booked(t, b, c.other)
			_, asSource := h.calm.Submit(t.Context(), h.drafted(t, nil, third, survivor))
			if !c.blocks {
				if asSource != nil {
					t.Error(asSource)
				}
				return
			}
			if got := blockedBy(t, asSource); !got.Is(merge.OpenBalanceOtherMember) {
				t.Errorf("as the other side: %+v", got)
			}
			_, asOwn := h.calm.Submit(t.Context(), h.drafted(t, nil, survivor, third))
			if got := blockedBy(t, asOwn); !got.Is(merge.OpenBalanceOwnMember) {
				t.Errorf("as the own side: %+v", got)
			}
			h.unbroken(t)
		})
	}
}

// M5: an amount that becomes due for a member while the order runs sends it back, at whatever step it is noticed; once it is
// paid the customer confirms and it goes on.
func TestWhatComesToBeOwedForAMemberHoldsUpARunningOrder(t *testing.T) {
	for name, notice := range map[string]func(*history, *testing.T, order.Order) error{
		"the recheck after the import": func(h *history, t *testing.T, o order.Order) error {
			_, err := h.calm.Recheck(t.Context(), o.ID)
			return err
		},
		"the approval": func(h *history, t *testing.T, o order.Order) error {
			_, err := h.calm.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest})
			if errors.Is(err, order.ErrDigest) {
				_, err = h.calm.Recheck(t.Context(), o.ID) // as the page does
			}
			return err
		},
	} {
		for side, members := range map[string]func(*history) string{
			"of the own number":   func(h *history) string { return h.numbers[2] },
			"of the other number": func(h *history) string { return h.numbers[3] },
		} {
			t.Run(name+" "+side, func(t *testing.T) {
				h := newHistory(4, 1, 0)
				own, other, member := h.numbers[0], h.numbers[1], members(h)
				h.merged(t, nil, own, h.numbers[2])
				h.merged(t, nil, other, h.numbers[3])
				o := h.inReview(t)
				h.booked(t, member, -2500)
				if _, err := h.calm.Recheck(t.Context(), o.ID); err != nil {
					t.Fatal(err)
				}
				if o, err := h.calm.Get(t.Context(), o.ID); err != nil || o.State != merge.InReview {
					t.Fatalf("after a credit the order is %s, %v", o.State, err)
				}
				h.booked(t, member, 700)
				if err := notice(h, t, o); err != nil {
					t.Fatal(err)
				}
				h.confirmedOncePaid(t, o.ID, member)
			})
		}
	}
}

// M5: so does one that is due when the order is to be carried out.
func TestWhatComesToBeOwedForAMemberKeepsAnApprovedOrderFromBeingExecuted(t *testing.T) {
	h := newHistory(4, 1, 0)
	own, other, member := h.numbers[0], h.numbers[1], h.numbers[3]
	h.merged(t, nil, own, h.numbers[2])
	h.merged(t, nil, other, member)
	o := h.approvedOf(t, nil, own, other)
	h.booked(t, member, 700)
	h.wait(73 * time.Hour)
	if _, err := h.calm.Execute(t.Context(), o.ID, o.Run); err != nil {
		t.Fatal(err)
	}
	if h.profile(t, other).MergedInto != "" {
		t.Error("the numbers were merged")
	}
	h.confirmedOncePaid(t, o.ID, member)
}

// confirmedOncePaid takes a stale order's confirmation, which is refused while an amount is due for the member.
func (h *history) confirmedOncePaid(t *testing.T, id, member string) {
	t.Helper()
	stale, err := h.calm.Get(t.Context(), id)
	if err != nil || stale.State != merge.Stale {
		t.Fatalf("the order is %s, %v", stale.State, err)
	}
	if err := confirm(h.calm, id, stale.Customer); blockedBy(t, err).Code != "open_balance" {
		t.Errorf("confirmed: %v", err)
	}
	h.booked(t, member, 0)
	if err := confirm(h.calm, id, stale.Customer); err != nil {
		t.Error(err)
	}
	if o, err := h.calm.Get(t.Context(), id); err != nil || o.State != merge.InReview {
		t.Errorf("confirmed, the order is %s, %v", o.State, err)
	}
	h.unbroken(t)
}

// An order keeps what its customer saw: later bookings of a number are told to nobody by it (M3).
func TestAnOrderKeepsTheBalancesOfItsNumbersAsTheyWereShown(t *testing.T) {
	h := newHistory(3, 1, 0)
	own, other, member := h.numbers[0], h.numbers[1], h.numbers[2]
	h.merged(t, nil, other, member)
	h.booked(t, other, -2500)
	h.booked(t, member, -700)
	o := h.inReview(t)
	h.booked(t, other, -9900)
	got := o.Sources[0].Balances
	if len(got) != 2 || got[0] != (merge.Balance{Number: other, Cents: -2500}) || got[1] != (merge.Balance{Number: member, Cents: -700}) {
		t.Errorf("the order of %s has %+v", own, got)
	}
}

func TestANumberThatIsNamedTwiceIsReadOnce(t *testing.T) {
	h := newHistory(2, 1, 0)
	got, err := customer.Store{Store: h.calm.Store}.Profiles(t.Context(), []string{h.numbers[0], h.numbers[1], h.numbers[0]})
	if err != nil || len(got) != 2 {
		t.Errorf("%d profiles, %v", len(got), err)
	}
}

// What the mails of the execution say is what was booked at that moment; a member of the surviving number is among it.
func TestTheExecutionTellsTheBalancesOfItsMoment(t *testing.T) {
	h := newHistory(3, 1, 0)
	own, other, member := h.numbers[0], h.numbers[1], h.numbers[2]
	h.merged(t, nil, own, member)
	h.booked(t, other, -2500)
	o := h.approvedOf(t, nil, own, other)
	h.booked(t, other, -2400)
	h.booked(t, member, -700)
	h.wait(73 * time.Hour)
	o, err := h.calm.Execute(t.Context(), o.ID, o.Run)
	if err != nil || o.State != merge.Executed {
		t.Fatalf("%s, %v", o.State, err)
	}
	told := map[string]string{}
	h.fake.Items(fakeNames.Outbox, func(raw tablefake.Item) {
		item := decoded[outbox.Item](raw)
		for name, cents := range item.Values {
			if number, is := strings.CutPrefix(name, order.ValueBalance); is && item.Event == outbox.OrderExecuted && item.Order == o.ID {
				told[number] = cents
			}
		}
	})
	if len(told) != 2 || told[other] != "-2400" || told[member] != "-700" {
		t.Errorf("told %v", told)
	}
}
