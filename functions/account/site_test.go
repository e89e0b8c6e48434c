package account

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/product"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

var noon = time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)

// The numbers of anna, the one that she signs in with and an earlier one.
const (
	ownNumber     = "10000017"
	earlierNumber = "10000023"
)

// account is tables with one customer, and the slice on them with the customer signed in.
type account struct {
	*world.World
	session  session.Session
	password string
	products product.Table
	wrote    int
	start    map[string]table.Item // what the tables of customers had at the beginning
}

// cookie is of the customer's session.
const cookie = "cookie-of-anna"

// annaProfile is a customer with one earlier number.
var annaProfile = customer.Profile{
	Number: ownNumber, FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin", Country: "DE",
	Phone: "030 1234567", Mobile: "0171 1234567", Email: "anna@schaefer.example", IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX",
	AccountNumber: "0532013000", BankCode: "37040044", Language: "de", Members: []string{earlierNumber}, Version: 7, Epoch: 2,
}

// anna has one earlier number and three packages.
func anna(t testing.TB) *account {
	t.Helper()
	w := &account{World: world.New(t), password: "richtiges Passwort"}
	w.Now = noon
	w.Save(annaProfile)
	w.Save(customer.Profile{Number: earlierNumber, MergedInto: ownNumber, Version: 1})
	w.SetPassword(table.Customer(ownNumber), w.password)
	w.Hold(
		customer.Package{ID: "P-1001", Number: ownNumber, Product: "server", Tariff: "Root Server M",
			Domains: []string{"schaefer.example", "a-schaefer.example"}, ContractStart: "2019-05-01", TermMonths: 12, NoticePeriodMonths: 1},
		customer.Package{ID: "P-1002", Number: earlierNumber, Product: "hosting", Tariff: "Hosting S", ContractStart: "2024-02-29", NoticePeriodMonths: 1},
		customer.Package{ID: "P-1003", Number: ownNumber, Product: "shop", Domains: []string{"alt.example"}, ContractStart: "2015-01-01",
			TermMonths: 12, EndedAt: "2025-03-31"},
	)
	w.signedIn(func(s *session.Session) {
		*s = session.Session{ID: table.Hash(cookie), Number: ownNumber, Epoch: 2, LastUsed: noon, Expires: noon.Add(8 * time.Hour)}
	})
	w.start = w.customers()
	w.serve()
	return w
}

// serve makes the slice, with packages that can be set to other things if the account says so.
func (w *account) serve() {
	w.T.Helper()
	deps := area.DepsOf(w.Watched)
	deps.Products = w.products
	var err error
	if w.Site, err = site(deps, w.Config()); err != nil {
		w.T.Fatal(err)
	}
}

// signedIn alters the customer's session.
func (w *account) signedIn(alter func(*session.Session)) {
	w.T.Helper()
	alter(&w.session)
	w.PutSession(cookie, w.session)
}

// own is the customer as the tables have it.
func (w *account) own() customer.Profile { return w.Profile(ownNumber) }

// is alters the customer.
func (w *account) is(alter func(*customer.Profile)) {
	w.T.Helper()
	w.Change(ownNumber, alter)
}

// only leaves the customer no packages but these.
func (w *account) only(packages ...customer.Package) {
	w.T.Helper()
	for _, item := range w.Items(w.Store.Names.Customers) {
		if table.String(item, table.AttrSK) != table.SKProfile {
			w.drop(item)
		}
	}
	w.Hold(packages...)
}

func (w *account) drop(item table.Item) {
	w.T.Helper()
	key := table.Key{table.AttrPK: item[table.AttrPK], table.AttrSK: item[table.AttrSK]}
	w.Put(types.TransactWriteItem{Delete: &types.Delete{TableName: &w.Store.Names.Customers, Key: key}})
}

// pack is a package as the tables have it.
func (w *account) pack(id string) customer.Package {
	w.T.Helper()
	p, err := customer.Store{Store: w.Store}.Package(w.T.Context(), id)
	if err != nil {
		w.T.Fatal(err)
	}
	return p
}

// giveAway makes a package another customer's.
func (w *account) giveAway(id, number string) {
	w.T.Helper()
	p := w.pack(id)
	for _, item := range w.Items(w.Store.Names.Customers) {
		if table.String(item, "packageId") == id || table.String(item, "id") == id || reflect.DeepEqual(item[table.AttrPK], table.Owner(id)[table.AttrPK]) {
			w.drop(item)
		}
	}
	p.Number = number
	w.Hold(p)
}

// set saves settings of a package, as in another window.
func (w *account) set(id string, settings map[string]string) {
	w.T.Helper()
	w.Put(customer.PutSettings(w.Store.Names, w.pack(id), settings))
}

// saves says whether a request would save something: counts of tries are none.
func saves(c tablefake.Call) bool {
	return world.TransactWrites(c) && c.Tables[0] != tablefake.Names.Throttle
}

// writes is how often the pages saved something so far.
func (w *account) writes() int {
	for _, c := range w.Calls() {
		if saves(c) {
			w.wrote++
		}
	}
	return w.wrote
}

// customers are all profiles and packages by their keys.
func (w *account) customers() map[string]table.Item {
	w.T.Helper()
	found := map[string]table.Item{}
	for _, item := range w.Items(w.Store.Names.Customers) {
		found[table.String(item, table.AttrPK)+" "+table.String(item, table.AttrSK)] = item
	}
	return found
}

// stored is the text of all that the tables of customers have and had not at the beginning.
func (w *account) stored() string {
	w.T.Helper()
	var all []string
	for key, item := range w.customers() {
		for name, v := range item {
			if !reflect.DeepEqual(w.start[key][name], v) {
				all = append(all, texts(v)...)
			}
		}
	}
	return strings.Join(all, "\n")
}

// told are the items of the outbox by event.
func (w *account) told() map[string]outbox.Item {
	w.T.Helper()
	found := map[string]outbox.Item{}
	for _, item := range w.Outbox() {
		found[item.Event] = item
	}
	return found
}

// effects is all that audit and outbox hold, as text.
func (w *account) effects() string {
	w.T.Helper()
	var all []string
	for _, item := range slices.Concat(w.Items(w.Store.Names.Audit), w.Items(w.Store.Names.Outbox)) {
		all = append(all, texts(&types.AttributeValueMemberM{Value: item})...)
	}
	return strings.Join(all, " ")
}

// texts are those within an attribute.
func texts(v types.AttributeValue) (all []string) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return []string{v.Value}
	case *types.AttributeValueMemberM:
		for _, inner := range v.Value {
			all = append(all, texts(inner)...)
		}
	case *types.AttributeValueMemberL:
		for _, inner := range v.Value {
			all = append(all, texts(inner)...)
		}
	}
	return all
}

// changed are the attributes of the profile that something changes.
func (w *account) changed(do func()) string {
	w.T.Helper()
	read := func() table.Item {
		item, err := w.Store.Get(w.T.Context(), w.Store.Names.Customers, table.Profile(ownNumber))
		if err != nil {
			w.T.Fatal(err)
		}
		return item
	}
	before := read()
	do()
	after, names := read(), []string{}
	for name := range table.With(table.Key(before), after) {
		if !reflect.DeepEqual(before[name], after[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// answer is what came back, as text and as a document.
type answer struct {
	*httptest.ResponseRecorder
	doc *goquery.Document
}

func (w *account) get(t *testing.T, path string, headers ...string) answer {
	t.Helper()
	return w.do(t, httptest.NewRequest(http.MethodGet, path, nil), headers)
}

func (w *account) post(t *testing.T, fields url.Values, headers ...string) answer {
	t.Helper()
	return w.postTo(t, "/account/master-data", fields, headers...)
}

func (w *account) postTo(t *testing.T, path string, fields url.Values, headers ...string) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return w.do(t, r, headers)
}

func (w *account) do(t *testing.T, r *http.Request, headers []string) answer {
	t.Helper()
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if l := r.Header.Get("Accept-Language"); l != "" { // the profile's own goes before
		defer w.is(func(p *customer.Profile) { p.Language = annaProfile.Language })
		w.is(func(p *customer.Profile) { p.Language = l })
	}
	if value := w.Cookies[session.Cookie]; value != "" {
		r.AddCookie(&http.Cookie{Name: session.Cookie, Value: value})
	}
	rec := httptest.NewRecorder()
	w.Site.ServeHTTP(rec, r)
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
