package review_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kundenkonto/functions/review/customers"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/secondfactor"
)

// The look-ups of the customers' pages with the function's role on the real tables (S14, L2).
func TestTheRoleMayFindCustomersByWhatTheyNameThemselvesBy(t *testing.T) {
	d := roleOf(t)
	unique := strings.ToLower(rand.Text()[:10])
	p := newCustomer(t, unique+"@Firma.example")
	second := newCustomer(t, unique+"@firma.example")
	for i, n := range []string{p.Number, second.Number} {
		localtest.Put(t, customer.PutPackage(localtest.Names(t), customer.Package{ID: "P-" + n, Number: n, Product: "shop", Domains: []string{unique + ".example", []string{"eins-", "zwei-"}[i] + unique + ".example"}})...)
	}
	sorted := []string{p.Number, second.Number}
	slices.Sort(sorted)
	for name, find := range map[string]func(after string) ([]string, string, error){
		"e-mail": func(after string) ([]string, string, error) {
			return d.Profiles.ByEmail(t.Context(), unique+"@firma.example", after, 1)
		},
		"domain": func(after string) ([]string, string, error) {
			return d.Profiles.ByDomain(t.Context(), unique+".example", after, 1)
		},
	} {
		var found []string
		for after, more := "", true; more; more = after != "" {
			numbers, next, err := find(after)
			if err != nil {
				t.Fatal(err)
			}
			found, after = append(found, numbers...), next
		}
		if !slices.Equal(found, sorted) {
			t.Errorf("by %s page by page: %v, want %v", name, found, sorted)
		}
	}
	if numbers, _, err := d.Profiles.ByDomain(t.Context(), "EINS-"+unique+".example", "", 25); err != nil || !slices.Equal(numbers, []string{p.Number}) {
		t.Errorf("by domain: %v, %v", numbers, err)
	}
	if found, err := d.Profiles.Package(t.Context(), "P-"+second.Number); err != nil || found.Number != second.Number {
		t.Errorf("by package: %s, %v", found.Number, err)
	}
	removed := customer.Package{ID: "P-" + p.Number, Number: p.Number}
	localtest.Put(t, customer.RemoveDomain(localtest.Names(t), removed, "eins-"+unique+".example"))
	if numbers, _, err := d.Profiles.ByDomain(t.Context(), "eins-"+unique+".example", "", 25); err != nil || len(numbers) != 0 {
		t.Errorf("a domain that left is found with %v, %v", numbers, err)
	}
}

// Orders of a number are found by an index, as a source as well, and however much else the audit holds (M6, L2).
func TestTheRoleMayListAllOrdersOfANumber(t *testing.T) {
	d := roleOf(t)
	o := inReview(t)
	source := o.SourceNumbers()[0]
	for range 30 {
		if err := d.Events.Note(t.Context(), audit.Event{Number: source, Action: audit.CustomerViewed, Actor: "staff:jana", At: time.Now()}, rand.Reader, true); err != nil {
			t.Fatal(err)
		}
	}
	for _, numbers := range [][]string{{o.Customer}, {source}, {o.Customer, source}} {
		refs, next, err := d.Events.Orders(t.Context(), audit.MergeSubmitted, numbers, time.Time{}, 1)
		if err != nil || len(refs) != 1 || refs[0].ID != o.ID || !next.IsZero() {
			t.Errorf("orders of %v: %+v, %v, %v", numbers, refs, next, err)
		}
	}
	if _, err := store(t, "mergesubmit").Veto(t.Context(), o.ID, nil); err != nil {
		t.Fatal(err)
	}
	if refs, _, err := d.Events.Orders(t.Context(), audit.MergeVetoed, []string{source}, time.Time{}, 5); err != nil || len(refs) != 1 || refs[0].ID != o.ID {
		t.Errorf("stopped orders: %+v, %v", refs, err)
	}
	if page, err := d.Profiles.Packages(t.Context(), o.Numbers(), customer.PackageQuery{Limit: 5}); err != nil || page.Total != 1 {
		t.Errorf("packages: %+v, %v", page, err)
	}
}

// The state of second factors is asked for without reading a secret (S13, S14).
func TestTheRoleLearnsOnlyHowSecondFactorsStand(t *testing.T) {
	d := roleOf(t)
	p := newCustomer(t, "anna@a.example")
	state := func() secondfactor.State {
		t.Helper()
		s, err := d.Factors.State(t.Context(), p.Number)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if got := state(); got != (secondfactor.State{}) {
		t.Errorf("without any: %+v", got)
	}
	none := secondfactor.Factor{Number: p.Number}
	secret, err := secondfactor.NewSecret(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-time.Hour)
	set, err := none.Begin(secret, at).Confirm(secondfactor.Code(secret, at), []string{"x"}, at)
	if err != nil {
		t.Fatal(err)
	}
	set.Passkeys = []secondfactor.Passkey{{ID: "a"}}
	localtest.Put(t, secondfactor.Save(localtest.Names(t), none, set))
	if got := state(); got != (secondfactor.State{Codes: true, Passkeys: true}) {
		t.Errorf("with both: %+v", got)
	}
	if err := d.Recoveries.Begin(t.Context(), p, customers.Recovery{ID: "r", By: "staff:jana", Reason: "Rückruf", At: time.Now()}, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if got := state(); !got.Recovering {
		t.Errorf("under recovery: %+v", got)
	}
	if _, err := (secondfactor.Store{Store: localtest.StoreFor(t, "review")}).Get(t.Context(), p.Number); err == nil {
		t.Error("the role reads secrets")
	}
}

func TestTheDemoReviewerFindsACustomerOnTheRealSite(t *testing.T) {
	local := localtest.Cloud(t)
	p := newCustomer(t, strings.ToLower(rand.Text())+"@a.example")
	b := &browser{t: t, client: localtest.Client(t), cookies: map[string]map[string]string{}}
	page := local.URL + "/service/customers/" + p.Number
	resp := b.signIn(local.URL+"/service/customers?q="+url.QueryEscape(p.Email), local.Staff[0].User, local.Staff[0].Password)
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || resp.Request.URL.String() != page || !strings.Contains(doc.Find("h1").Text(), "Anna Schäfer") {
		t.Fatalf("the search ends at %s with %d, %v", resp.Request.URL, resp.StatusCode, err)
	}
	events, _, err := audit.Store{Store: localtest.Store(t)}.List(t.Context(), p.Number, "", 10)
	if err != nil || len(events) != 1 || events[0].Action != audit.CustomerViewed || !strings.HasSuffix(events[0].Actor, "|Petra Lindner") {
		t.Errorf("the look is not audited: %+v, %v", events, err)
	}
}

// A reveal of bank data leaves its event on the real table with the function's role (S13, S14).
func TestTheRoleMayNoteARevealOfBankData(t *testing.T) {
	d := roleOf(t)
	p := newCustomer(t, "anna@a.example")
	e := audit.Event{Number: p.Number, Action: audit.BankDataRevealed, Actor: "staff:jana", At: time.Now(), New: map[string]string{"reason": "Rückfrage der Bank"}}
	if err := d.Events.Note(t.Context(), e, rand.Reader, true); err != nil {
		t.Fatal(err)
	}
	events, _, err := d.Events.List(t.Context(), p.Number, "", 5)
	if err != nil || len(events) != 1 || events[0].Action != e.Action || events[0].Actor != e.Actor || events[0].New["reason"] != e.New["reason"] {
		t.Errorf("%+v, %v", events, err)
	}
}
