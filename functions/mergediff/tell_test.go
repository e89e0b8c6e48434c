package mergediff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// heard are the audit events and outbox items that were written.
func (w *world) heard(t *testing.T) (events []audit.Event, mails []outbox.Item) {
	t.Helper()
	for _, item := range w.written {
		if idOf(item) != "" {
			mail, err := outbox.FromImage(item.Put.Item)
			if err != nil {
				t.Fatal(err)
			}
			mails = append(mails, mail)
			continue
		}
		var e audit.Event
		if err := table.Unmarshal(item.Put.Item, &e); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events, mails
}

func TestAGoodProofStandsInBothHistoriesAndIsToldToTheOwner(t *testing.T) { // M3, M10
	w := newWorld()
	w.prove(t, moved)
	events, mails := w.heard(t)
	if len(events) != 2 || len(mails) != 1 {
		t.Fatalf("events %+v, mails %+v", events, mails)
	}
	given, proven := events[0], events[1]
	if given.Number != own || given.Actor != own || given.Action != audit.ProofGiven || given.New[audit.KeyProven] != moved {
		t.Errorf("in the own history %+v", given)
	}
	if proven.Number != moved || proven.Actor == own || proven.Action != audit.NumberProven || proven.New[audit.KeyAsker] != own {
		t.Errorf("in the other's %+v", proven)
	}
	mail := mails[0]
	if mail.Event != outbox.NumberProven || mail.Values[outbox.ValueNumber] != moved || len(mail.Recipients) != 1 || mail.Recipients[0].Address != w.profiles[moved].Email {
		t.Errorf("the mail %+v", mail)
	}
	if said := fmt.Sprint(mail.Key, slices.Collect(maps.Values(mail.Values)), mail.Recipients); strings.Contains(said, own) {
		t.Errorf("the mail knows who asked: %s", said)
	}
}

func TestTheOwnerIsWrittenToOnceADayInBerlin(t *testing.T) {
	w := newWorld()
	w.now = time.Date(2026, 11, 23, 21, 50, 0, 0, time.UTC) // 22:50 in Berlin
	for _, minutes := range []int{0, 5, 60, 65, 70} {
		w.now = w.now.Add(time.Duration(minutes) * time.Minute)
		w.prove(t, moved)
	}
	events, mails := w.heard(t)
	if len(events) != 10 || len(mails) != 2 {
		t.Errorf("%d events, %d mails, want 10 and 2", len(events), len(mails))
	}
}

func TestNothingIsToldWithoutAGoodProof(t *testing.T) {
	w := newWorld()
	for name, e := range wrongProofs {
		w.post(t, "/merge/check", "customerNumber", e[0], "domain", e[1], "password", e[2])
		if len(w.written) != 0 {
			t.Errorf("%s is told", name)
		}
	}
}

func TestAProofIsToldAlsoWhereTheMergeIsRefused(t *testing.T) {
	w := newWorld()
	w.change(stranger, func(p *customer.Profile) { p.Locked = true })
	w.post(t, "/merge/check", "customerNumber", stranger, "domain", w.packages[stranger][0].Domains[0], "password", password)
	if events, mails := w.heard(t); len(events) != 2 || len(mails) != 1 {
		t.Errorf("%d events, %d mails", len(events), len(mails))
	}
}

func TestTheOwnerOfAMergedNumberIsTold(t *testing.T) {
	w := newWorld()
	w.change(moved, func(p *customer.Profile) { p.MergedInto, p.Email = twin, "alt@weg.example" })
	w.change(twin, func(p *customer.Profile) { p.Email = "neu@twin.example" })
	form := []string{"customerNumber", moved, "domain", "alt.example", "password", password}
	w.post(t, "/merge/check", form...)
	_, mails := w.heard(t)
	if len(mails) != 1 || mails[0].Recipients[0].Address != "neu@twin.example" || mails[0].Values[outbox.ValueNumber] != moved {
		t.Errorf("%+v", mails)
	}
	w.written = nil
	w.change(moved, func(p *customer.Profile) { p.MergedInto = own })
	if w.post(t, "/merge/check", form...); len(w.written) != 0 {
		t.Error("who proves a number of their own is told of it")
	}
}

// A thief who knows the package password must not be able to push everything else out of the victim's history.
func TestGoodProofsDoNotFillTheHistory(t *testing.T) {
	w := newWorld()
	w.tries["good-proofs#"+own+"#"+moved] = throttle.GoodProofsADay - 1
	w.prove(t, moved)
	before := len(w.written)
	p := w.post(t, "/merge/check", "customerNumber", moved, "domain", "alt.example", "password", password)
	if p.status != 429 || len(w.written) != before {
		t.Errorf("%d, %d written", p.status, len(w.written)-before)
	}
	p.has(".error-summary", "heute schon sehr oft belegt")
	p.count(`input[name=customerNumber][value="`+moved+`"]`, 1)
}
