package review_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

func byEva(p customer.Profile, action string) audit.Event {
	return audit.Event{Number: p.Number, Action: action, Actor: "staff:eva", At: time.Now(), New: map[string]string{audit.KeyReason: "Rückruf"}}
}

// lastEvent is what was last done to a number, mails apart.
func lastEvent(t *testing.T, number string) audit.Event {
	t.Helper()
	events, _, err := audit.Store{Store: localtest.Store(t)}.Choose(t.Context(), number, "", 1, audit.NotMail)
	if err != nil || len(events) != 1 {
		t.Fatalf("%+v, %v", events, err)
	}
	return events[0]
}

func profileOf(t *testing.T, number string) customer.Profile {
	t.Helper()
	p, err := customer.Store{Store: localtest.Store(t)}.Profile(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPauseEndsForAllThatTheCustomerEnters(t *testing.T) { // S3, S13
	p, now := newCustomer(t, "anna@a.example"), time.Now()
	d := roleOf(t)
	counter := throttle.Store{Store: localtest.Store(t)}
	entries := []throttle.Bucket{throttle.Login(p.Number), throttle.SecondFactor(p.Number, ""), throttle.Password(p.Number)}
	own := throttle.Device("hash", p.Number)
	for _, b := range append(entries, own) {
		for range throttle.FreeTries {
			if v, err := counter.Try(t.Context(), b, now); err != nil || !v.Allowed {
				t.Fatalf("%s: %+v, %v", b.Kind, v, err)
			}
		}
		if v, err := d.Pauses.Look(t.Context(), b, now); err != nil || v.Allowed || v.RetryAfter <= 0 {
			t.Fatalf("%s is not paused: %+v, %v", b.Kind, v, err)
		}
	}
	for range 2 { // a button pressed twice does no harm
		if err := d.Accounts.EndPause(t.Context(), byEva(p, audit.PauseEnded)); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range entries {
		if v, err := counter.Try(t.Context(), b, now); err != nil || !v.Allowed || v.Tries != 1 {
			t.Errorf("%s: %+v, %v", b.Kind, v, err)
		}
	}
	if v, err := counter.Try(t.Context(), own, now); err != nil || v.Allowed {
		t.Errorf("a known browser counts by itself: %+v, %v", v, err)
	}
	if e := lastEvent(t, p.Number); e.Action != audit.PauseEnded || e.Actor != "staff:eva" || e.New[audit.KeyReason] != "Rückruf" {
		t.Errorf("noted %+v", e)
	}
}

func TestALockHoldsARunningOrderAndIsOnlyWrittenOnWhatWasRead(t *testing.T) { // M5, S12
	p := newCustomer(t, "anna@a.example")
	d := roleOf(t)
	if err := d.Accounts.SetLocked(t.Context(), p, true, byEva(p, audit.MergingLocked)); err != nil {
		t.Fatal(err)
	}
	locked := profileOf(t, p.Number)
	if !locked.Locked || locked.Version != p.Version+1 {
		t.Errorf("locked = %v in version %d after %d", locked.Locked, locked.Version, p.Version)
	}
	item, err := localtest.Store(t).Get(t.Context(), localtest.Names(t).Outbox, table.Outbox(table.OutboxID(outbox.MasterDataChanged, fmt.Sprintf("%s#%d", p.Number, p.Version+1))))
	if err != nil || item == nil {
		t.Fatalf("nobody hears of it: %v", err)
	}
	if heard, err := outbox.FromImage(item); err != nil || len(heard.Recipients) != 0 || !slices.Equal(outbox.ChangedFields(heard.Values, "locked"), []string{"locked"}) {
		t.Errorf("heard %+v, %v", heard, err)
	}
	if err := d.Accounts.SetLocked(t.Context(), p, true, byEva(p, audit.MergingLocked)); !errors.Is(err, table.ErrCondition) {
		t.Errorf("on an older reading: %v", err)
	}
	if err := d.Accounts.SetLocked(t.Context(), locked, false, byEva(p, audit.MergingUnlocked)); err != nil || profileOf(t, p.Number).Locked {
		t.Errorf("unlock: %v", err)
	}
	if e := lastEvent(t, p.Number); e.Action != audit.MergingUnlocked || e.New[audit.KeyReason] != "Rückruf" {
		t.Errorf("noted %+v", e)
	}
}

func TestACorrectedAddressWaitsAndNotWhileAnObjectionIsOpen(t *testing.T) { // S7, S12
	p := newCustomer(t, "anna@a.example")
	d := roleOf(t)
	q := emailchange.Request{Address: "anna@b.example", Actor: "staff:eva", Reason: "Tippfehler", At: time.Now()}
	if err := d.Accounts.CorrectEmail(t.Context(), p, q); err != nil {
		t.Fatal(err)
	}
	waits := profileOf(t, p.Number)
	if w := waits.Waiting(time.Now()); waits.Email != p.Email || waits.Version != p.Version || w == nil || w.Address != q.Address {
		t.Errorf("in force is %q, waiting %+v", waits.Email, w)
	}
	if e := lastEvent(t, p.Number); e.Action != audit.EmailRequested || e.Actor != "staff:eva" || e.New[audit.KeyReason] != "Tippfehler" {
		t.Errorf("noted %+v", e)
	}
	if err := d.Accounts.CorrectEmail(t.Context(), p, q); !errors.Is(err, table.ErrCondition) {
		t.Errorf("on an older reading: %v", err)
	}
	o := executed(t, inReview(t))
	if _, err := store(t, "mergesubmit").Veto(t.Context(), o.ID, nil); err != nil {
		t.Fatal(err)
	}
	if err := d.Accounts.CorrectEmail(t.Context(), profileOf(t, o.Customer), q); !errors.Is(err, table.ErrCondition) {
		t.Errorf("with an objection: %v", err)
	}
}
