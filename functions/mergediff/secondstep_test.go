package mergediff

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"kundenkonto/shared/order"
)

func TestTheCustomerIsToldAboveTheButtonThatASecondStepIsLost(t *testing.T) {
	w := newWorld()
	w.guarded = map[string]bool{twin: true}
	w.prove(t, twin)
	w.adopt(t, twin)
	for lang, want := range map[string]string{"de": "Nach dem Zusammenfassen genügt für diese Pakete Ihr Kundenpasswort", "en": "After the merge, your customer password is enough for these packages"} {
		p := w.get(t, "/merge/draft?lang="+lang)
		p.has(`form[action="/merge/submit"] #second-step`, want)
		p.has("#second-step", twin)
		p.count(`#second-step a[href="/account/second-factor"]`, 1)
	}
	var got struct{ SecondStepLost []string }
	if err := json.Unmarshal([]byte(w.do(t, "GET", "/merge/draft", "application/json", nil).body), &got); err != nil || !slices.Equal(got.SecondStepLost, []string{twin}) {
		t.Errorf("JSON has %v, %v", got.SecondStepLost, err)
	}
	w.guarded = nil // set up in another window meanwhile
	w.get(t, "/merge/draft").count("#second-step", 0)
}

// M3, S1: how a number is guarded is neither told nor looked up without a proof that is good now and lets something be told, be
// it wrong, too old, or of a number that something stands in the way of.
func TestASecondStepIsNotLookedUpWithoutAGoodProof(t *testing.T) {
	for name, spoil := range map[string]func(*world){
		"too old": func(w *world) { w.now = w.now.Add(order.ProofLifetime + 1) },
		"a veto":  func(w *world) { w.bars[twin] = true },
		"a wrong proof of another number": func(w *world) {
			w.drafts = map[string]order.Draft{}
			w.post(t, "/merge/check", "customerNumber", twin, "domain", w.packages[twin][0].Domains[0], "password", "falsch")
		},
	} {
		w := newWorld()
		w.guarded = map[string]bool{twin: true}
		w.prove(t, twin)
		w.adopt(t, twin)
		w.guards = nil
		spoil(w)
		for _, accept := range []string{"text/html", "application/json"} {
			body := w.do(t, "GET", "/merge/draft", accept, nil).body
			if strings.Contains(body, `id="second-step"`) || strings.Contains(body, `"secondStepLost":["`) || len(w.guards) > 0 {
				t.Errorf("%s: it is told or asked of %v", name, w.guards)
			}
		}
	}
}
