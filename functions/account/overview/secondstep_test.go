package overview_test

import (
	"testing"
	"time"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/secondfactor"
)

// The survivor is asked until a second step is there, and again when it is taken away.
func TestTheOverviewAsksToSetUpTheSecondStepThatAMergeTookAway(t *testing.T) {
	w := visitor.Anna(t)
	factors := secondfactor.Store{Store: w.Store}
	save := func(number string, change func(*secondfactor.Factor)) {
		t.Helper()
		before, err := factors.Get(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		after := before
		change(&after)
		w.Put(secondfactor.Save(factors.Names, before, after))
	}
	asked := func() bool {
		a := w.Get("/account")
		return a.Find(`section[aria-labelledby=zweite-stufe] a[href="/account/second-factor"]`).Length() == 1
	}
	if asked() {
		t.Error("asked although nothing was lost")
	}
	save("10000023", func(f *secondfactor.Factor) { f.Secret, f.Since = "GEHEIM", time.Now() })
	if !asked() {
		t.Error("not asked")
	}
	save("10000017", func(f *secondfactor.Factor) { f.Secret, f.Since = "AUCHGEHEIM", time.Now() })
	if asked() {
		t.Error("asked although there is one")
	}
	save("10000017", func(f *secondfactor.Factor) { f.Secret, f.Since = "", time.Time{} })
	if !asked() {
		t.Error("not asked again")
	}
	w.Is(func(p *customer.Profile) { p.Members = nil }) // the merge was undone
	if asked() {
		t.Error("asked for a number that is another's again")
	}
}
