package e2e

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// blocking makes each reason that keeps a number out of the draft.
var blocking = []struct {
	name   string
	reason merge.Reason
	make   func(t *testing.T, own, other *importer.Line) (after func()) // before and after the import
}{
	{"the own number", merge.Self, func(_ *testing.T, own, other *importer.Line) func() { return func() { *other = *own } }},
	{"a wrong package password", merge.ProofFailed, func(_ *testing.T, _, other *importer.Line) func() {
		return func() { other.Packages[0].Password = "falsches Paketpasswort" }
	}},
	{"another name", merge.NameDiffers, func(_ *testing.T, _, other *importer.Line) func() { other.LastName = "Ziegler"; return nil }},
	{"merged with a third number", merge.AlreadyMerged, changed(func(_, other *customer.Profile) { other.MergedInto = "10000000001" })},
	{"merged with the own number", merge.AlreadyMergedHere, changed(func(own, other *customer.Profile) {
		other.MergedInto, own.Members = own.Number, []string{other.Number}
	})},
	{"the own number owing money", *merge.OpenBalanceOwn.Owing(1), func(_ *testing.T, own, _ *importer.Line) func() { own.BalanceCents = 1; return nil }},
	{"owing money", *merge.OpenBalanceOther.Owing(1), func(_ *testing.T, _, other *importer.Line) func() { other.BalanceCents = 1; return nil }},
	{"the own number locked", merge.LockedOwn, func(_ *testing.T, own, _ *importer.Line) func() { own.Locked = true; return nil }},
	{"locked by the operator", merge.LockedOther, func(_ *testing.T, _, other *importer.Line) func() { other.Locked = true; return nil }},
	{"the 21st number of an order", merge.LimitOrder, changed(func(_, other *customer.Profile) { other.Members = numbers(merge.MaxOrderNumbers) })},
	{"the 51st number of a customer", merge.LimitCustomer, changed(func(own, _ *customer.Profile) { own.Members = numbers(merge.MaxCustomerNumbers - 1) })},
	{"the own number in an order", merge.OpenMergeOwn, func(t *testing.T, own, _ *importer.Line) func() {
		return func() { newProgram(t).orders(*own, relative(t)) }
	}},
	{"the other number in an order", merge.OpenMergeOther, func(t *testing.T, _, other *importer.Line) func() {
		return func() { newProgram(t).orders(relative(t), *other) }
	}},
	{"barred by a veto", merge.Barred, func(t *testing.T, own, other *importer.Line) func() {
		return func() {
			stops(t, newProgram(t).orders(*own, *other))
			setsAgain(t, *other) // the veto voided it
		}
	}},
}

// changed changes both profiles after the import.
func changed(f func(own, other *customer.Profile)) func(*testing.T, *importer.Line, *importer.Line) func() {
	return func(t *testing.T, own, other *importer.Line) func() {
		return func() {
			profiles, err := customer.Store{Store: localtest.Store(t)}.Profiles(t.Context(), []string{own.CustomerNumber, other.CustomerNumber})
			if err != nil {
				t.Fatal(err)
			}
			a, b := profiles[own.CustomerNumber], profiles[other.CustomerNumber]
			f(&a, &b)
			names := localtest.Names(t)
			localtest.Put(t, []types.TransactWriteItem{customer.Update(names, profiles[a.Number], a), customer.Update(names, profiles[b.Number], b)}...)
		}
	}
}

// numbers are so many numbers merged earlier.
func numbers(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(800000000001 + i)
	}
	return list
}

// relative is one more number of Anna Schäfer.
func relative(t *testing.T) importer.Line {
	t.Helper()
	l := person(t, lang.DE, 1)
	l.Password = secret
	importAll(t, l)
	return l
}

// stops is what the other side does by its link.
func stops(t *testing.T, id string) {
	t.Helper()
	s := order.Store{Store: localtest.Store(t), Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}}
	if o, err := s.Veto(t.Context(), id, nil); err != nil || o.State != merge.Vetoed {
		t.Fatalf("the order is %s: %v", o.State, err)
	}
}

// setsAgain gives the package a password once more.
func setsAgain(t *testing.T, l importer.Line) {
	t.Helper()
	was, err := credential.Store{Store: localtest.Store(t)}.Get(t.Context(), table.PackageSubject(l.Packages[0].ID))
	if err != nil {
		t.Fatal(err)
	}
	hash, err := credential.Hasher{Rand: rand.Reader}.Hash(packagePassword(l))
	if err != nil {
		t.Fatal(err)
	}
	localtest.Put(t, credential.SetPassword(localtest.Names(t), was, hash, false, time.Now()))
}

// M3: each reason has a page, JSON with a stable code, and a text in both languages, and tells nothing of the other number.
func TestEveryReasonThatBlocksIsToldAndNothingElse(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	for _, c := range blocking {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			own, other := person(t, lang.DE, 1), person(t, lang.DE, 1)
			own.Password = secret
			other.Street, other.City, other.Phone, other.IBAN = "Lindenallee 17 a", "Potsdam", "0331 7654321", "DE02 1203 0000 0000 2020 51"
			after := c.make(t, &own, &other)
			importAll(t, own, other)
			hidden := []string{other.Street, other.City, other.Email, "7654321", "2020 51", other.LastName + " Ziegler"}
			if after != nil {
				after()
			}
			p := newProgram(t)
			p.signIn(own)
			for _, l := range []lang.Lang{lang.DE, lang.EN} {
				p.reads(l)
				problem := p.prove(other).is(t, http.StatusUnprocessableEntity, c.reason.Code)
				if said := problem.at(t, "detail"); said != c.reason.Text.In(l) {
					t.Errorf("as JSON in %s: %v", l, said)
				}
				status, page := p.form("/merge/check", url.Values{"customerNumber": {other.CustomerNumber}, "domain": {domain(other)}, "password": {packagePassword(other)}})
				if text := page.Find("main").Text(); status != http.StatusUnprocessableEntity || !strings.Contains(text, c.reason.Text.In(l)) {
					t.Errorf("the page in %s: %d, %s", l, status, text)
				}
				if own.CustomerNumber == other.CustomerNumber {
					continue
				}
				source, err := page.Html()
				if err != nil {
					t.Fatal(err)
				}
				for _, h := range hidden {
					if strings.Contains(source, h) || strings.Contains(fmt.Sprint(problem.body), h) {
						t.Errorf("%q of the other number is told", h)
					}
				}
				if sources := p.get("/merge/draft").is(t, http.StatusOK, "").at(t, "sources").([]any); len(sources) != 0 {
					t.Errorf("the number is in the draft: %v", sources)
				}
			}
		})
	}
}

// What stands in the way of submitting only: a number that is not compared to its end, and a proof that is too old.
func TestEveryReasonThatBlocksASubmissionIsTold(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	for _, c := range []struct {
		reason merge.Reason
		adopt  bool
		ago    time.Duration
	}{
		{merge.NotAdopted, false, 0},
		{merge.ProofExpired, true, order.ProofLifetime + time.Minute},
	} {
		t.Run(c.reason.Code, func(t *testing.T) {
			own, other := couple(t, lang.DE)
			p := newProgram(t)
			p.signIn(own)
			p.prove(other).is(t, http.StatusSeeOther, "")
			if c.adopt {
				p.post("/merge/adopt", map[string]string{"customerNumber": other.CustomerNumber, "choice.address": "other"}).is(t, http.StatusSeeOther, "")
			}
			ages(t, own.CustomerNumber, c.ago)
			digest := p.get("/merge/draft").is(t, http.StatusOK, "").at(t, "digest").(string)
			for _, l := range []lang.Lang{lang.DE, lang.EN} {
				p.reads(l)
				refused := p.post("/merge/submit", map[string]string{"digest": digest}, "Idempotency-Key", "key-"+string(l)+own.CustomerNumber).is(t, http.StatusUnprocessableEntity, c.reason.Code)
				if said := refused.at(t, "detail"); said != c.reason.Text.In(l) {
					t.Errorf("as JSON in %s: %v", l, said)
				}
				status, page := p.form("/merge/submit", url.Values{"digest": {digest}, "idempotencyKey": {"page-" + string(l) + own.CustomerNumber}})
				if text := page.Find("main").Text(); status != http.StatusUnprocessableEntity || !strings.Contains(text, c.reason.Text.In(l)) {
					t.Errorf("the page in %s: %d, %s", l, status, text)
				}
			}
			if c.ago == 0 {
				return
			}
			p.prove(other).is(t, http.StatusSeeOther, "") // only the package password is asked for again
			source := p.get("/merge/draft").at(t, "sources").([]any)[0].(map[string]any)
			if source["adopted"] != true || source["proofExpired"] == true {
				t.Errorf("after the renewed proof: %v", source)
			}
		})
	}
}

// grouped is a number as the pages show it.
func grouped(number string) string { return string(web.NumberHTML(number)) }

// ages lets the proofs of a draft be of so long ago.
func ages(t *testing.T, number string, ago time.Duration) {
	t.Helper()
	s := order.Store{Store: localtest.Store(t), Now: time.Now, Rand: rand.Reader}
	d, err := s.Draft(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Sources {
		d.Sources[i].ProvenAt = d.Sources[i].ProvenAt.Add(-ago)
	}
	if _, err := s.SaveDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// S1, M3: one page and one answer for whatever is wrong with a proof.
func TestWrongProofsAnswerAlikeThroughTheEdge(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	wrong := map[string]func(l *importer.Line) (number, domain, password string){
		"an unknown number": func(l *importer.Line) (string, string, string) {
			return localtest.Number(t), domain(*l), packagePassword(*l)
		},
		"a foreign domain": func(l *importer.Line) (string, string, string) {
			return l.CustomerNumber, "schaefer.example", packagePassword(*l)
		},
		"an unknown domain": func(l *importer.Line) (string, string, string) {
			return l.CustomerNumber, "gibt-es-nicht.example", packagePassword(*l)
		},
		"a wrong password": func(l *importer.Line) (string, string, string) {
			return l.CustomerNumber, domain(*l), "falsches Paketpasswort"
		},
		"no password at all": func(l *importer.Line) (string, string, string) { return l.CustomerNumber, domain(*l), "" },
		"a package that never had one": func(l *importer.Line) (string, string, string) {
			defer func() { l.Packages[0].Password = "" }()
			return l.CustomerNumber, domain(*l), packagePassword(*l)
		},
		"a number that is locked": func(l *importer.Line) (string, string, string) {
			l.Locked = true
			return l.CustomerNumber, domain(*l), "falsches Paketpasswort"
		},
	}
	answers, pages := map[string]string{}, map[string]string{}
	for name, make := range wrong { // each with numbers, and so with tries, of its own
		own, other := person(t, lang.DE, 1), person(t, lang.DE, 1)
		own.Password = secret
		number, named, password := make(&other)
		importAll(t, own, other)
		p := newProgram(t)
		p.signIn(own)
		same := strings.NewReplacer(number, "NUMBER", named, "DOMAIN")
		answers[name] = same.Replace(p.post("/merge/check", map[string]string{"customerNumber": number, "domain": named, "password": password}).without(number))
		status, page := p.form("/merge/check", url.Values{"customerNumber": {number}, "domain": {named}, "password": {password}})
		source, err := page.Find("main").Html()
		if err != nil {
			t.Fatal(err)
		}
		// Each signed in at a time of their own, of which the page warns.
		source = regexp.MustCompile(`\d\d:\d\d( Uhr)?|session-left="\d+"`).ReplaceAllString(source, "TIME")
		pages[name] = fmt.Sprint(status, strings.NewReplacer(own.CustomerNumber, "OWN", grouped(own.CustomerNumber), "OWN").Replace(same.Replace(source)))
	}
	for name := range wrong {
		if answers[name] != answers["a wrong password"] || pages[name] != pages["a wrong password"] {
			t.Errorf("%s answers\n%s\n%s\na wrong password\n%s\n%s", name, answers[name], pages[name], answers["a wrong password"], pages["a wrong password"])
		}
	}
}

// reads chooses the language, which holds before the customer's own.
func (p program) reads(l lang.Lang) {
	p.t.Helper()
	p.get("/account?lang=" + string(l))
}

// form sends a form as a browser does and returns the page.
func (p program) form(path string, values url.Values) (status int, page *goquery.Document) {
	p.t.Helper()
	c := localtest.Cloud(p.t)
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, c.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	req.Header.Set("Origin", c.URL)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := p.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	page, err = goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res.StatusCode, page
}
