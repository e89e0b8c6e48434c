package order_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// approvedOf is an order that was announced and approved a moment ago.
func (h *history) approvedOf(t *testing.T, choices merge.Choices, own string, sources ...string) order.Order {
	t.Helper()
	o, err := h.calm.Submit(t.Context(), h.drafted(t, choices, own, sources...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.calm.Announce(t.Context(), o.ID, o.Run); err != nil {
		t.Fatal(err)
	}
	if err := markAnnounced(h.calm, o.ID, h.now()); err != nil {
		t.Fatal(err)
	}
	if o, err = h.calm.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); err != nil {
		t.Fatal(err)
	}
	return o
}

// M4: the step itself waits, whatever the workflow thinks: a run that was started by hand, or comes too early, executes nothing.
func TestTheExecutionStepWaitsForTheEndOfTheVetoPeriod(t *testing.T) {
	h := newHistory(2, 1, 0)
	o := h.approvedOf(t, nil, h.numbers[0], h.numbers[1])
	for _, wait := range []time.Duration{0, 71 * time.Hour, time.Hour - time.Second} {
		h.wait(wait)
		early, err := h.calm.Execute(t.Context(), o.ID, o.Run)
		if !errors.Is(err, order.ErrTooEarly) || early.State != merge.Approved || h.profile(t, h.numbers[1]).MergedInto != "" {
			t.Errorf("%s after the announcement: %s, %v", h.now().Sub(o.AnnouncedAt), early.State, err)
		}
	}
	h.wait(time.Second)
	if done, err := h.calm.Execute(t.Context(), o.ID, o.Run); err != nil || done.State != merge.Executed {
		t.Errorf("at the end of it: %s, %v", done.State, err)
	}
	h.unbroken(t)
}

// M4: what was never announced, or did not reach a side, is not executed however long it waits.
func TestTheExecutionStepWaitsForTheAnnouncement(t *testing.T) {
	for name, bounced := range map[string]bool{"not sent": false, "sent and bounced": true} {
		h := newHistory(2, 1, 0)
		o, err := h.calm.Submit(t.Context(), h.drafted(t, nil, h.numbers[0], h.numbers[1]))
		if err != nil {
			t.Fatal(err)
		}
		if o, err = h.calm.Announce(t.Context(), o.ID, o.Run); err != nil {
			t.Fatal(err)
		}
		if _, err := h.calm.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); err != nil {
			t.Fatal(err)
		}
		if bounced {
			if err := markAnnounced(h.calm, o.ID, h.now()); err != nil {
				t.Fatal(err)
			}
			if _, err := h.calm.AnnouncementFailed(t.Context(), o.ID, order.Unreached{Numbers: o.SourceNumbers(), Why: order.Bounced, Item: "x"}); err != nil {
				t.Fatal(err)
			}
		}
		h.wait(1000 * time.Hour)
		if early, err := h.calm.Execute(t.Context(), o.ID, o.Run); !errors.Is(err, order.ErrTooEarly) || early.State != merge.Approved {
			t.Errorf("%s: %s, %v", name, early.State, err)
		}
		h.unbroken(t)
	}
}

// M5, S12: a side that changes between the reading and the writing of an execution makes the order stale, whichever it is
// and whether anything is taken over of it or not.
func TestAnExecutionSeesTheChangeThatComesWhileItWrites(t *testing.T) {
	for side, name := range []string{"survivor", "source", "the source's earlier number"} {
		for _, choices := range []merge.Choices{nil, {merge.Address: merge.Other}} {
			for what, change := range map[string]func(*customer.Profile){
				"phone": func(p *customer.Profile) { p.Phone = "030 9" }, "lock": func(p *customer.Profile) { p.Locked = true },
			} {
				t.Run(fmt.Sprint(name, " ", choices, " ", what), func(t *testing.T) {
					h := newHistory(3, 1, 0)
					own, source, member := h.numbers[0], h.numbers[1], h.numbers[2]
					h.merged(t, nil, source, member)
					o := h.approvedOf(t, choices, own, source)
					h.wait(73 * time.Hour)
					changed := []string{own, source, member}[side]
					at := &between{Fake: h.fake}
					at.do = func() {
						p := h.profile(t, changed)
						next := p
						change(&next)
						h.put(customer.Update(fakeNames, p, next))
					}
					after, err := h.store(h.fake.Client(at)).Execute(t.Context(), o.ID, o.Run)
					if want := map[bool]merge.State{true: merge.Stale, false: merge.Executed}[side < 2]; err != nil || after.State != want {
						t.Errorf("%s, %v; want %s", after.State, err, want)
					}
					p := h.profile(t, changed)
					if kept := p; true {
						change(&kept)
						if kept.Phone != p.Phone || kept.Locked != p.Locked {
							t.Errorf("the change is lost: %+v", p)
						}
					}
				})
			}
		}
	}
}

// M5, S8: a sign-in's epoch that is raised between the reading and the writing (a new password) is not put back by the merge.
func TestAnExecutionKeepsTheEpochThatIsRaisedWhileItWrites(t *testing.T) {
	h := newHistory(2, 1, 0)
	own, source := h.numbers[0], h.numbers[1]
	o := h.approvedOf(t, nil, own, source)
	h.wait(73 * time.Hour)
	at := &between{Fake: h.fake}
	at.do = func() {
		p := h.profile(t, source)
		next := p
		next.Epoch++
		c, err := credential.Store{Store: h.calm.Store}.Get(t.Context(), table.Customer(source))
		if err != nil {
			t.Fatal(err)
		}
		h.put(customer.Update(fakeNames, p, next), credential.SetPassword(fakeNames, c, "hash-"+source, true, h.now()))
	}
	if done, err := h.store(h.fake.Client(at)).Execute(t.Context(), o.ID, o.Run); err != nil || done.State != merge.Executed {
		t.Fatalf("%s, %v", done.State, err)
	}
	if p := h.profile(t, source); p.Epoch != 2 {
		t.Errorf("the epoch is %d after a new password and a merge", p.Epoch)
	}
	h.unbroken(t)
}
