package review

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/functions/review/customers"
	"kundenkonto/functions/review/desk"
	"kundenkonto/functions/review/mails"
	"kundenkonto/functions/review/orders"
	"kundenkonto/functions/review/signin"
	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// start is when the tests begin.
var start = sampleorder.Start

const publicURL = "https://konto.example"

// site is the function with everything around it, and a browser.
type site struct {
	t       *testing.T
	app     http.Handler
	issuer  *issuer
	tables  *tablefake.Fake
	store   table.Store
	before  func() // runs once before the next transaction is written
	wrote   int
	mute    bool            // the audit takes nothing
	known   map[string]bool // order and end of it that the audit has
	orders  *fakeOrders
	queue   *fakeQueue
	team    *fakeTeam
	now     time.Time
	cookies map[string]string
	log     bytes.Buffer
}

func newSite(t *testing.T) *site {
	s := &site{t: t, issuer: newIssuer(t), now: start, cookies: map[string]string{}, tables: tablefake.New(), known: map[string]bool{},
		orders: &fakeOrders{orders: map[string]order.Order{}}}
	s.store = table.Store{DB: s.tables.Client(roundTripper(s.arrive)), Names: tablefake.Names}
	s.orders.profile, s.queue = s.profile, &fakeQueue{}
	now := func() time.Time { return s.now }
	s.issuer.now, s.team = now, &fakeTeam{sub: "7f1c", name: "Jana Wolff", groups: []string{session.StaffGroup}}
	d := desk.Desk{Staff: session.StaffStore{Store: s.store}, Team: s.team, Orders: s.orders, Profiles: customer.Store{Store: s.store}, Events: audit.Store{Store: s.store}, Factors: secondfactor.Store{Store: s.store}, Rand: rand.Reader}
	all := rooms{
		door:      signin.Room{Desk: d, Provider: signin.NewProvider(signin.ProviderConfig{Issuer: s.issuer.URL, ClientID: clientID, PublicURL: publicURL}, now)},
		orders:    orders.Room{Desk: d, Speller: spelling.Speller{}},
		customers: customers.Room{Desk: d, Accounts: customers.Accounts{Store: s.store, Rand: rand.Reader}, Pauses: throttle.Store{Store: s.store}, Links: forgot.Queue{Sender: s.queue, URL: "queue"}},
		mails:     mails.Room{Desk: d, Outbox: outbox.Store{Store: s.store}},
	}
	app, err := all.handler(web.AppConfig{Config: web.Config{PublicURL: publicURL, Brand: "Kundenkonto"}, Now: now, FormActions: signin.FormActions(s.issuer.URL + "/x"),
		Logger: slog.New(slog.NewJSONHandler(&s.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	s.app = app
	return s
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// arrive lets somebody be faster than a transaction.
func (s *site) arrive(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if s.mute && bytes.Contains(body, []byte(`"`+tablefake.Names.Audit+`"`)) && !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".Query") {
		return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}, Request: r,
			Body: io.NopCloser(strings.NewReader(`{"__type":"com.amazon.coral.validate#ValidationException","message":"no audit"}`))}, nil
	}
	looks := !bytes.Contains(body, []byte(`"Put"`)) && !bytes.Contains(body, []byte(`"Update"`)) // at a second step, say
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".TransactWriteItems") && !looks {
		s.wrote++
		if faster := s.before; faster != nil {
			s.before = nil
			faster()
		}
	}
	return s.tables.RoundTrip(r)
}

// written are the items of a table.
func (s *site) written(name string) (items []table.Item) {
	s.tables.Items(name, func(i tablefake.Item) { items = append(items, tablefake.Decode(i)) })
	return items
}

// request is what a browser does with its cookies.
func (s *site) request(method, path string, form url.Values, headers ...string) *http.Response {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	for name, value := range s.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	s.app.ServeHTTP(w, r)
	resp := w.Result()
	for _, c := range resp.Cookies() {
		if c.MaxAge < 0 {
			delete(s.cookies, c.Name)
		} else {
			s.cookies[c.Name] = c.Value
		}
	}
	return resp
}

func (s *site) get(path string, headers ...string) *http.Response {
	return s.request(http.MethodGet, path, nil, headers...)
}

func (s *site) post(path string, form url.Values) *http.Response {
	return s.request(http.MethodPost, path, form)
}

// page asks for a page and demands a status.
func (s *site) page(resp *http.Response, status int) *goquery.Document {
	s.t.Helper()
	if resp.StatusCode != status {
		s.t.Fatalf("status %d, want %d\n%s", resp.StatusCode, status, s.log.String())
	}
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return doc
}

func text(resp *http.Response) string {
	b, _ := io.ReadAll(resp.Body)
	return string(b)
}

// words are an element's text as people read it.
func words(sel *goquery.Selection) string { return strings.Join(strings.Fields(sel.Text()), " ") }

func (s *site) redirected(resp *http.Response, to string) {
	s.t.Helper()
	if got := resp.Header.Get("Location"); resp.StatusCode != http.StatusSeeOther || got != to {
		s.t.Fatalf("status %d to %q, want 303 to %q\n%s", resp.StatusCode, got, to, s.log.String())
	}
}

// signIn goes the whole way through the provider.
func (s *site) signIn() {
	s.t.Helper()
	code, state := s.begin("/service")
	s.redirected(s.finish(code, state), "/service")
}

func (s *site) begin(next string) (code, state string) {
	s.t.Helper()
	resp := s.get("/service/login?next=" + url.QueryEscape(next))
	if resp.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("sign-in answers %d: %s", resp.StatusCode, text(resp))
	}
	return s.issuer.authorize(s.t, resp.Header.Get("Location"))
}

func (s *site) finish(code, state string) *http.Response {
	return s.get("/service/callback?" + url.Values{"code": {code}, "state": {state}}.Encode())
}

// signInCookie is the cookie of a sign-in under way.
const signInCookie = "__Host-staff-signin"

// anna is a customer with data that differ and data that are only spelled differently.
func anna() order.Order { return sampleorder.Anna() }

// put stores an order and its customers as they were at submission.
func (s *site) put(o order.Order) order.Order {
	s.add(o)
	for _, p := range sampleorder.Profiles(o) {
		s.save(p)
	}
	return o
}

// profile is a customer as the tables have it; of none, an empty one.
func (s *site) profile(number string) customer.Profile {
	found, err := customer.Store{Store: s.tables.Store()}.Profiles(context.Background(), []string{number})
	if err != nil {
		s.t.Error(err)
	}
	return found[number]
}

// save puts a customer as it is given.
func (s *site) save(p customer.Profile) {
	s.t.Helper()
	s.putItem(tablefake.Names.Customers, customer.PutNew(tablefake.Names, p).Put.Item)
}

// hold puts a package.
func (s *site) hold(p customer.Package) {
	s.t.Helper()
	if err := s.tables.Store().Transact(s.t.Context(), customer.PutPackage(tablefake.Names, p), ""); err != nil {
		s.t.Fatal(err)
	}
}

// pause makes tries of a bucket, the last one now.
func (s *site) pause(b throttle.Bucket, tries int) {
	s.t.Helper()
	for i := range tries {
		if v, err := (throttle.Store{Store: s.tables.Store()}).Try(s.t.Context(), b, s.now.Add(-time.Duration(tries-1-i)*3*time.Minute)); err != nil || !v.Allowed {
			s.t.Fatalf("try %d: %+v, %v", i, v, err)
		}
	}
}

// guard lets a number's second step stand as it is given.
func (s *site) guard(number string, as secondfactor.State) {
	s.t.Helper()
	item := table.With(table.SecondFactor(number), table.Item{})
	for name, is := range map[string]bool{"since": as.Codes, "passkeys": as.Passkeys, "recovery": as.Recovering} {
		if is {
			item[name] = table.S("set")
		}
	}
	s.putItem(tablefake.Names.Credentials, item)
}

// add stores an order with what the audit says of it, and leaves its customers as they are.
func (s *site) add(o order.Order) {
	s.t.Helper()
	s.orders.orders[o.ID] = o
	actions := []string{audit.MergeSubmitted}
	if o.State == merge.Vetoed {
		actions = append(actions, audit.MergeVetoed)
	}
	for _, action := range actions {
		if s.known[o.ID+action] {
			continue
		}
		s.known[o.ID+action] = true
		for _, n := range o.Numbers() {
			s.happened(audit.Event{Number: n, Action: action, Actor: o.Customer, At: o.SubmittedAt, Order: o.ID})
		}
	}
}

// happened puts events into the audit.
func (s *site) happened(events ...audit.Event) {
	s.t.Helper()
	for _, e := range events {
		s.putItem(tablefake.Names.Audit, audit.Put(tablefake.Names, e, rand.Reader).Put.Item)
	}
}

// noted are the events of who is signed in, by number and time.
func (s *site) noted() (events []audit.Event) {
	for _, e := range s.audited() {
		if session.SameStaff(e.Actor, "staff:7f1c|") {
			events = append(events, e)
		}
	}
	return events
}

// forget empties the audit of them.
func (s *site) forget() {
	s.t.Helper()
	for _, item := range s.written(tablefake.Names.Audit) {
		if session.SameStaff(table.String(item, "actor"), "staff:7f1c|") {
			key := table.Key{table.AttrPK: item[table.AttrPK], table.AttrSK: item[table.AttrSK]}
			if _, err := s.store.DB.DeleteItem(s.t.Context(), &dynamodb.DeleteItemInput{TableName: &tablefake.Names.Audit, Key: key}); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}
