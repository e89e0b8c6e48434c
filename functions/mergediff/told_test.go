package mergediff

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// voids are the ways in which a good proof stops being one.
var voids = map[string]func(*world.World){
	"after 30 minutes": func(w *world.World) { wait(w, 30*time.Minute+time.Second) },
	"after a new package password": func(w *world.World) {
		setCredential(w, moved, credential.Credential{Hash: hashed, Version: 7})
	},
	"after a veto": func(w *world.World) {
		setCredential(w, moved, credential.Credential{Version: 8})
	},
	"after all package passwords were voided": func(w *world.World) {
		w.Change(moved, func(p *customer.Profile) { p.PackagePasswordsVoidAt = w.Now.Add(time.Second) })
	},
	"after the package ended or went to another number": func(w *world.World) { endPackage(w, moved) },
	"after the number was merged with another": func(w *world.World) {
		w.Change(moved, func(p *customer.Profile) { p.MergedInto = "10000098" })
	},
	"after the own phone number changed": is(own, func(p *customer.Profile) { p.Phone = "040 7654322" }),
	"after the own bank account changed": is(own, func(p *customer.Profile) { p.IBAN = "DE02100100100006820101" }),
	"after the own e-mail address changed": func(w *world.World) {
		w.Change(own, func(p *customer.Profile) { p.Email = "a.schaefer@alt.example" })
	},
}

// ofTheOther is what only the other number's data, or their comparison, can bring to a page.
var ofTheOther = []string{"Ulmenweg", "Lindenweg", "20095", "Hamburg", "4321", "2051", "a•••@alt.example", "läuft auf einen anderen Namen",
	"unterschiedlich", "Künftig verwenden wir für alle", `"field":`, `"different"`, `"equal"`, `"identical":true`, "choice."}

func TestNothingOfANumberIsToldWithoutAProofThatIsGoodNow(t *testing.T) { // M3
	for name, void := range voids {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			prove(w, moved)
			adopt(w, moved, "choice.address", "other")
			void(w)
			w.Change(moved, func(p *customer.Profile) { p.Street = "Ulmenweg 4" })
			for i := range 7 {
				w.Hold(customer.Package{ID: fmt.Sprint("P-98-", i), Number: "10000098", Product: "shop"})
			}
			before := told(w)
			w.Change(moved, func(p *customer.Profile) { // nothing of it may make a difference
				p.Street, p.City, p.Phone, p.LastName, p.BalanceCents, p.Locked, p.Members = "Weg 1", "Ort", "", "Krause", 700, true, []string{"10000098"}
			})
			lock(w, moved)
			if after := told(w); after != before {
				t.Errorf("what is told depends on the other number:\n%s\n%s", before, after)
			}
			for _, secret := range ofTheOther {
				if strings.Contains(before, secret) {
					t.Errorf("%q is told", secret)
				}
			}
			d := w.Draft(own)
			if s := d.Source(moved); s.Choices.Of(merge.Address) != merge.Other || !s.Adopted {
				t.Errorf("the choices are lost: %+v", s)
			}
		})
	}
}

// told is all that a customer gets to read whose draft has the number.
func told(w *world.World) string {
	w.T.Helper()
	var all strings.Builder
	for _, accept := range []string{"", "application/json"} {
		got := w.Get("/merge/draft?replaced=address:"+moved, "Accept", accept)
		adopted := w.Post("/merge/adopt", world.Form("customerNumber", moved, "choice.phone", "other"), "Accept", accept)
		if adopted.Status != 422 {
			w.T.Errorf("adopted on a proof that is not good: %d", adopted.Status)
		}
		all.WriteString(ofEachLook.ReplaceAllString(got.Body+adopted.Body, ""))
	}
	return all.String()
}

// ofEachLook is what is another at each look: the idempotency key and the number of the request.
var ofEachLook = regexp.MustCompile(`"(idempotencyKey|requestId)":"[^"]*"|name="idempotencyKey" value="[^"]*"`)

func TestAProofThatIsGivenAgainTellsAgain(t *testing.T) {
	for name, void := range voids {
		w := newWorld(t)
		prove(w, moved)
		adopt(w, moved, "choice.address", "other")
		void(w)
		if strings.Contains(name, "package ended") || w.Profile(moved).MergedInto != "" || w.Credential(table.PackageSubject("P-1003")).Hash == "" {
			continue
		}
		w.Change(moved, func(p *customer.Profile) { p.PackagePasswordsVoidAt = time.Time{} })
		prove(w, moved)
		if p := w.Get("/merge/draft"); p.Find(`input[name="choice.address"][value=other][checked]`).Length() != 1 {
			t.Errorf("%s the comparison does not come back", name)
		}
	}
}

func TestAChangeOfTheOwnAddressKeepsTheComparison(t *testing.T) {
	w := newWorld(t)
	prove(w, moved)
	w.Change(own, func(p *customer.Profile) { p.Street = "Lindenweg 9" }) // the other side's stands there in full
	w.Get("/merge/draft").Has(`tr[data-field=street] .verdict`, "gleich")
}

func TestMaskedValuesAreNotFoundByTrying(t *testing.T) { // M3
	w := newWorld(t)
	verdicts := 0
	for guess := range 12 {
		w.Change(own, func(p *customer.Profile) { p.Phone = fmt.Sprintf("040 %03d4321", guess) })
		w.Post("/merge/check", proofOf(moved, password))
		if p := w.Get("/merge/draft"); p.Find(`tr[data-field=phone]`).Length() > 0 {
			verdicts++
		}
		if guess%3 == 0 { // taking the number out forgets nothing
			w.Post("/merge/remove", world.Form("customerNumber", moved))
		}
		wait(w, time.Second)
	}
	if verdicts > throttle.ComparisonsADay {
		t.Errorf("%d guesses were answered", verdicts)
	}
	if got := w.Draft(own).Compared[moved].Times; got != verdicts {
		t.Errorf("%d comparisons are noted for the reviewer, want %d", got, verdicts)
	}
	p := w.Post("/merge/check", proofOf(moved, password))
	p.Has(".error-summary", "mehrmals mit geänderten Daten verglichen")
	if p.Status != 429 {
		t.Errorf("%d", p.Status)
	}
}

func TestTheSameProofAgainIsNoOtherComparison(t *testing.T) {
	w := newWorld(t)
	for range 3 * throttle.ComparisonsADay {
		prove(w, moved)
		wait(w, 31*time.Minute)
	}
	if got := w.Draft(own).Compared[moved].Times; got != 1 {
		t.Errorf("%d comparisons", got)
	}
}
