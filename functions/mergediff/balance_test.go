package mergediff

import (
	"encoding/json"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// withCredits has a credit on both sides, and one with a number that was merged into the other.
func withCredits(t *testing.T) *world.World {
	t.Helper()
	w := newWorld(t)
	w.Change(own, func(p *customer.Profile) { p.BalanceCents = -50 })
	add(w, "10000095", w.Profile(twin), func(p *customer.Profile) { p.MergedInto, p.BalanceCents = twin, -120000 })
	w.Change(twin, func(p *customer.Profile) { p.BalanceCents, p.Members = -2500, []string{"10000095"} })
	return w
}

// Whoever merges reads what becomes of a credit, beside the comparison and above the button.
func TestACreditIsShownOnBothSidesWithWhatBecomesOfIt(t *testing.T) {
	w := withCredits(t)
	prove(w, twin)
	for _, adopted := range []bool{false, true} {
		if adopted {
			adopt(w, twin)
		}
		for lang, want := range map[string][]string{
			"de": {own + ": Guthaben 0,50\u00a0€", twin + ": Guthaben 25,00\u00a0€", "10000095: Guthaben 1.200,00\u00a0€", "Jeder Kontostand bleibt bei seiner Kundennummer."},
			"en": {own + ": credit of €0.50", twin + ": credit of €25.00", "10000095: credit of €1,200.00", "Each balance stays with its customer number."},
		} {
			got := w.Get("/merge/draft?lang=" + lang).Find(".result").First().Text()
			for _, said := range want {
				if !strings.Contains(got, said) {
					t.Errorf("adopted = %v: %q is missing in %q", adopted, said, got)
				}
			}
		}
	}
	var got struct {
		Outcome struct{ Balances []merge.Balance }
	}
	if err := json.Unmarshal([]byte(w.Get("/merge/draft", world.JSON...).Body), &got); err != nil {
		t.Fatal(err)
	}
	if b := got.Outcome.Balances; len(b) != 3 || b[1] != (merge.Balance{Number: twin, Cents: -2500}) {
		t.Errorf("JSON has %+v", b)
	}
}

// M3: a credit of a number is not told without a proof that is good now.
func TestACreditIsNotToldWithoutAGoodProof(t *testing.T) {
	w := withCredits(t)
	prove(w, twin)
	adopt(w, twin)
	wait(w, order.ProofLifetime+1)
	for what, body := range map[string]string{"page": w.Get("/merge/draft").Body, "JSON": w.Get("/merge/draft", world.JSON...).Body} {
		if strings.Contains(body, "25,00") || strings.Contains(body, "-2500") || strings.Contains(body, "10000095") {
			t.Errorf("the %s tells it", what)
		}
	}
}
