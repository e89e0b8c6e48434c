package account

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/order"
	"kundenkonto/shared/product"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

var noon = time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)

// world stands in for the tables behind the pages: one customer, its packages, its running order. What real tables do
// with it is tried on the local cloud.
type world struct {
	profile  customer.Profile
	session  session.Session
	now      customer.Profile // what Profile reads again; the zero one is profile
	packages []customer.Package
	order    order.Order
	password string
	asked    customer.PackageQuery
	numbers  []string
	writes   [][]types.TransactWriteItem
	fail     error
	products product.Table
	tokens   map[string]token.Token // by their secrets
	alike    []customer.Profile     // of the same address
	factors  secondfactor.Store     // empty ones when it is not set
}

// tables are those that hold second factors, drafts, passwords of packages and counts.
func (w *world) tables() table.Store {
	if w.factors.DB == nil {
		w.factors.Store = tablefake.New().Store()
	}
	return w.factors.Store
}

func (w *world) Profile(context.Context, string) (customer.Profile, error) {
	if w.now.Number != "" {
		return w.now, nil
	}
	return w.profile, nil
}

func (w *world) Packages(_ context.Context, numbers []string, q customer.PackageQuery) (customer.PackagePage, error) {
	w.asked, w.numbers = q, numbers
	page := customer.PackagePage{Packages: w.packages, Total: len(w.packages)}
	if len(w.packages) > q.Limit {
		page.Packages, page.Next = w.packages[:q.Limit], w.packages[q.Limit-1].ID
	}
	return page, nil
}

func (w *world) Package(_ context.Context, id string) (customer.Package, error) {
	for _, p := range w.packages {
		if p.ID == id {
			return p, nil
		}
	}
	return customer.Package{}, customer.ErrNotFound
}

func (w *world) Find(_ context.Context, secret, purpose string, now time.Time) (token.Token, string, error) {
	t, known := w.tokens[secret]
	if !known || t.Purpose != purpose || !now.Before(t.Expires) {
		return token.Token{}, "", token.ErrNotFound
	}
	return t, "key-of-" + secret, nil
}

func (w *world) OpenOrder(context.Context, string) (string, error) { return w.order.ID, nil }

func (w *world) Objections(context.Context, ...string) ([]string, error) {
	if w.order.Objected() {
		return []string{w.order.ID}, nil
	}
	return nil, nil
}

func (w *world) Barred(context.Context, string, string) (bool, error) { return false, nil }

func (w *world) Draft(context.Context, string) (order.Draft, error) { return order.Draft{}, nil }

func (w *world) NumbersByEmail(context.Context, string, int32) ([]string, error) {
	numbers := []string{w.profile.Number}
	for _, p := range w.alike {
		numbers = append(numbers, p.Number)
	}
	return numbers, nil
}

func (w *world) Profiles(context.Context, []string) (map[string]customer.Profile, error) {
	found := map[string]customer.Profile{w.profile.Number: w.profile}
	for _, p := range w.alike {
		found[p.Number] = p
	}
	return found, nil
}

func (w *world) Get(context.Context, string) (order.Order, error) { return w.order, nil }

func (w *world) Check(_ context.Context, _, given string, _ time.Time) error {
	if given == w.password {
		return nil
	}
	text := lang.T("Dieses Kundenpasswort stimmt nicht.")
	return web.Unprocessable("password_wrong", text, web.Invalid(reauth.Field, "password_wrong", text))
}

func (w *world) Transact(_ context.Context, items []types.TransactWriteItem, _ string) error {
	if w.fail != nil {
		return w.fail
	}
	w.writes = append(w.writes, items)
	return nil
}

// anna has one earlier number and three packages.
func anna() *world {
	return &world{
		profile: customer.Profile{
			Number: "10000017", FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin", Country: "DE",
			Phone: "030 1234567", Mobile: "0171 1234567", Email: "anna@schaefer.example", IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX",
			AccountNumber: "0532013000", BankCode: "37040044", Language: "de", Members: []string{"10000023"}, Version: 7, Epoch: 2,
		},
		session:  session.Session{Number: "10000017", Epoch: 2, LastUsed: noon, Expires: noon.Add(8 * time.Hour)},
		password: "richtiges Passwort",
		packages: []customer.Package{
			{ID: "P-1001", Number: "10000017", Product: "server", Tariff: "Root Server M", Domains: []string{"schaefer.example", "a-schaefer.example"},
				ContractStart: "2019-05-01", TermMonths: 12, NoticePeriodMonths: 1},
			{ID: "P-1002", Number: "10000023", Product: "hosting", Tariff: "Hosting S", ContractStart: "2024-02-29", NoticePeriodMonths: 1},
			{ID: "P-1003", Number: "10000017", Product: "shop", Domains: []string{"alt.example"}, ContractStart: "2015-01-01", TermMonths: 12, EndedAt: "2025-03-31"},
		},
	}
}

// cookie is of the customer's session.
const cookie = "cookie-of-anna"

// signedIn are tables with the customer and a session.
func (w *world) signedIn(t *testing.T) session.Store {
	t.Helper()
	store := tablefake.New().Store()
	s := w.session
	s.ID = table.Hash(cookie)
	if err := store.Transact(t.Context(), []types.TransactWriteItem{customer.PutNew(store.Names, w.profile), session.Put(store.Names, s)}, ""); err != nil {
		t.Fatal(err)
	}
	return session.Store{Store: store}
}

// site serves the slice with the customer of the world signed in.
func (w *world) site(t *testing.T) http.Handler {
	t.Helper()
	d := area.Deps{Customers: w, Orders: w, Passwords: w, Credentials: credential.Store{Store: w.tables()}, Tokens: w, Throttle: throttle.Store{Store: w.tables()}, Tables: w, Rand: rand.Reader, Store: w.tables(), Products: w.products, Speller: spelling.Speller{},
		Names: tablefake.Names}
	d.Sessions = w.signedIn(t)
	routes := routes(d)
	parsed, err := web.ParsePages(allPages, form.Partials)
	if err != nil {
		t.Fatal(err)
	}
	cfg := web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto", Contact: "030 555 0100"}
	return web.NewApp(web.AppConfig{Config: cfg, Now: func() time.Time { return noon }, Logger: slog.New(slog.DiscardHandler)}, parsed, routes)
}

// answer is what came back, as text and as a document.
type answer struct {
	*httptest.ResponseRecorder
	doc *goquery.Document
}

func (w *world) get(t *testing.T, path string, headers ...string) answer {
	t.Helper()
	return w.do(t, httptest.NewRequest(http.MethodGet, path, nil), headers)
}

func (w *world) post(t *testing.T, fields url.Values, headers ...string) answer {
	t.Helper()
	return w.postTo(t, "/account/master-data", fields, headers...)
}

func (w *world) postTo(t *testing.T, path string, fields url.Values, headers ...string) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return w.do(t, r, headers)
}

func (w *world) do(t *testing.T, r *http.Request, headers []string) answer {
	t.Helper()
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if l := r.Header.Get("Accept-Language"); l != "" { // the profile's own goes before
		defer func(own string) { w.profile.Language = own }(w.profile.Language)
		w.profile.Language = l
	}
	r.AddCookie(&http.Cookie{Name: session.Cookie, Value: cookie})
	rec := httptest.NewRecorder()
	w.site(t).ServeHTTP(rec, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(rec.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return answer{rec, doc}
}

// text is the text at a selector with its blanks folded.
func (a answer) text(selector string) string {
	return strings.Join(strings.Fields(a.doc.Find(selector).Text()), " ")
}

// newJSON is a request with a JSON body.
func newJSON(path, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

// ask gets a page of a site as it is, without reading it.
func ask(site http.Handler, path, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept", accept)
	r.AddCookie(&http.Cookie{Name: session.Cookie, Value: cookie})
	rec := httptest.NewRecorder()
	site.ServeHTTP(rec, r)
	return rec
}
