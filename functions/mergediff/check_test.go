package mergediff

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
)

func TestFirstStepShowsOwnDataAndTheForm(t *testing.T) {
	w := newWorld(t)
	p := w.Get("/merge")
	if p.Status != 200 {
		t.Fatal(p.Status)
	}
	p.Has("h1", "Kundennummern zusammenfassen")
	p.Count(`form[action="/merge/check"] input`, 3)
	p.Count(`form[action="/merge/check"] input[name=password][type=password]`, 1)
	p.Count(`form[action="/account/master-data"] input[name=version][value="3"]`, 1)
	p.Count(`form[action="/account/master-data"] input[name=return][value="/merge"]`, 1)
	p.Has(".facts", "Hauptstr. 5")
	p.Has("#f-password-hint", "nicht das Kundenpasswort der anderen Nummer")
	p.Count("button.primary", 1) // one question a page
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
			w := newWorld(t)
			p := w.Post("/merge/check", world.Form("customerNumber", c.number, "domain", c.domain, "password", password))
			if p.Status != 303 || p.Location != "/merge/draft" {
				t.Fatalf("%d %s %s", p.Status, p.Location, p.Text(".error-summary"))
			}
			if d := w.Draft(own); len(d.Sources) != 1 || d.Sources[0].Number != twin || d.Sources[0].Package != "P-1002" || !d.Sources[0].ProvenAt.Equal(w.Now) {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestProofByAnEarlierNumbersPackage(t *testing.T) {
	w := newWorld(t)
	w.Change(moved, func(p *customer.Profile) { p.MergedInto = twin })
	w.Change(twin, func(p *customer.Profile) { p.Members = []string{moved} })
	p := w.Post("/merge/check", world.Form("customerNumber", twin, "domain", "alt.example", "password", password))
	if p.Status != 303 {
		t.Errorf("%d %s", p.Status, p.Text(".error-summary"))
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
	"a package without password": {another, domain(another), ""},
	"a voided password":          {"10000064", "ungueltig.example", password},
	"one from before an undo":    {"10000072", "zurueck.example", password},
}

func TestWrongProofsCannotBeToldApart(t *testing.T) { // S1, M3
	var first world.Page
	var firstSteps []string
	for name, e := range wrongProofs {
		w := newWorld(t)
		w.Change(moved, func(p *customer.Profile) { p.Locked = true })
		add(w, another, w.Profile(twin), func(*customer.Profile) {})
		setCredential(w, another, credential.Credential{})
		add(w, "10000064", w.Profile(twin), func(p *customer.Profile) { p.PackagePasswordsVoidAt = w.Now })
		add(w, "10000072", w.Profile(twin), func(p *customer.Profile) {
			p.PackagePasswordVoids = []customer.VoidSpan{{From: w.Now.Add(-time.Hour), To: w.Now}} // in which the password was set
		})
		w.Calls()
		p := w.Post("/merge/check", world.Form("customerNumber", e[0], "domain", e[1], "password", e[2])).Is(422)
		steps := steps(w)
		p.Has(".error-summary", "Kundennummer, Domain und Paketpasswort passen nicht zusammen")
		if d := w.Draft(own); d.Version != 0 {
			t.Errorf("%s: draft %v", name, d)
		}
		if other := w.Profile(e[0]); other.Number != "" && other.FailedProofs != 1 {
			t.Errorf("%s is not counted", name)
		}
		p.Body = strings.NewReplacer(e[0], "NUMBER", e[1], "DOMAIN").Replace(requestID.ReplaceAllString(p.Body, ""))
		if first.Body == "" {
			first, firstSteps = p, steps
		}
		if p.Body != first.Body {
			t.Errorf("%s has a page of its own", name)
		}
		if !slices.Equal(steps, firstSteps) {
			t.Errorf("%s takes other steps: %v, not %v", name, steps, firstSteps)
		}
	}
}

// requestID is what is another in each answer.
var requestID = regexp.MustCompile(`[0-9A-Z]{26}`)

// steps are the requests since the calls were looked at last, in an order of their own, since some are made in parallel.
func steps(w *world.World) (steps []string) {
	for _, c := range w.Calls() {
		steps = append(steps, fmt.Sprint(c.Operation, c.Tables, len(c.Keys)))
	}
	slices.Sort(steps)
	return steps
}

func TestWhatWasEnteredComesBackButThePassword(t *testing.T) {
	w := newWorld(t)
	p := w.Post("/merge/check", world.Form("customerNumber", twin, "domain", "falsch.example", "password", password))
	p.Count(`input[name=customerNumber][value="`+twin+`"]`, 1)
	p.Count(`input[name=domain][value="falsch.example"]`, 1)
	if strings.Contains(p.Body, password) || strings.Contains(w.Log.String(), password) {
		t.Error("the password is in the page or the log (S20)")
	}
	if title := p.Text("title"); !strings.HasPrefix(title, "Fehler: ") {
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
			w := newWorld(t)
			p := w.Post("/merge/check", world.Form("customerNumber", c.number, "domain", c.domain, "password", "x"), world.JSON...)
			var problem struct {
				Fields []struct{ Field, Code string }
			}
			if err := json.Unmarshal([]byte(p.Body), &problem); err != nil {
				t.Fatal(err)
			}
			if p.Status != 422 || len(problem.Fields) == 0 || problem.Fields[0].Field != c.field || problem.Fields[0].Code != c.code {
				t.Errorf("%d %s", p.Status, p.Body)
			}
			if len(w.Items(w.Store.Names.Throttle)) != 0 {
				t.Error("a slip of the keyboard was counted as a try")
			}
		})
	}
}

func TestTooManyProofsPause(t *testing.T) { // S2
	w := newWorld(t)
	for range 5 {
		w.Post("/merge/check", proofOf(twin, "falsch"))
	}
	p := w.Post("/merge/check", proofOf(twin, password))
	if p.Status != 429 || p.Header.Get("Retry-After") != "1" {
		t.Errorf("%d, Retry-After %q", p.Status, p.Header.Get("Retry-After"))
	}
	p.Has(".error-summary", "Zu viele Versuche. In einer Sekunde")
	if got, wrong := tries(w, "address-proofs", "192.0.2.1"); got != 5 || wrong != 5 {
		t.Errorf("the refused try counts for the address: %d", got)
	}
}

func TestAGoodProofDoesNotCountAndClearsNothing(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.Post("/merge/check", proofOf(moved, "falsch"))
	}
	prove(w, twin)
	for _, c := range []struct {
		kind, value string
		n, wrong    int64
	}{
		{"address-proofs", "192.0.2.1", 3, 3},
		{"proof-actor", own, 3, 0},
		{"proof-pair", own + "#" + twin, 0, 0},
		{"proof-pair", own + "#" + moved, 3, 0},
		{"proof-target", twin, 0, 0},
		{"proof-target", moved, 3, 0},
	} {
		if n, wrong := tries(w, c.kind, c.value); n != c.n || wrong != c.wrong {
			t.Errorf("%s %s: %d tries, %d wrong", c.kind, c.value, n, wrong)
		}
	}
}

func TestBlockedAfterAGoodProofOnly(t *testing.T) {
	for _, c := range []struct {
		code   string
		number string
		change func(*world.World)
	}{
		{"name_differs", stranger, func(*world.World) {}},
		{"already_merged", twin, is(twin, func(p *customer.Profile) { p.MergedInto = "10000098" })},
		{"already_merged", twin, is(twin, func(p *customer.Profile) { p.MergedInto = own })},
		{"open_merge", twin, func(w *world.World) { lock(w, twin) }},
		{"open_merge", twin, func(w *world.World) { lock(w, own) }},
		{"open_balance", twin, is(twin, func(p *customer.Profile) { p.BalanceCents = 1 })},
		{"locked", twin, is(twin, func(p *customer.Profile) { p.Locked = true })},
		{"limit", twin, is(own, func(p *customer.Profile) { p.Members = members(49) })},
	} {
		t.Run(c.code, func(t *testing.T) {
			w := newWorld(t)
			c.change(w)
			domain := domain(c.number)
			wrong := w.Post("/merge/check", world.Form("customerNumber", c.number, "domain", domain, "password", "falsch"), world.JSON...)
			right := w.Post("/merge/check", world.Form("customerNumber", c.number, "domain", domain, "password", password), world.JSON...)
			if !strings.Contains(wrong.Body, `"proof_failed"`) {
				t.Errorf("without proof: %s", wrong.Body)
			}
			if right.Status != 422 || !strings.Contains(right.Body, `"`+c.code+`"`) {
				t.Errorf("with proof: %d %s", right.Status, right.Body)
			}
			if w.Draft(own).Version != 0 {
				t.Error("the number is in the draft all the same")
			}
			page := w.Post("/merge/check", world.Form("customerNumber", c.number, "domain", domain, "password", password))
			for _, secret := range []string{"Krause", "alt.example", "+49 30", "0532013000"} {
				if strings.Contains(page.Body, secret) {
					t.Errorf("the page names %q of the other number", secret)
				}
			}
		})
	}
}

func TestOwnNumberThatCannotMergeIsToldAtOnce(t *testing.T) {
	w := newWorld(t)
	lock(w, own)
	p := w.Get("/merge")
	p.Has("main", "Ihre Kundennummer gehört schon zu einem laufenden Auftrag")
	p.Count(`form[action="/merge/check"]`, 0)
}

// A merged number's packages are its survivor's: what is guessed at by the old number stands against the survivor, and what a
// customer mistypes about an own old number against nobody else.
func TestAWrongProofOfAMergedNumberIsHeldAgainstItsSurvivor(t *testing.T) {
	for into, want := range map[string]string{moved: moved, own: twin} {
		w := newWorld(t)
		w.Change(twin, func(p *customer.Profile) { p.MergedInto = into })
		w.Post("/merge/check", proofOf(twin, "wrong"))
		for _, n := range []string{own, twin, moved} {
			if failed := w.Profile(n).FailedProofs; (failed == 1) != (n == want) || failed > 1 {
				t.Errorf("merged into %s: %d wrong proofs of %s", into, failed, n)
			}
		}
	}
}
