package cancel

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
)

// declaration is a good form with a change.
func declaration(change ...string) url.Values {
	form := url.Values{"kind": {customer.Ordinary}, "name": {"Anna Schäfer"}, "customerNumber": {"1000 0017"}, "contract": {"P-1001"},
		"email": {"anna@kunde.example"}, "idempotencyKey": {"einmal-und-nie-wieder"}}
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

// public is the page, with one customer who has one package.
func public(t *testing.T) *world.World {
	t.Helper()
	w := world.New(t)
	w.Save(customer.Profile{Number: "10000017", FirstName: "Anna", LastName: "Schäfer", Email: "anna@kunde.example", Version: 1})
	w.Hold(customer.Package{ID: "P-1001", Number: "10000017", Product: "hosting", Domains: []string{"schaefer.example"}})
	site, err := New(w.Watched, w.Config())
	if err != nil {
		t.Fatal(err)
	}
	w.Site = site
	w.Calls()
	return w
}

// declared are the cancellations that lie in the outbox.
func declared(t *testing.T, w *world.World) (all []cancellation.Declared) {
	t.Helper()
	for _, image := range w.Items(tablefake.Names.Outbox) {
		item, err := outbox.FromImage(image)
		if err != nil {
			t.Fatal(err)
		}
		if item.Event == outbox.CancellationDeclared {
			all = append(all, cancellation.DeclaredIn(item))
		}
	}
	return all
}

func TestAFormThatIsSentTwiceIsOneCancellationOfTheFirstTime(t *testing.T) { // M9
	w := public(t)
	first := w.Post("/cancel", declaration())
	if first.Status != http.StatusOK {
		t.Fatalf("%d: %s", first.Status, first.Body)
	}
	w.Now = w.Now.Add(time.Hour)
	again := w.Post("/cancel", declaration())
	all := declared(t, w)
	if len(all) != 1 {
		t.Fatalf("%d cancellations", len(all))
	}
	facts := func(p world.Page) string { return strings.Join(strings.Fields(p.Find("main .facts").Text()), " ") }
	if facts(first) != facts(again) || !strings.Contains(facts(first), all[0].ID) || !strings.Contains(facts(first), "Uhr") {
		t.Errorf("first %q, then %q", facts(first), facts(again))
	}
	if d := all[0]; d.Number != "10000017" || d.Contract != "P-1001" || d.Email != "anna@kunde.example" || !d.ReceivedAt.Before(w.Now.Add(-time.Minute)) {
		t.Errorf("%+v", d)
	}
	w.Post("/cancel", declaration("contract", "P-1002"))
	w.Post("/cancel", declaration("idempotencyKey", "ein-anderes-formular"))
	if n := len(declared(t, w)); n != 3 {
		t.Errorf("another contract and another form make %d", n)
	}
}

// The declaration can be stored with date and time, and says that it was given by the button (BGB section 312k, paragraph 3).
func TestTheDeclarationIsHeldByThePageAsAFile(t *testing.T) {
	page := public(t).Post("/cancel", declaration("kind", customer.Extraordinary, "reason", "Der Server steht still.", "endDate", "31.12.2030"))
	link := page.Find("a[download]")
	href, _ := link.Attr("href")
	name, _ := link.Attr("download")
	text, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(href, "data:text/plain;charset=utf-8;base64,"))
	if err != nil || !strings.HasSuffix(name, ".txt") {
		t.Fatalf("%s: %v", href, err)
	}
	for _, said := range []string{"Anna Schäfer", "10000017", "P-1001", "außerordentliche", "Der Server steht still.", "31.12.2030", "jetzt kündigen", "Uhr", "anna@kunde.example"} {
		if !strings.Contains(string(text), said) {
			t.Errorf("the file does not say %q:\n%s", said, text)
		}
	}
}

// S1: nothing tells whether number and contract exist: the same calls, and the same answer but for what was entered.
func TestACancellationTellsNothingOfWhoIsACustomer(t *testing.T) { // C2
	calls := map[string]string{}
	for _, number := range []string{"10000017", "10000999", ""} {
		for _, contract := range []string{"P-1001", "P-9999", "schaefer.example"} {
			w := public(t)
			page := w.Post("/cancel", declaration("customerNumber", number, "contract", contract))
			var made []string
			for _, c := range w.Calls() {
				made = append(made, c.Operation+" "+strings.Join(c.Tables, ","))
			}
			text := strings.Join(strings.Fields(page.Find("main h1, main .lead").Text()), " ")
			calls[text+" | "+strings.Join(made, "; ")] = number + " " + contract
		}
	}
	if len(calls) != 1 {
		t.Errorf("the answers differ: %q", slices.Sorted(maps.Keys(calls)))
	}
	for made := range calls {
		if strings.Contains(made, "Customers") || !strings.Contains(made, "Outbox") {
			t.Errorf("calls %s", made)
		}
	}
}

func TestWhatIsMissingIsSaidAndNothingTakenIn(t *testing.T) {
	w := public(t)
	for code, form := range map[string]url.Values{
		"kind_missing": declaration("kind", ""), "reason_missing": declaration("kind", customer.Extraordinary), "name_missing": declaration("name", " "),
		"invalid_customer_number": declaration("customerNumber", "12"), "contract_missing": declaration("contract", ""),
		"email_missing": declaration("email", ""), "email_form": declaration("email", "anna"), "invalid_date": declaration("endDate", "bald"),
	} {
		page := w.Post("/cancel", form)
		if page.Status != http.StatusUnprocessableEntity || page.Find(".error-summary li").Length() != 1 {
			t.Errorf("%s: %d %s", code, page.Status, page.Body)
		}
	}
	if page := w.Post("/cancel", declaration("idempotencyKey", "kurz")); page.Status != http.StatusBadRequest {
		t.Errorf("without a key: %d", page.Status)
	}
	if n := len(declared(t, w)); n != 0 {
		t.Errorf("%d were taken in", n)
	}
}

// Whoever sends very many keeps nobody from cancelling but those behind the same address (S3).
func TestTooManyCancellationsStopTheirSenderAlone(t *testing.T) {
	w := public(t)
	send := func(n int) int {
		return w.Post("/cancel", declaration("idempotencyKey", strings.Repeat("x", 16+n))).Status
	}
	stopped := 0
	for n := range 30 {
		if send(n) == http.StatusTooManyRequests {
			stopped++
		}
	}
	if stopped != 10 {
		t.Errorf("%d of 30 were stopped", stopped)
	}
	w.Now = w.Now.Add(11 * time.Minute)
	if code := send(40); code != http.StatusOK {
		t.Errorf("later: %d", code)
	}
}

func TestEachFormHasAKeyOfItsOwn(t *testing.T) {
	w := public(t)
	key := func() string { v, _ := w.Get("/cancel").Find("input[name=idempotencyKey]").Attr("value"); return v }
	if a, b := key(), key(); a == b || !keyPattern.MatchString(a) {
		t.Errorf("%q, %q", a, b)
	}
}
