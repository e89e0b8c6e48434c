package account

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/secondfactor"
)

// The survivor is asked until a second step is there, and again when it is taken away.
func TestTheOverviewAsksToSetUpTheSecondStepThatAMergeTookAway(t *testing.T) {
	w := anna()
	w.factors = secondfactor.Store{Store: tablefake.New().Store()}
	save := func(number string, change func(*secondfactor.Factor)) {
		t.Helper()
		before, err := w.factors.Get(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		after := before
		change(&after)
		if err := w.factors.Transact(t.Context(), []types.TransactWriteItem{secondfactor.Save(w.factors.Names, before, after)}, ""); err != nil {
			t.Fatal(err)
		}
	}
	asked := func() bool {
		a := w.get(t, "/account")
		return a.doc.Find(`section[aria-labelledby=zweite-stufe] a[href="/account/second-factor"]`).Length() == 1
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
	w.profile.Members = nil // the merge was undone
	if asked() {
		t.Error("asked for a number that is another's again")
	}
}
