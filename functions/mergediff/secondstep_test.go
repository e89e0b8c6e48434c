package mergediff

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

func TestTheCustomerIsToldAboveTheButtonThatASecondStepIsLost(t *testing.T) {
	w := newWorld(t)
	guard(w, twin, true)
	prove(w, twin)
	adopt(w, twin)
	for lang, want := range map[string]string{"de": "Nach dem Zusammenfassen genügt für diese Pakete Ihr Kundenpasswort", "en": "After the merge, your customer password is enough for these packages"} {
		p := w.Get("/merge/draft?lang=" + lang)
		p.Has(`form[action="/merge/submit"] #second-step`, want)
		p.Has("#second-step", twin)
		p.Count(`#second-step a[href="/account/second-factor"]`, 1)
	}
	var got struct{ SecondStepLost []string }
	if err := json.Unmarshal([]byte(w.Get("/merge/draft", world.JSON...).Body), &got); err != nil || !slices.Equal(got.SecondStepLost, []string{twin}) {
		t.Errorf("JSON has %v, %v", got.SecondStepLost, err)
	}
	guard(w, twin, false) // set up in another window meanwhile
	w.Get("/merge/draft").Count("#second-step", 0)
}

// M3, S1: how a number is guarded is neither told nor looked up without a proof that is good now and lets something be told, be
// it wrong, too old, or of a number that something stands in the way of.
func TestASecondStepIsNotLookedUpWithoutAGoodProof(t *testing.T) {
	for name, spoil := range map[string]func(*world.World){
		"too old": func(w *world.World) { wait(w, order.ProofLifetime+1) },
		"a veto":  func(w *world.World) { bar(w, twin) },
		"a wrong proof of another number": func(w *world.World) {
			w.Post("/merge/remove", world.Form("customerNumber", twin))
			w.Post("/merge/check", proofOf(twin, "falsch"))
		},
	} {
		w := newWorld(t)
		guard(w, twin, true)
		prove(w, twin)
		adopt(w, twin)
		spoil(w)
		w.Calls()
		for _, accept := range []string{"text/html", "application/json"} {
			body := w.Get("/merge/draft", "Accept", accept).Body
			if strings.Contains(body, `id="second-step"`) || strings.Contains(body, `"secondStepLost":["`) || asked(w, table.SecondFactor(twin)) {
				t.Errorf("%s: it is told or asked", name)
			}
		}
	}
}
