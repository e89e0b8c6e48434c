package mergediff

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

func TestFirstStepShowsOwnDataAndTheForm(t *testing.T) {
	w := newWorld()
	p := w.get(t, "/merge")
	if p.status != 200 {
		t.Fatal(p.status)
	}
	p.has("h1", "Kundennummern zusammenfassen")
	p.count(`form[action="/merge/check"] input`, 3)
	p.count(`form[action="/merge/check"] input[name=password][type=password]`, 1)
	p.count(`form[action="/account/master-data"] input[name=version][value="3"]`, 1)
	p.count(`form[action="/account/master-data"] input[name=return][value="/merge"]`, 1)
	p.has(".facts", "Hauptstr. 5")
	p.has("#f-password-hint", "nicht das Kundenpasswort der anderen Nummer")
	p.count("button.primary", 1) // one question a page
}

func TestGoodProofLeadsToTheComparison(t *testing.T) {
	for _, c := range []struct{ name, number, domain string }{
		{"by domain", twin, "anna-schaefer.example"},
		{"by package number", twin, "P-1002"},
		{"with www.", twin, "www.anna-schaefer.example"},
		{"with the address of a page", twin, "https://www.anna-schaefer.example/kontakt"},
		{"with a number in groups", "1000 0023", "anna-schaefer.example"},
		{"with blanks of other kinds", "\u200b1000\u202f0023\u00a0", "\u00a0anna-schaefer.example\u200b\u00a0"},
		{"with other hyphens", "1000\u20110023", "anna\u2011schaefer.example"},
		{"in full width", "１０００００２３", "ａｎｎａ－ｓｃｈａｅｆｅｒ．ｅｘａｍｐｌｅ"},
		{"with a dot at the end", twin, "anna-schaefer.example."},
		{"in capitals", twin, "ANNA-SCHAEFER.EXAMPLE"},
		{"with the address of a server", twin, "http://anna-schaefer.example:8080/?q=1#top"},
		{"with a query", twin, "anna-schaefer.example?utm=1"},
		{"by the package number in small letters", twin, "p-1002"},
		{"by the package number with another hyphen", twin, "P\u20131002 "},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			p := w.post(t, "/merge/check", "customerNumber", c.number, "domain", c.domain, "password", password)
			if p.status != 303 || p.location != "/merge/draft" {
				t.Fatalf("%d %s %s", p.status, p.location, p.text(".error-summary"))
			}
			if d := w.drafts[own]; len(d.Sources) != 1 || d.Sources[0].Number != twin || d.Sources[0].Package != "P-1002" || !d.Sources[0].ProvenAt.Equal(w.now) {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestProofByAnEarlierNumbersPackage(t *testing.T) {
	w := newWorld()
	w.change(moved, func(p *customer.Profile) { p.MergedInto = twin })
	w.change(twin, func(p *customer.Profile) { p.Members = []string{moved} })
	p := w.post(t, "/merge/check", "customerNumber", twin, "domain", "alt.example", "password", password)
	if p.status != 303 {
		t.Errorf("%d %s", p.status, p.text(".error-summary"))
	}
}

// The wrong proofs of S1 and M3: nobody may learn which part was wrong, or whether the number exists.
var wrongProofs = map[string][3]string{
	"an unknown number":          {"99999999", "anna-schaefer.example", password},
	"a foreign domain":           {twin, "fremd.example", password},
	"an unknown domain":          {twin, "gibt-es-nicht.example", password},
	"no domain at all":           {twin, "§§§", password},
	"a wrong password":           {twin, "anna-schaefer.example", "falsch"},
	"an empty password":          {twin, "anna-schaefer.example", ""},
	"a locked number":            {moved, "alt.example", "falsch"},
	"a number of another name":   {stranger, "fremd.example", "falsch"},
	"a package without password": {"10000056", "ohne.example", ""},
	"a voided password":          {"10000064", "ungueltig.example", password},
	"one from before an undo":    {"10000072", "zurueck.example", password},
}

func TestWrongProofsCannotBeToldApart(t *testing.T) { // S1, M3
	var first page
	var firstAsked []string
	for name, e := range wrongProofs {
		w := newWorld()
		w.change(moved, func(p *customer.Profile) { p.Locked = true })
		w.add("10000056", w.profiles[twin], "P-1005", "ohne.example", func(*customer.Profile) {})
		w.credentials[table.PackageSubject("P-1005")] = credential.Credential{}
		w.add("10000064", w.profiles[twin], "P-1006", "ungueltig.example", func(p *customer.Profile) { p.PackagePasswordsVoidAt = w.now })
		set := w.now.Add(-time.Hour)
		w.add("10000072", w.profiles[twin], "P-1007", "zurueck.example", func(p *customer.Profile) {
			p.PackagePasswordVoids = []customer.VoidSpan{{From: set, To: w.now}}
		})
		one := w.credentials[table.PackageSubject("P-1007")]
		one.ChangedAt = set
		w.credentials[table.PackageSubject("P-1007")] = one
		p := w.post(t, "/merge/check", "customerNumber", e[0], "domain", e[1], "password", e[2])
		p.has(".error-summary", "Kundennummer, Domain und Paketpasswort passen nicht zusammen")
		if p.status != 422 || len(w.drafts) != 0 {
			t.Errorf("%s: %d, drafts %v", name, p.status, w.drafts)
		}
		if w.failed[e[0]] != 1 {
			t.Errorf("%s is not counted", name)
		}
		p.body = strings.NewReplacer(e[0], "NUMBER", e[1], "DOMAIN").Replace(p.body)
		if first.body == "" {
			first, firstAsked = p, w.asked
		}
		if p.body != first.body {
			t.Errorf("%s has a page of its own", name)
		}
		if !slices.Equal(w.asked, firstAsked) {
			t.Errorf("%s takes other steps: %v, not %v", name, w.asked, firstAsked)
		}
	}
}

func TestWhatWasEnteredComesBackButThePassword(t *testing.T) {
	w := newWorld()
	p := w.post(t, "/merge/check", "customerNumber", twin, "domain", "falsch.example", "password", password)
	p.count(`input[name=customerNumber][value="`+twin+`"]`, 1)
	p.count(`input[name=domain][value="falsch.example"]`, 1)
	if strings.Contains(p.body, password) || strings.Contains(w.log.String(), password) {
		t.Error("the password is in the page or the log (S20)")
	}
	if title := p.text("title"); !strings.HasPrefix(title, "Fehler: ") {
		t.Errorf("title %q", title)
	}
}

func TestInputThatCannotBeRightIsRefusedAtTheField(t *testing.T) {
	for _, c := range []struct{ name, number, domain, field, code string }{
		{"nothing", "", "", "customerNumber", "missing"},
		{"letters", "Kunde", "a.example", "customerNumber", "not_digits"},
		{"a short number", "123", "a.example", "customerNumber", "not_a_number"},
		{"the own number", own, "a.example", "customerNumber", "self"},
		{"no domain", twin, " ", "domain", "missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			p := w.do(t, "POST", "/merge/check", "application/json", values("customerNumber", c.number, "domain", c.domain, "password", "x"))
			var problem struct {
				Fields []struct{ Field, Code string }
			}
			if err := json.Unmarshal([]byte(p.body), &problem); err != nil {
				t.Fatal(err)
			}
			if p.status != 422 || len(problem.Fields) == 0 || problem.Fields[0].Field != c.field || problem.Fields[0].Code != c.code {
				t.Errorf("%d %s", p.status, p.body)
			}
			if len(w.tries) != 0 {
				t.Error("a slip of the keyboard was counted as a try")
			}
		})
	}
}

func TestTooManyProofsPause(t *testing.T) { // S2
	w := newWorld()
	for range 5 {
		w.post(t, "/merge/check", "customerNumber", twin, "domain", "anna-schaefer.example", "password", "falsch")
	}
	p := w.post(t, "/merge/check", "customerNumber", twin, "domain", "anna-schaefer.example", "password", password)
	if p.status != 429 || p.header.Get("Retry-After") != "2" {
		t.Errorf("%d, Retry-After %q", p.status, p.header.Get("Retry-After"))
	}
	p.has(".error-summary", "Zu viele Versuche. In 2 Sekunden")
	if got, wrong := w.tries["address-proofs#192.0.2.1"], w.tries["wrong address-proofs#192.0.2.1"]; got != 5 || wrong != 5 {
		t.Errorf("the refused try counts for the address: %d", got)
	}
}

func TestAGoodProofDoesNotCountAndClearsNothing(t *testing.T) {
	w := newWorld()
	for range 3 {
		w.post(t, "/merge/check", "customerNumber", moved, "domain", "alt.example", "password", "falsch")
	}
	w.prove(t, twin)
	if w.tries["address-proofs#192.0.2.1"] != 3 || w.tries["wrong address-proofs#192.0.2.1"] != 3 || w.tries["proof-actor#"+own] != 3 || w.tries["proof-pair#"+own+"#"+twin] != 0 || w.tries["proof-pair#"+own+"#"+moved] != 3 || w.tries["proof-target#"+twin] != 0 || w.tries["proof-target#"+moved] != 3 {
		t.Errorf("%v", w.tries)
	}
}

func TestBlockedAfterAGoodProofOnly(t *testing.T) {
	for _, c := range []struct {
		code   string
		number string
		change func(*world)
	}{
		{"name_differs", stranger, func(*world) {}},
		{"already_merged", twin, func(w *world) { w.change(twin, func(p *customer.Profile) { p.MergedInto = "10000098" }) }},
		{"already_merged", twin, func(w *world) { w.change(twin, func(p *customer.Profile) { p.MergedInto = own }) }},
		{"open_merge", twin, func(w *world) { w.locks[twin] = "K7QX-2M4D" }},
		{"open_merge", twin, func(w *world) { w.locks[own] = "K7QX-2M4D" }},
		{"open_balance", twin, func(w *world) { w.change(twin, func(p *customer.Profile) { p.BalanceCents = 1 }) }},
		{"locked", twin, func(w *world) { w.change(twin, func(p *customer.Profile) { p.Locked = true }) }},
		{"limit", twin, func(w *world) { w.change(own, func(p *customer.Profile) { p.Members = make([]string, 49) }) }},
	} {
		t.Run(c.code, func(t *testing.T) {
			w := newWorld()
			c.change(w)
			domain := w.packages[c.number][0].Domains[0]
			wrong := w.do(t, "POST", "/merge/check", "application/json", values("customerNumber", c.number, "domain", domain, "password", "falsch"))
			right := w.do(t, "POST", "/merge/check", "application/json", values("customerNumber", c.number, "domain", domain, "password", password))
			if !strings.Contains(wrong.body, `"proof_failed"`) {
				t.Errorf("without proof: %s", wrong.body)
			}
			if right.status != 422 || !strings.Contains(right.body, `"`+c.code+`"`) {
				t.Errorf("with proof: %d %s", right.status, right.body)
			}
			if len(w.drafts) != 0 {
				t.Error("the number is in the draft all the same")
			}
			page := w.post(t, "/merge/check", "customerNumber", c.number, "domain", domain, "password", password)
			for _, secret := range []string{"Krause", "alt.example", "+49 30", "0532013000"} {
				if strings.Contains(page.body, secret) {
					t.Errorf("the page names %q of the other number", secret)
				}
			}
		})
	}
}

func TestOwnNumberThatCannotMergeIsToldAtOnce(t *testing.T) {
	w := newWorld()
	w.locks[own] = "K7QX-2M4D"
	p := w.get(t, "/merge")
	p.has("main", "Ihre Kundennummer gehört schon zu einem laufenden Auftrag")
	p.count(`form[action="/merge/check"]`, 0)
}

// A merged number's packages are its survivor's: what is guessed at by the old number stands against the survivor, and what a
// customer mistypes about an own old number against nobody else.
func TestAWrongProofOfAMergedNumberIsHeldAgainstItsSurvivor(t *testing.T) {
	for into, want := range map[string]string{moved: moved, own: twin} {
		w := newWorld()
		w.change(twin, func(p *customer.Profile) { p.MergedInto = into })
		w.post(t, "/merge/check", "customerNumber", twin, "domain", "anna-schaefer.example", "password", "wrong")
		if len(w.failed) != 1 || w.failed[want] != 1 {
			t.Errorf("merged into %s: %v", into, w.failed)
		}
	}
}
