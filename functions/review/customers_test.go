package review

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// known is a site with Anna, whose other number was merged into hers.
func knownSite(t *testing.T) *site {
	s := newSite(t)
	s.signIn()
	o := anna()
	o.State = merge.Executed
	s.put(o)
	own, old := s.Profile("10000017"), s.Profile("10000023")
	own.Members, old.MergedInto = []string{"10000023"}, "10000017"
	own.AccountNumber, own.BankCode, own.BalanceCents, own.LastLogin = "0532013000", "37040044", 1999, start
	s.Save(own)
	s.Save(old)
	s.SetHash(table.Customer("10000017"), "hash")
	s.Hold(customer.Package{ID: "P-1001", Number: "10000017", Product: "server", Domains: []string{"schaefer.example"}})
	s.Hold(customer.Package{ID: "P-1002", Number: "10000023", Product: "shop", Domains: []string{"schaefer-foto.example"}})
	return s
}

// agency gives Anna's other number the address of an agency that another customer has, too.
func (s *site) agency() {
	for _, p := range []customer.Profile{{Number: "10000016"}, s.Profile("10000023")} {
		p.Email = "buero@agentur.example"
		s.Save(p)
	}
}

const annaPath = "/service/customers/10000017"

func TestACustomerIsFoundByWhatPeopleSayOnTheTelephone(t *testing.T) {
	s := knownSite(t)
	for q, want := range map[string]string{
		"10000017": annaPath, " 1000 0017 ": annaPath, "10000023": "/service/customers/10000023", "anna@schaefer.example": annaPath,
		"P-1001": annaPath, "P-1002": "/service/customers/10000023", "schaefer-foto.example": "/service/customers/10000023", "k7qx 2m4d": "/service/orders/K7QX-2M4D",
	} {
		s.redirected(s.get("/service/customers?q="+url.QueryEscape(q)), want)
	}
	for _, q := range []string{"10000099", "niemand@x.example", "P-9", "frei.example", "<b>", "AAAA-2222"} {
		if doc := s.page(s.get("/service/customers?q="+url.QueryEscape(q)), http.StatusNotFound); !strings.Contains(words(doc.Find(".error-summary")), "gibt es niemanden") {
			t.Errorf("%q: %s", q, words(doc.Find(".error-summary")))
		}
	}
	if doc := s.page(s.get("/service/customers"), http.StatusOK); doc.Find("form[role=search] input[name=q]").Length() != 1 {
		t.Error("no search")
	}
}

func TestSeveralCustomersAreListedWithTheirSuccessor(t *testing.T) { // M6, L2
	s := knownSite(t)
	s.agency()
	doc := s.page(s.get("/service/customers?q=buero%40agentur.example"), http.StatusOK)
	if rows := doc.Find("tbody tr"); rows.Length() != 2 || !strings.Contains(words(rows.Eq(1)), "gehört zu 10000017") {
		t.Errorf("listed %s", words(doc.Find("tbody")))
	}
	for i := range 26 {
		p := customer.Profile{Number: fmt.Sprint(10000101 + i), Company: fmt.Sprintf("Nummer %d GmbH", i+1)}
		s.Save(p)
		s.Hold(customer.Package{ID: "P-" + p.Number, Number: p.Number, Product: "shop", Domains: []string{"viele.example"}})
	}
	first := s.page(s.get("/service/customers?q=viele.example"), http.StatusOK)
	next := first.Find("a[rel=next]").AttrOr("href", "")
	if rows := s.page(s.get(next), http.StatusOK).Find("tbody tr"); first.Find("tbody tr").Length() != 25 || rows.Length() != 1 || !strings.Contains(words(rows), "Nummer 26 GmbH") {
		t.Errorf("the second page at %q has %s", next, words(rows))
	}
}

func TestACustomersPageShowsWhatTheServiceTeamNeedsAndNoMore(t *testing.T) { // S13
	s := knownSite(t)
	s.guard("10000017", secondfactor.State{Codes: true, Passkeys: true})
	s.happened(audit.Event{Number: "10000017", Action: audit.CustomerViewed, Actor: "staff:jana", At: start},
		audit.Event{Number: "10000017", Action: audit.CustomerViewed, Actor: "staff:jana", At: start},
		audit.Event{Number: "10000017", Action: audit.MergeExecuted, Actor: "system", At: start.Add(-time.Hour), Order: "K7QX-2M4D"})
	doc := s.page(s.get(annaPath), http.StatusOK)
	all := words(doc.Find("main"))
	for _, want := range []string{"Anna Schäfer", "anna@schaefer.example", "••3000", "19,99", "P-1001", "P-1002", "K7QX-2M4D", "Authenticator-App eingerichtet, mit Passkey",
		"Kundendaten angesehen (2×)", "Kundennummern zusammengefasst"} {
		if !strings.Contains(all, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, path := range []string{annaPath, "/service/customers/10000023"} {
		for _, accept := range []string{"text/html", "application/json"} {
			body := text(s.get(path, "Accept", accept))
			for _, secret := range []string{"DE89370400440532013000", "0532013000", "0648489890"} {
				if strings.Contains(body, secret) {
					t.Errorf("%s as %s names %s", path, accept, secret)
				}
			}
		}
	}
	if href := doc.Find("a[href$=start-recovery]").AttrOr("href", ""); href != annaPath+"/start-recovery" {
		t.Errorf("the recovery is at %q", href)
	}
	if doc.Find("a[href='/service/customers/10000023']").Length() == 0 {
		t.Error("the merged number is not linked")
	}
}

func TestEachLookAtACustomerIsAudited(t *testing.T) { // S13, S20
	s := knownSite(t)
	s.page(s.get(annaPath), http.StatusOK)
	s.page(s.get(annaPath+"?packages=P-1001"), http.StatusOK)
	s.get(annaPath, "Accept", "application/json")
	s.get("/service/customers/10000099")
	if len(s.noted()) != 3 {
		t.Fatalf("noted %d looks, want 3", len(s.noted()))
	}
	for _, e := range s.noted() {
		if e.Action != audit.CustomerViewed || e.Number != "10000017" || !strings.HasPrefix(e.Actor, "staff:") || !e.At.Equal(start) {
			t.Errorf("noted %+v", e)
		}
	}
	if audit.KindOf(audit.CustomerViewed) != audit.Internal {
		t.Error("the customer's history tells it")
	}
	if strings.Contains(s.Log.String(), "10000017") {
		t.Error("the log names the number (S20)")
	}
}

func TestTheSecondStepIsOfferedForRemovalOnlyWhereThereIsOne(t *testing.T) {
	s := knownSite(t)
	for _, tt := range []struct {
		state secondfactor.State
		path  string
		want  int
	}{
		{secondfactor.State{}, annaPath, 0},
		{secondfactor.State{Passkeys: true}, annaPath, 0},
		{secondfactor.State{Codes: true}, annaPath, 1},
		{secondfactor.State{Codes: true, Recovering: true}, annaPath, 0},
		{secondfactor.State{Codes: true}, "/service/customers/10000023", 0},
	} {
		s.guard(strings.TrimPrefix(tt.path, desk.CustomersPath+"/"), tt.state)
		if got := s.page(s.get(tt.path), http.StatusOK).Find("a[href$=start-recovery]").Length(); got != tt.want {
			t.Errorf("%+v at %s: %d links, want %d", tt.state, tt.path, got, tt.want)
		}
	}
}

func TestAnOldNumbersPageNamesTheSuccessor(t *testing.T) { // M6
	s := knownSite(t)
	doc := s.page(s.get("/service/customers/10000023"), http.StatusOK)
	if got := words(doc.Find(".notice")); !strings.Contains(got, "10000023 gehört jetzt zu 10000017") || doc.Find("a[href='"+annaPath+"']").Length() == 0 {
		t.Errorf("told is %q", got)
	}
	if !strings.Contains(words(doc.Find("#orders + table")), "K7QX-2M4D") {
		t.Error("its orders are not there")
	}
}

func TestTheListsOfACustomerArePaged(t *testing.T) { // L2
	s := knownSite(t)
	for i := range 60 {
		s.Hold(customer.Package{ID: fmt.Sprintf("Q-%04d", i), Number: "10000017", Product: "shop"})
		o := anna()
		o.ID, o.State, o.SubmittedAt = fmt.Sprintf("AAAA-%04d", i), merge.Withdrawn, start.Add(-time.Duration(i+5)*time.Hour)
		s.add(o)
	}
	for list, want := range map[string]int{"packages": 62, "orders": 61} {
		seen := map[string]bool{}
		for path := annaPath; path != ""; {
			doc := s.page(s.get(path), http.StatusOK)
			section := doc.Find("section[aria-labelledby=" + list + "]")
			for _, row := range section.Find("tbody th").EachIter() {
				seen[words(row)] = true
			}
			path, _, _ = strings.Cut(section.Find("a[rel=next]").AttrOr("href", ""), "#")
		}
		if len(seen) != want {
			t.Errorf("%d %s, want %d", len(seen), list, want)
		}
	}
}

func TestABarIsReleasedFromTheCustomersPage(t *testing.T) {
	s := knownSite(t)
	vetoed := anna()
	vetoed.ID, vetoed.State, vetoed.Opposed = "AAAA-2222", merge.Vetoed, []string{"10000023"}
	s.add(vetoed)
	s.bar("10000017", "10000023")
	release := annaPath + "/release-bar"
	for _, path := range []string{annaPath, "/service/customers/10000023"} {
		if form := s.page(s.get(path), http.StatusOK).Find("form[action$=release-bar]"); form.Length() != 1 || !strings.Contains(words(form), "AAAA-2222") {
			t.Errorf("%s offers %q", path, words(form))
		}
	}
	if doc := s.page(s.post(release, url.Values{"customerNumber": {"10000023"}, "reason": {" "}}), http.StatusUnprocessableEntity); doc.Find("#f-reason[aria-invalid]").Length() != 1 {
		t.Error("the reason is not demanded at its field")
	}
	if resp := s.post(release, url.Values{"customerNumber": {"10000031"}, "reason": {"x"}}); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a pair without a bar: %d", resp.StatusCode)
	}
	s.redirected(s.post(release, url.Values{"customerNumber": {"1000.0023"}, "reason": {"mit beiden gesprochen"}}), annaPath)
	s.released("10000017", "10000023", "mit beiden gesprochen")
	if s.page(s.get(annaPath), http.StatusOK).Find("form[action$=release-bar]").Length() != 0 {
		t.Error("it can be released again")
	}
}

func TestAnOpenObjectionIsToldOnTheCustomersPageAndOnOrdersThatWaitForIt(t *testing.T) { // M4
	s := knownSite(t)
	objected(s)
	if got := s.page(s.get(annaPath), http.StatusOK).Find("a[href='/service/orders/K7QX-2M4D']").First(); got.Length() != 1 {
		t.Error("the objection is not linked")
	}
	running := anna()
	running.ID, running.State = "AAAA-2222", merge.Approved
	s.add(running)
	var got struct{ Signs []struct{ Code string } }
	if err := json.NewDecoder(s.get("/service/orders/AAAA-2222", "Accept", "application/json").Body).Decode(&got); err != nil || len(got.Signs) == 0 || got.Signs[0].Code != "objection_open" {
		t.Errorf("signs %+v, %v", got.Signs, err)
	}
}
