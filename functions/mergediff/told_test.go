package mergediff

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// voids are the ways in which a good proof stops being one.
var voids = map[string]func(*world){
	"after 30 minutes": func(w *world) { w.now = w.now.Add(30*time.Minute + time.Second) },
	"after a new package password": func(w *world) {
		w.credentials[table.PackageSubject("P-1003")] = credential.Credential{Hash: hashed, Exists: true, Version: 7}
	},
	"after a veto": func(w *world) {
		w.credentials[table.PackageSubject("P-1003")] = credential.Credential{Exists: true, Version: 8}
	},
	"after all package passwords were voided": func(w *world) {
		w.change(moved, func(p *customer.Profile) { p.PackagePasswordsVoidAt = w.now.Add(time.Second) })
	},
	"after the package ended or went to another number": func(w *world) { w.packages[moved] = nil },
	"after the number was merged with another": func(w *world) {
		w.change(moved, func(p *customer.Profile) { p.MergedInto = "10000098" })
	},
	"after the own phone number changed": func(w *world) { w.change(own, func(p *customer.Profile) { p.Phone = "040 7654322" }) },
	"after the own bank account changed": func(w *world) { w.change(own, func(p *customer.Profile) { p.IBAN = "DE02100100100006820101" }) },
	"after the own e-mail address changed": func(w *world) {
		w.change(own, func(p *customer.Profile) { p.Email = "a.schaefer@alt.example" })
	},
}

// ofTheOther is what only the other number's data, or their comparison, can bring to a page.
var ofTheOther = []string{"Ulmenweg", "Lindenweg", "20095", "Hamburg", "4321", "2051", "a•••@alt.example", "läuft auf einen anderen Namen",
	"unterschiedlich", "Künftig verwenden wir für alle", `"field":`, `"different"`, `"equal"`, `"identical":true`, "choice."}

func TestNothingOfANumberIsToldWithoutAProofThatIsGoodNow(t *testing.T) { // M3
	for name, void := range voids {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.prove(t, moved)
			w.adopt(t, moved, "choice.address", "other")
			void(w)
			w.change(moved, func(p *customer.Profile) { p.Street = "Ulmenweg 4" })
			w.packages["10000098"] = make([]customer.Package, 7)
			before := w.told(t)
			w.change(moved, func(p *customer.Profile) { // nothing of it may make a difference
				p.Street, p.City, p.Phone, p.LastName, p.BalanceCents, p.Locked, p.Members = "Weg 1", "Ort", "", "Krause", 700, true, []string{"10000098"}
			})
			w.locks[moved] = "K7QX-2M4D"
			if after := w.told(t); after != before {
				t.Errorf("what is told depends on the other number:\n%s\n%s", before, after)
			}
			for _, secret := range ofTheOther {
				if strings.Contains(before, secret) {
					t.Errorf("%q is told", secret)
				}
			}
			d := w.drafts[own]
			if s := d.Source(moved); s.Choices.Of(merge.Address) != merge.Other || !s.Adopted {
				t.Errorf("the choices are lost: %+v", s)
			}
		})
	}
}

// told is all that a customer gets to read whose draft has the number.
func (w *world) told(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, accept := range []string{"", "application/json"} {
		got := w.do(t, "GET", "/merge/draft?replaced=address:"+moved, accept, nil)
		adopted := w.do(t, "POST", "/merge/adopt", accept, values("customerNumber", moved, "choice.phone", "other"))
		if adopted.status != 422 {
			t.Errorf("adopted on a proof that is not good: %d", adopted.status)
		}
		all.WriteString(ofEachLook.ReplaceAllString(got.body+adopted.body, ""))
	}
	return all.String()
}

// ofEachLook is what is another at each look: the idempotency key and the number of the request.
var ofEachLook = regexp.MustCompile(`"(idempotencyKey|requestId)":"[^"]*"|name="idempotencyKey" value="[^"]*"`)

func TestAProofThatIsGivenAgainTellsAgain(t *testing.T) {
	for name, void := range voids {
		w := newWorld()
		w.prove(t, moved)
		w.adopt(t, moved, "choice.address", "other")
		void(w)
		if len(w.packages[moved]) == 0 || w.profiles[moved].MergedInto != "" || w.credentials[table.PackageSubject("P-1003")].Hash == "" {
			continue
		}
		w.change(moved, func(p *customer.Profile) { p.PackagePasswordsVoidAt = time.Time{} })
		w.prove(t, moved)
		if p := w.get(t, "/merge/draft"); p.Find(`input[name="choice.address"][value=other][checked]`).Length() != 1 {
			t.Errorf("%s the comparison does not come back", name)
		}
	}
}

func TestAChangeOfTheOwnAddressKeepsTheComparison(t *testing.T) {
	w := newWorld()
	w.prove(t, moved)
	w.change(own, func(p *customer.Profile) { p.Street = "Lindenweg 9" }) // the other side's stands there in full
	w.get(t, "/merge/draft").has(`tr[data-field=street] .verdict`, "gleich")
}

func TestMaskedValuesAreNotFoundByTrying(t *testing.T) { // M3
	w := newWorld()
	verdicts := 0
	for guess := range 12 {
		w.change(own, func(p *customer.Profile) { p.Phone = fmt.Sprintf("040 %03d4321", guess) })
		w.post(t, "/merge/check", "customerNumber", moved, "domain", "alt.example", "password", password)
		if p := w.get(t, "/merge/draft"); p.Find(`tr[data-field=phone]`).Length() > 0 {
			verdicts++
		}
		if guess%3 == 0 { // taking the number out forgets nothing
			w.post(t, "/merge/remove", "customerNumber", moved)
		}
		w.now = w.now.Add(time.Second)
	}
	if verdicts > throttle.ComparisonsADay {
		t.Errorf("%d guesses were answered", verdicts)
	}
	if got := w.drafts[own].Compared[moved].Times; got != verdicts {
		t.Errorf("%d comparisons are noted for the reviewer, want %d", got, verdicts)
	}
	p := w.post(t, "/merge/check", "customerNumber", moved, "domain", "alt.example", "password", password)
	p.has(".error-summary", "mehrmals mit geänderten Daten verglichen")
	if p.status != 429 {
		t.Errorf("%d", p.status)
	}
}

func TestTheSameProofAgainIsNoOtherComparison(t *testing.T) {
	w := newWorld()
	for range 3 * throttle.ComparisonsADay {
		w.prove(t, moved)
		w.now = w.now.Add(31 * time.Minute)
	}
	if got := w.drafts[own].Compared[moved].Times; got != 1 {
		t.Errorf("%d comparisons", got)
	}
}
