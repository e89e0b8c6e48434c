package order_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// moveTo puts another e-mail address of a number into force, as the link to it does.
func (h *history) moveTo(t *testing.T, number, address string) {
	t.Helper()
	p := h.profile(t, number)
	h.put(customer.Update(fakeNames, p, p.EmailReplaced(address, h.now())))
}

// told are the recipients of an event of an order, one a mailbox.
func (h *history) told(t *testing.T, event, id string) map[string]outbox.Recipient {
	t.Helper()
	to := map[string]outbox.Recipient{}
	h.fake.Locked(func() {
		h.fake.Items(fakeNames.Outbox, func(raw tablefake.Item) {
			if item := decoded[outbox.Item](raw); item.Event == event && item.Order == id {
				for _, r := range outbox.Mailboxes(item.Recipients) {
					to[r.Address] = r
				}
			}
		})
	})
	return to
}

// M4: a thief who changed the address first reads the announcement, and so does the owner, on either side.
func TestAnOrderIsAnnouncedToEveryAddressOfTheLast30Days(t *testing.T) {
	h := newHistory(2, 1, 0)
	own, source := h.numbers[0], h.numbers[1]
	first := map[string]string{own: h.profile(t, own).Email, source: h.profile(t, source).Email}
	h.wait(100 * day)
	h.moveTo(t, source, "second@kunde.example")
	h.wait(20 * day)
	h.moveTo(t, source, "thief@dieb.example")
	h.moveTo(t, own, "other@dieb.example")
	h.wait(9 * day)
	sub := h.drafted(t, nil, own, source)
	o, err := h.calm.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	if o, err = h.calm.Announce(t.Context(), o.ID, o.Run); err != nil {
		t.Fatal(err)
	}
	told := h.told(t, outbox.OrderAnnounced, o.ID)
	for address, want := range map[string]outbox.Recipient{
		"other@dieb.example":   {Own: true, Name: "Anna Schäfer"},
		"thief@dieb.example":   {Numbers: []string{source}, Name: "Anna Schäfer"},
		"second@kunde.example": {Numbers: []string{source}, Earlier: true, MayFail: true},
		first[source]:          {Numbers: []string{source}, Earlier: true, MayFail: true},
		first[own]:             {Earlier: true, MayFail: true},
	} {
		want.Address, want.Language = address, "de"
		if got, is := told[address]; !is || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s is told as %+v, want %+v", address, got, want)
		}
	}
	if len(told) != 5 || o.ToAnnounce != 4 {
		t.Errorf("%d addresses are told, %d of them start the clock", len(told), o.ToAnnounce)
	}
	if _, err := h.calm.Withdraw(t.Context(), o.ID, own, sub.Epoch); err != nil {
		t.Fatal(err)
	}
	if later := h.told(t, outbox.OrderWithdrawn, o.ID); len(later) != 5 || !later[first[own]].Earlier {
		t.Errorf("how it ended is told to %v", later)
	}
}

func TestAnAddressThatIsLongerOutOfUseIsToldNothing(t *testing.T) {
	h := newHistory(2, 1, 0)
	own, source := h.numbers[0], h.numbers[1]
	old := h.profile(t, source).Email
	h.wait(100 * day)
	h.moveTo(t, source, "neu@kunde.example")
	h.wait(30*day + time.Minute)
	o, err := h.calm.Submit(t.Context(), h.drafted(t, nil, own, source))
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(o.Recipients, func(r outbox.Recipient) bool { return r.Address == old || r.Earlier }) {
		t.Errorf("told are %+v", o.Recipients)
	}
}

// Who changes an address over and over makes no endless list, and does not push out the one that held for years.
func TestAsManyAddressesAreToldAsThereMayBeAndTheOldestIsAmongThem(t *testing.T) {
	h := newHistory(2, 1, 0)
	own, source := h.numbers[0], h.numbers[1]
	old := h.profile(t, source).Email
	h.wait(100 * day)
	for i := range 8 {
		h.moveTo(t, source, fmt.Sprintf("thief%d@dieb.example", i))
		h.wait(time.Hour)
	}
	o, err := h.calm.Submit(t.Context(), h.drafted(t, nil, own, source))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, r := range o.Recipients {
		told = append(told, r.Address)
	}
	if len(told) != 5 || !slices.Contains(told, old) || !slices.Contains(told, "thief7@dieb.example") {
		t.Errorf("told are %v", told)
	}
}

// M4: the clock waits for every address with the link. One that changed a moment ago must have been told; one that is long
// out of use keeps nobody waiting.
func TestAnEarlierAddressThatIsNotReachedStopsTheClockOnlyIfItChangedLately(t *testing.T) {
	for name, c := range map[string]struct {
		changed time.Duration // before the order
		stopped bool
	}{"changed yesterday": {day, true}, "changed a week ago": {7*day - time.Hour, true}, "changed ten days ago": {10 * day, false}} {
		for side := range 2 {
			t.Run(fmt.Sprint(name, " on side ", side), func(t *testing.T) {
				h := newHistory(2, 1, 0)
				h.wait(100 * day)
				old := h.profile(t, h.numbers[side]).Email
				h.moveTo(t, h.numbers[side], "neu@kunde.example")
				h.wait(c.changed)
				o, err := h.calm.Submit(t.Context(), h.drafted(t, nil, h.numbers[0], h.numbers[1]))
				if err != nil {
					t.Fatal(err)
				}
				if o, err = h.calm.Announce(t.Context(), o.ID, o.Run); err != nil || o.ToAnnounce != 2 {
					t.Fatalf("%d to announce, %v", o.ToAnnounce, err)
				}
				if o, err = h.calm.MarkAnnounced(t.Context(), o.ID, "in force", h.now()); err != nil {
					t.Fatal(err)
				}
				if _, started := o.VetoUntil(); started {
					t.Error("the clock starts before the earlier address was told")
				}
				r := h.told(t, outbox.OrderAnnounced, o.ID)[old]
				failed := order.Unreached{Numbers: []string{h.numbers[side]}, Why: order.Bounced, Item: "earlier", MayFail: r.MayFail}
				for range 2 { // the notification comes twice (M9)
					if o, err = h.calm.AnnouncementFailed(t.Context(), o.ID, failed); err != nil {
						t.Fatal(err)
					}
				}
				if _, started := o.VetoUntil(); o.Stopped() != c.stopped || started == c.stopped {
					t.Errorf("stopped %v, started %v", o.Stopped(), started)
				}
				noted := slices.DeleteFunc(slices.Clone(o.History), func(s order.Step) bool { return s.Event != order.AnnouncementFailed })
				if len(noted) != 1 {
					t.Errorf("the history tells of it %d times", len(noted))
				}
			})
		}
	}
}

// An address that is put back into force while the order runs is told as one that is (M4).
func TestAnAddressThatIsInForceAgainIsToldAsSuch(t *testing.T) {
	h := newHistory(2, 1, 0)
	own, source := h.numbers[0], h.numbers[1]
	old := h.profile(t, source).Email
	h.wait(100 * day)
	asked := h.now()
	h.wait(time.Hour)
	h.moveTo(t, source, "thief@dieb.example")
	sub := h.drafted(t, nil, own, source)
	o, err := h.calm.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	p := h.profile(t, source)
	h.put(customer.Update(fakeNames, p, p.EmailRestored(old, asked, h.now())))
	if _, err := h.calm.Announce(t.Context(), o.ID, o.Run); err != nil {
		t.Fatal(err)
	}
	told := h.told(t, outbox.OrderAnnounced, o.ID)
	if r := told[old]; r.Earlier || !strings.Contains(r.Name, "Schäfer") || len(r.Numbers) != 1 {
		t.Errorf("the owner is told as %+v", r)
	}
}
