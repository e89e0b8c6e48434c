package mergediff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/throttle"
)

func TestAGoodProofStandsInBothHistoriesAndIsToldToTheOwner(t *testing.T) { // M3, M10
	w := newWorld(t)
	prove(w, moved)
	events, mails := w.Events(), w.Outbox()
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
	if mail.Event != outbox.NumberProven || mail.Values[outbox.ValueNumber] != moved || len(mail.Recipients) != 1 || mail.Recipients[0].Address != w.Profile(moved).Email {
		t.Errorf("the mail %+v", mail)
	}
	if said := fmt.Sprint(mail.Key, slices.Collect(maps.Values(mail.Values)), mail.Recipients); strings.Contains(said, own) {
		t.Errorf("the mail knows who asked: %s", said)
	}
}

func TestTheOwnerIsWrittenToOnceADayInBerlin(t *testing.T) {
	w := newWorld(t)
	w.Now = time.Date(2026, 11, 23, 21, 50, 0, 0, time.UTC) // 22:50 in Berlin
	for _, minutes := range []int{0, 5, 60, 65, 70} {
		wait(w, time.Duration(minutes)*time.Minute)
		prove(w, moved)
	}
	events, mails := w.Events(), w.Outbox()
	if len(events) != 10 || len(mails) != 2 {
		t.Errorf("%d events, %d mails, want 10 and 2", len(events), len(mails))
	}
}

func TestNothingIsToldWithoutAGoodProof(t *testing.T) {
	w := newWorld(t)
	for name, e := range wrongProofs {
		w.Post("/merge/check", world.Form("customerNumber", e[0], "domain", e[1], "password", e[2]))
		if len(w.Events()) != 0 || len(w.Outbox()) != 0 {
			t.Errorf("%s is told", name)
		}
	}
}

func TestAProofIsToldAlsoWhereTheMergeIsRefused(t *testing.T) {
	w := newWorld(t)
	w.Change(stranger, func(p *customer.Profile) { p.Locked = true })
	w.Post("/merge/check", proofOf(stranger, password))
	if events, mails := w.Events(), w.Outbox(); len(events) != 2 || len(mails) != 1 {
		t.Errorf("%d events, %d mails", len(events), len(mails))
	}
}

func TestTheOwnerOfAMergedNumberIsTold(t *testing.T) {
	w := newWorld(t)
	w.Change(moved, func(p *customer.Profile) { p.MergedInto, p.Email = twin, "alt@weg.example" })
	w.Change(twin, func(p *customer.Profile) { p.Email = "neu@twin.example" })
	form := []string{"customerNumber", moved, "domain", "alt.example", "password", password}
	w.Post("/merge/check", world.Form(form...))
	mails := w.Outbox()
	if len(mails) != 1 || mails[0].Recipients[0].Address != "neu@twin.example" || mails[0].Values[outbox.ValueNumber] != moved {
		t.Errorf("%+v", mails)
	}
	w.Change(moved, func(p *customer.Profile) { p.MergedInto = own })
	wait(w, 25*time.Hour)
	before := len(w.Events())
	if w.Post("/merge/check", world.Form(form...)); len(w.Events()) != before || len(w.Outbox()) != 1 {
		t.Error("who proves a number of their own is told of it")
	}
}

// A thief who knows the package password must not be able to push everything else out of the victim's history.
func TestGoodProofsDoNotFillTheHistory(t *testing.T) {
	w := newWorld(t)
	for range throttle.GoodProofsADay - 1 {
		v, err := throttle.Store{Store: w.Store}.TryAll(t.Context(), w.Now, throttle.GoodProofs(own, moved))
		if err != nil || !v[0].Allowed {
			t.Fatalf("%+v, %v", v, err)
		}
	}
	prove(w, moved)
	before := len(w.Events())
	p := w.Post("/merge/check", proofOf(moved, password))
	if p.Status != 429 || len(w.Events()) != before {
		t.Errorf("%d, %d events more", p.Status, len(w.Events())-before)
	}
	p.Has(".error-summary", "heute schon sehr oft belegt")
	p.Count(`input[name=customerNumber][value="`+moved+`"]`, 1)
}
