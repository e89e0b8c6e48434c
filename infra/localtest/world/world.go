// Package world is what the test of a page starts from: tables in memory, a clock, and a browser in front of a slice.
package world

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// Noon is when most tests take place: on a Monday, 13:00 in Berlin.
var Noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// World is the tables, and a browser in front of a slice. Store is the test's own access to the tables. Watched is that of the
// slice: on tables in memory its requests are written down, and may fail.
type World struct {
	*Browser
	Tables  *tablefake.Fake // nil on the local cloud
	Store   table.Store
	Watched table.Store
	Now     time.Time // zero is the time of day, which goes on
	Log     bytes.Buffer

	mu    sync.Mutex
	fails []failure
	once  []interruption
	calls []tablefake.Call
}

// interruption is what happens before the first request that matches.
type interruption struct {
	matches func(tablefake.Call) bool
	do      func()
}

// failure is how requests fail that match, but for the first few of them.
type failure struct {
	matches func(tablefake.Call) bool
	spared  int
	err     error
}

// New makes empty tables at noon.
func New(t testing.TB) *World {
	w := &World{Browser: &Browser{T: t, Cookies: map[string]string{}}, Tables: tablefake.New(), Now: Noon}
	w.Store = w.Tables.Store()
	w.Watched = table.Store{DB: w.Tables.Client(tablefake.Watched{Next: w.Tables, Before: w.meet}), Names: w.Store.Names}
	return w
}

// OnCloud is the tables of the local cloud, as they are now. A slice sees them with the role of its function ("account"). What
// reads whole tables (Items, Events, Outbox, OrderIDs) is for tables in memory, like Meanwhile, Fail and Calls.
func OnCloud(t testing.TB, function string) *World {
	t.Helper()
	return &World{Browser: &Browser{T: t, Cookies: map[string]string{}}, Store: localtest.Store(t), Watched: localtest.StoreFor(t, function)}
}

// Time is what the clock says.
func (w *World) Time() time.Time {
	if w.Now.IsZero() {
		return time.Now()
	}
	return w.Now
}

// Links are the company's pages that the pages lead to.
var Links = web.Links{Invoices: "https://firma.example/rechnungen", Help: "https://firma.example/hilfe", Pay: "https://firma.example/bezahlen",
	Terms: "https://firma.example/agb", Processing: "https://firma.example/avv"}

// Config is what a slice is made with.
func (w *World) Config() web.AppConfig {
	return web.AppConfig{
		Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto", Contact: "030 55555", Links: Links},
		Now:    w.Time,
		Logger: slog.New(slog.NewJSONHandler(&w.Log, nil)),
	}
}

// meet is what comes before each request of the slice.
func (w *World) meet(c tablefake.Call) error {
	for _, i := range w.interrupted(c) {
		i.do()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, c)
	for i := range w.fails {
		f := &w.fails[i]
		switch {
		case !f.matches(c):
		case f.spared > 0:
			f.spared--
		default:
			return f.err
		}
	}
	return nil
}

func (w *World) interrupted(c tablefake.Call) (now []interruption) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.once = slices.DeleteFunc(w.once, func(i interruption) bool {
		if i.matches(c) {
			now = append(now, i)
			return true
		}
		return false
	})
	return now
}

// Meanwhile lets something happen before the next request that matches.
func (w *World) Meanwhile(matches func(tablefake.Call) bool, do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.once = append(w.once, interruption{matches, do})
}

// Fail lets requests fail that match, from the n-th on, 0 being the next: the client tries again, so that one alone would
// not be noticed. tablefake.Refused is an answer that is not tried again.
func (w *World) Fail(n int, err error, matches func(tablefake.Call) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fails = append(w.fails, failure{matches, n, err})
}

// Writes matches what would change a table.
func Writes(c tablefake.Call) bool { return c.Writes }

// TransactWrites matches what would change tables in one transaction.
func TransactWrites(c tablefake.Call) bool { return c.Writes && c.Operation == "TransactWriteItems" }

// On matches an operation ("Query") on a table, with others or alone.
func On(operation, name string) func(tablefake.Call) bool {
	return func(c tablefake.Call) bool { return c.Operation == operation && slices.Contains(c.Tables, name) }
}

// Calls are the requests since it was asked last.
func (w *World) Calls() []tablefake.Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls
	w.calls = nil
	return calls
}

// Orders is the order store at the world's time, with a veto period of 72 hours.
func (w *World) Orders() order.Store {
	return order.Store{Store: w.Store, Now: w.Time, Rand: rand.Reader, Speller: spelling.Speller{}, VetoHours: 72}
}

// Put writes items as they are, on their conditions: up to table.MaxItems of them all or none.
func (w *World) Put(items ...types.TransactWriteItem) {
	w.T.Helper()
	for part := range slices.Chunk(items, table.MaxItems) {
		if err := w.Store.Transact(context.Background(), part, ""); err != nil {
			w.T.Fatal(err)
		}
	}
}

// Overwrite puts an item in place of what is there.
func (w *World) Overwrite(name string, item table.Item) {
	w.T.Helper()
	w.Put(types.TransactWriteItem{Put: &types.Put{TableName: &name, Item: item}})
}

// Save puts a customer's profile in place of what is there.
func (w *World) Save(p customer.Profile) {
	w.T.Helper()
	put := customer.PutNew(w.Store.Names, p).Put
	w.Overwrite(*put.TableName, put.Item)
}

// Profile is a customer as the tables have it; of none, an empty one.
func (w *World) Profile(number string) customer.Profile {
	w.T.Helper()
	found, err := customer.Store{Store: w.Store}.Profiles(context.Background(), []string{number})
	if err != nil {
		w.T.Fatal(err)
	}
	return found[number]
}

// Change alters a customer.
func (w *World) Change(number string, alter func(*customer.Profile)) {
	w.T.Helper()
	p := w.Profile(number)
	alter(&p)
	w.Save(p)
}

// Hold puts packages.
func (w *World) Hold(packages ...customer.Package) {
	w.T.Helper()
	for _, p := range packages {
		w.Put(customer.PutPackage(w.Store.Names, p)...)
	}
}

// Package is a package as the tables have it.
func (w *World) Package(id string) customer.Package {
	w.T.Helper()
	p, err := customer.Store{Store: w.Store}.Package(context.Background(), id)
	if err != nil {
		w.T.Fatal(err)
	}
	return p
}

// SetPassword gives a customer number or package its first password, an hour before.
func (w *World) SetPassword(subject, password string) {
	w.T.Helper()
	w.SetHash(subject, localtest.CheapHash(password))
}

// SetHash is SetPassword with a hash that may be none.
func (w *World) SetHash(subject, hash string) {
	w.T.Helper()
	w.Put(credential.SetPassword(w.Store.Names, credential.Credential{Subject: subject}, hash, false, w.Time().Add(-time.Hour)))
}

// Credential is what is kept of a password.
func (w *World) Credential(subject string) credential.Credential {
	w.T.Helper()
	c, err := credential.Store{Store: w.Store}.Get(context.Background(), subject)
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

// SaveOrder puts an order in place of what is there, and lets it hold its numbers as its state says.
func (w *World) SaveOrder(o order.Order) {
	w.T.Helper()
	o.Rev = max(1, o.Rev)
	if o.Objected() && o.Held == nil {
		o.Held = []string{o.Customer}
	}
	item, err := o.Item()
	if err != nil {
		w.T.Fatal(err)
	}
	w.Overwrite(w.Store.Names.MergeOrders, item)
	for _, n := range o.Numbers() {
		w.hold(n, o.ID, !o.State.Final(), o.Objected() && slices.Contains(o.Held, n))
	}
}

// hold lets a number be part of a running order, or of one that somebody objects to, or of neither.
func (w *World) hold(number, id string, running, objected bool) {
	w.T.Helper()
	var h order.Hold
	item, err := w.Store.Get(context.Background(), w.Store.Names.MergeOrders, table.Lock(number))
	if err == nil {
		err = table.Unmarshal(item, &h)
	}
	if err != nil {
		w.T.Fatal(err)
	}
	next := table.Item{}
	if running {
		h.Order = id
	} else if h.Order == id {
		h.Order = ""
	}
	if h.Order != "" {
		next["order"] = table.S(h.Order)
	}
	h.Objections = slices.DeleteFunc(h.Objections, func(o string) bool { return o == id })
	if objected {
		h.Objections = append(h.Objections, id)
	}
	if len(h.Objections) > 0 {
		next["objections"] = &types.AttributeValueMemberSS{Value: h.Objections}
	}
	w.Overwrite(w.Store.Names.MergeOrders, table.With(table.Lock(number), next))
}

// Order is an order as the tables have it.
func (w *World) Order(id string) order.Order {
	w.T.Helper()
	o, err := w.Orders().Get(context.Background(), id)
	if err != nil {
		w.T.Fatal(err)
	}
	return o
}

// OrderIDs are all orders that there are.
func (w *World) OrderIDs() (ids []string) {
	for _, item := range w.Items(w.Store.Names.MergeOrders) {
		if item["state"] != nil { // no draft, hold or bar
			ids = append(ids, table.String(item, "id"))
		}
	}
	return ids
}

// Draft is a customer's draft.
func (w *World) Draft(number string) order.Draft {
	w.T.Helper()
	d, err := w.Orders().Draft(context.Background(), number)
	if err != nil {
		w.T.Fatal(err)
	}
	return d
}

// SaveDraft puts a draft over the one that it was read from.
func (w *World) SaveDraft(d order.Draft) {
	w.T.Helper()
	if _, err := w.Orders().SaveDraft(context.Background(), d); err != nil {
		w.T.Fatal(err)
	}
}

// Items are all items of a table.
func (w *World) Items(name string) (items []table.Item) {
	w.T.Helper()
	if w.Tables == nil {
		w.T.Fatal("whole tables are read in memory only: on the cloud other tests use them, too")
	}
	w.Tables.Locked(func() {
		w.Tables.Items(name, func(i tablefake.Item) { items = append(items, tablefake.Decode(i)) })
	})
	return items
}

// Events are what the audit has, by number and then time.
func (w *World) Events() (events []audit.Event) {
	w.T.Helper()
	for _, item := range w.Items(w.Store.Names.Audit) {
		var e audit.Event
		if err := table.Unmarshal(item, &e); err != nil {
			w.T.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

// Outbox is what waits in the outbox.
func (w *World) Outbox() (items []outbox.Item) {
	w.T.Helper()
	for _, image := range w.Items(w.Store.Names.Outbox) {
		item, err := outbox.FromImage(image)
		if err != nil {
			w.T.Fatal(err)
		}
		items = append(items, item)
	}
	return items
}

// SignIn signs a customer in.
func (w *World) SignIn(number string) {
	w.T.Helper()
	cookie, s, err := session.New(rand.Reader, w.Time(), session.Start{Number: number, Epoch: w.Profile(number).Epoch})
	if err != nil {
		w.T.Fatal(err)
	}
	w.PutSession(cookie, s)
}

// PutSession stores a session in place of what is there, and lets the browser have it.
func (w *World) PutSession(cookie string, s session.Session) {
	w.T.Helper()
	put := session.Put(w.Store.Names, s).Put
	w.Overwrite(*put.TableName, put.Item)
	w.Cookies[session.Cookie] = cookie
}

// PutToken stores what the secret of a mailed link stands for.
func (w *World) PutToken(secret string, t token.Token) {
	w.T.Helper()
	w.Overwrite(w.Store.Names.Tokens, table.With(table.Token(secret), table.MustMarshal(t)))
}
