package workflow

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// nightly imports a number as it stands, with what the operator changed.
func nightly(t *testing.T, p customer.Profile, change func(*importer.Line)) {
	t.Helper()
	l := importer.Line{CustomerNumber: p.Number, FirstName: p.FirstName, LastName: p.LastName, Country: "DE", Language: p.Language}
	change(&l)
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	file := importer.Memory("nightly", text)
	im := importer.Importer{Tables: localtest.Store(t), Now: time.Now, Rand: rand.Reader}
	report, err := im.Import(t.Context(), importer.Check(file), file)
	if err != nil || report.Counts[importer.Updated] != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
}

// TestAnImportDuringAnOrderSendsItBackAtOnce names M5: balance, lock and names of either side, which no page changes.
func TestAnImportDuringAnOrderSendsItBackAtOnce(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	for name, tt := range map[string]struct {
		change  func(*importer.Line)
		own     bool
		blocked string // what the customer's confirmation is refused with
	}{
		"a balance":         {func(l *importer.Line) { l.BalanceCents = 1999 }, false, merge.OpenBalanceOther.Code},
		"a balance of ours": {func(l *importer.Line) { l.BalanceCents = 1999 }, true, merge.OpenBalanceOwn.Code},
		"a lock":            {func(l *importer.Line) { l.Locked = true }, false, merge.LockedOther.Code},
		"another name":      {func(l *importer.Line) { l.LastName = "Schmidt" }, false, merge.NameDiffers.Code},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t, nil)
			o := reviewed(t, p.submit(t, nil).ID)
			changed := p.other
			if tt.own {
				changed = p.own
			}
			nightly(t, changed, tt.change)
			if _, err := as(t, "review").Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); !errors.Is(err, order.ErrDigest) && !errors.Is(err, order.ErrState) {
				t.Errorf("approved over imported data: %v", err)
			}
			o = until(t, o.ID, "STALE", in(merge.Stale))
			renewed, err := as(t, "mergesubmit").Renewed(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			_, err = as(t, "mergesubmit").Confirm(t.Context(), o.ID, order.Confirmation{Customer: p.own.Number, Digest: renewed.Digest, PasswordGiven: true})
			var blocked *order.Blocked
			if !errors.As(err, &blocked) || blocked.Reason.Code != tt.blocked {
				t.Errorf("confirmed: %v, want %q", err, tt.blocked)
			}
		})
	}
}

// A credit neither blocks a merge nor is decided on: the order that was looked at is approved (M5).
func TestAnImportedCreditKeepsNoOrderFromBeingApproved(t *testing.T) {
	t.Parallel()
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, nil).ID)
	nightly(t, p.other, func(l *importer.Line) { l.BalanceCents = -500 })
	if _, err := as(t, "review").Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); err != nil {
		t.Errorf("not approved: %v", err)
	}
}

// TestABillForAMergedNumberSendsTheOrderOfItsSurvivorBackAtOnce names M5: what the import brings for a number that was merged
// before is found by the function that hears of it, and is to be paid before the merge goes on.
func TestABillForAMergedNumberSendsTheOrderOfItsSurvivorBackAtOnce(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	member := customer.Profile{Number: localtest.Number(t), FirstName: "Anna", LastName: "Schäfer", Language: "de", City: "Berlin", Version: 1}
	p := newPair(t, func(_, other *customer.Profile) { other.Members = []string{member.Number} })
	member.MergedInto = p.other.Number
	localtest.Put(t, customer.PutNew(localtest.Names(t), member))
	o := reviewed(t, p.submit(t, nil).ID)
	nightly(t, member, func(l *importer.Line) { l.BalanceCents = 700 })
	o = until(t, o.ID, "STALE", in(merge.Stale))
	renewed, err := as(t, "mergesubmit").Renewed(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	agreed := order.Confirmation{Customer: p.own.Number, Digest: renewed.Digest, PasswordGiven: true}
	var blocked *order.Blocked
	if _, err = as(t, "mergesubmit").Confirm(t.Context(), o.ID, agreed); !errors.As(err, &blocked) || !blocked.Reason.Is(merge.OpenBalanceOtherMember) {
		t.Errorf("confirmed: %v", err)
	}
	nightly(t, read(t, member.Number), func(l *importer.Line) { l.BalanceCents = 0 })
	if _, err = as(t, "mergesubmit").Confirm(t.Context(), o.ID, agreed); err != nil {
		t.Errorf("once it is paid: %v", err)
	}
}
