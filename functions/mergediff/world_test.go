package mergediff

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// world is customers, packages, passwords, counts and drafts in memory. It keeps what the tables promise and counts what was asked of it; the tables
// themselves are met by the contract test.
type world struct {
	sync.Mutex  // the handlers ask in parallel
	profiles    map[string]customer.Profile
	packages    map[string][]customer.Package
	credentials map[string]credential.Credential
	drafts      map[string]order.Draft
	locks       map[string]string
	bars        map[string]bool // by the other number
	tries       map[string]int
	limits      map[string]int // of the kinds that take another number of tries than FreeTries
	failed      map[string]int
	asked       []string // calls in order of the proof, to hold that they are always the same
	written     []types.TransactWriteItem
	read        []string        // profiles
	guarded     map[string]bool // by more than the own number, by number
	guards      []string        // numbers of which that was asked
	now         time.Time
	log         bytes.Buffer
}

func (w *world) Profile(_ context.Context, number string) (customer.Profile, error) {
	w.Lock()
	defer w.Unlock()
	if p, found := w.profiles[number]; found {
		return p, nil
	}
	return customer.Profile{}, customer.ErrNotFound
}

func (w *world) Profiles(_ context.Context, numbers []string) (map[string]customer.Profile, error) {
	w.Lock()
	defer w.Unlock()
	found := map[string]customer.Profile{}
	w.read = append(w.read, numbers...)
	for _, n := range numbers {
		if p, ok := w.profiles[n]; ok {
			found[n] = p
		}
	}
	return found, nil
}

func (w *world) Packages(_ context.Context, numbers []string, _ customer.PackageQuery) (customer.PackagePage, error) {
	w.Lock()
	defer w.Unlock()
	total := 0
	for _, n := range numbers {
		total += len(w.packages[n])
	}
	return customer.PackagePage{Total: total}, nil
}

func (w *world) FindProof(_ context.Context, numbers []string, field string, today time.Time) (customer.Found, error) {
	w.Lock()
	defer w.Unlock()
	w.asked = append(w.asked, "find")
	domain, _ := customer.FoldDomain(field)
	for _, n := range numbers {
		for _, p := range w.packages[n] {
			if !p.Ended(today) && (p.ID == field || domain != "" && slices.Contains(customer.FoldDomains(p.Domains), domain)) {
				return customer.Found{Package: p.ID, Number: n, Owner: w.profiles[n]}, nil
			}
		}
	}
	return customer.Found{}, customer.ErrNotFound
}

func (w *world) CountFailedProof(_ context.Context, number, _ string) error {
	w.Lock()
	defer w.Unlock()
	w.asked = append(w.asked, "count failed")
	w.failed[number]++
	return nil
}

func (w *world) Get(_ context.Context, subject string) (credential.Credential, error) {
	w.Lock()
	defer w.Unlock()
	w.asked = append(w.asked, "credential")
	c := w.credentials[subject]
	c.Subject = subject
	return c, nil
}

func (w *world) Lost(_ context.Context, _ string, others []string) ([]string, error) {
	w.Lock()
	defer w.Unlock()
	w.guards = append(w.guards, others...)
	return slices.DeleteFunc(slices.Clone(others), func(n string) bool { return !w.guarded[n] }), nil
}

func (w *world) TryAll(_ context.Context, _ time.Time, buckets ...throttle.Bucket) ([]throttle.Verdict, error) {
	w.Lock()
	defer w.Unlock()
	var verdicts []throttle.Verdict
	for _, b := range buckets {
		key := b.Kind + "#" + b.Value
		if b.Kind != "address-proofs" && b.Kind != "proof-target" && w.tries[key] >= cmp.Or(w.limits[b.Kind], throttle.FreeTries) {
			verdicts = append(verdicts, throttle.Verdict{RetryAfter: 2 * time.Second})
			continue
		}
		w.tries[key]++
		verdicts = append(verdicts, throttle.Verdict{Bucket: b, Allowed: true, Tries: w.tries[key]})
	}
	return verdicts, nil
}

func (w *world) TakeBack(_ context.Context, verdicts ...throttle.Verdict) error {
	w.Lock()
	defer w.Unlock()
	for _, v := range verdicts {
		if v.Allowed {
			w.tries[v.Bucket.Kind+"#"+v.Bucket.Value]--
		}
	}
	return nil
}

func (w *world) Failed(_ context.Context, v throttle.Verdict) error {
	w.Lock()
	defer w.Unlock()
	w.tries["wrong "+v.Bucket.Kind+"#"+v.Bucket.Value]++
	return nil
}

func (w *world) Draft(_ context.Context, number string) (order.Draft, error) {
	w.Lock()
	defer w.Unlock()
	if d, found := w.drafts[number]; found {
		d.Sources = slices.Clone(d.Sources)
		return d, nil
	}
	return order.Draft{Number: number}, nil
}

func (w *world) SaveDraft(_ context.Context, d order.Draft) (order.Draft, error) {
	w.Lock()
	defer w.Unlock()
	if w.drafts[d.Number].Version != d.Version {
		return order.Draft{}, order.ErrDraftChanged
	}
	d.Version++
	w.drafts[d.Number] = d
	return d, nil
}

func (w *world) OpenOrder(_ context.Context, number string) (string, error) {
	return w.locks[number], nil
}

func (w *world) Barred(_ context.Context, _, other string) (bool, error) { return w.bars[other], nil }

func (w *world) NumbersByEmail(_ context.Context, address string, _ int32) ([]string, error) {
	w.Lock()
	defer w.Unlock()
	var numbers []string
	for n, p := range w.profiles {
		if strings.EqualFold(p.Email, address) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

func (w *world) Transact(_ context.Context, items []types.TransactWriteItem, _ string) error {
	w.Lock()
	defer w.Unlock()
	ids := map[string]bool{}
	for _, item := range w.written {
		ids[idOf(item)] = true
	}
	for i, item := range items {
		if id := idOf(item); id != "" && ids[id] {
			reasons := make([]types.CancellationReason, len(items))
			reasons[i].Code = aws.String("ConditionalCheckFailed")
			return &table.Cancelled{Reasons: reasons}
		}
	}
	w.written = append(w.written, items...)
	return nil
}

// idOf is the id of an outbox item, which is written once.
func idOf(item types.TransactWriteItem) string {
	if item.Put == nil || item.Put.Item["event"] == nil {
		return ""
	}
	return table.String(item.Put.Item, table.AttrPK)
}

const (
	own      = "10000017"
	twin     = "10000023" // the same data in another spelling
	moved    = "10000031" // really differing data
	stranger = "10000049" // another name
)

// password of every package; long enough for the policy, and a canary: it must never come back (S20).
const password = "paketpasswort-canary"

var hashed = func() string {
	h, err := credential.Hasher{Rand: rand.Reader}.Hash(password)
	if err != nil {
		panic(err)
	}
	return h
}()

func newWorld() *world {
	w := &world{profiles: map[string]customer.Profile{}, packages: map[string][]customer.Package{}, credentials: map[string]credential.Credential{},
		drafts: map[string]order.Draft{}, locks: map[string]string{}, bars: map[string]bool{}, tries: map[string]int{}, limits: map[string]int{"good-proofs": throttle.GoodProofsADay}, failed: map[string]int{},
		now: time.Date(2026, 11, 23, 13, 2, 0, 0, time.UTC)}
	anna := customer.Profile{FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin", Country: "DE", Phone: "030 1234567",
		Mobile: "0171 1234567", Email: "anna@schaefer.example", IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX", Language: "de", Version: 3}
	w.add(own, anna, "P-1001", "schaefer.example", func(p *customer.Profile) {})
	w.add(twin, anna, "P-1002", "anna-schaefer.example", func(p *customer.Profile) {
		p.LastName, p.Street, p.Phone, p.Mobile = "Schaefer", "Hauptstraße 5", "+49 30 1234567", "0171/1234567"
		p.IBAN, p.BIC, p.AccountNumber, p.BankCode = "", "", "0532013000", "37040044"
	})
	w.add(moved, anna, "P-1003", "alt.example", func(p *customer.Profile) {
		p.Street, p.PostalCode, p.City, p.Phone, p.Mobile = "Lindenweg 9", "20095", "Hamburg", "040 7654321", ""
		p.Email, p.IBAN, p.BIC = "a.schaefer@alt.example", "DE02120300000000202051", "BYLADEM1001"
	})
	w.add(stranger, anna, "P-1004", "fremd.example", func(p *customer.Profile) { p.FirstName, p.LastName = "Bernd", "Krause" })
	return w
}

func (w *world) add(number string, p customer.Profile, packageID, domain string, change func(*customer.Profile)) {
	p.Number = number
	change(&p)
	w.profiles[number] = p
	w.packages[number] = []customer.Package{{ID: packageID, Number: number, Product: "hosting", Domains: []string{domain}}}
	w.credentials[table.PackageSubject(packageID)] = credential.Credential{Hash: hashed, Exists: true}
}

func (w *world) change(number string, f func(*customer.Profile)) {
	p := w.profiles[number]
	f(&p)
	w.profiles[number] = p
}

// app is the slice with the customer of number own signed in.
func (w *world) app(t testing.TB) http.Handler {
	parsed, err := web.ParsePages(pages, form.Partials)
	if err != nil {
		t.Fatal(err)
	}
	signed := func(h func(*web.Request, session.Visitor) (web.Response, error)) web.HandlerFunc {
		return func(r *web.Request) (web.Response, error) {
			s := session.Visitor{Session: session.Session{Number: own, LastUsed: w.now, Expires: w.now.Add(time.Hour)}, Profile: w.profiles[own]}
			r.SignedIn(s.Header())
			return h(r, s)
		}
	}
	cfg := web.AppConfig{Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto", Contact: "030 55555"},
		Now: func() time.Time { return w.now }, Logger: slog.New(slog.NewJSONHandler(&w.log, nil))}
	return web.NewApp(cfg, parsed, Routes(Deps{Signed: signed, Customers: w, Credentials: w, Factors: w, Throttle: w, Orders: w, Tables: w, Speller: spelling.Speller{}, Rand: rand.Reader}))
}

// page is an answer with its DOM.
type page struct {
	t        testing.TB
	status   int
	location string
	header   http.Header
	body     string
	*goquery.Document
}

func (w *world) do(t testing.TB, method, path, accept string, values url.Values) page {
	t.Helper()
	var body io.Reader
	if values != nil {
		body = strings.NewReader(values.Encode())
	}
	r := httptest.NewRequest(method, "https://konto.example"+path, body)
	r.Header.Set("Accept", cmp.Or(accept, "text/html"))
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	w.app(t).ServeHTTP(rec, r)
	p := page{t: t, status: rec.Code, location: rec.Header().Get("Location"), header: rec.Header(), body: rec.Body.String()}
	var err error
	if p.Document, err = goquery.NewDocumentFromReader(strings.NewReader(p.body)); err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *world) get(t testing.TB, path string) page {
	t.Helper()
	return w.do(t, "GET", path, "", nil)
}

func (w *world) post(t testing.TB, path string, pairs ...string) page {
	t.Helper()
	return w.do(t, "POST", path, "", values(pairs...))
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// prove gives a good proof of a number.
func (w *world) prove(t testing.TB, number string) {
	t.Helper()
	p := w.packages[number][0]
	if got := w.post(t, "/merge/check", "customerNumber", number, "domain", p.Domains[0], "password", password); got.status != 303 || got.location != "/merge/draft" {
		t.Fatalf("proof of %s: %d %s\n%s", number, got.status, got.location, got.Find(".error-summary").Text())
	}
}

// adopt takes the data of a proven number over.
func (w *world) adopt(t testing.TB, number string, choices ...string) page {
	t.Helper()
	got := w.post(t, "/merge/adopt", append([]string{"customerNumber", number}, choices...)...)
	if got.status != 303 {
		t.Fatalf("adopting %s: %d", number, got.status)
	}
	return got
}

func (p page) text(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).Text()), " ")
}

func (p page) has(selector, want string) {
	p.t.Helper()
	if got := p.text(selector); !strings.Contains(got, want) {
		p.t.Errorf("%s reads %q, want %q in it", selector, got, want)
	}
}

func (p page) count(selector string, want int) {
	p.t.Helper()
	if got := p.Find(selector).Length(); got != want {
		p.t.Errorf("%d of %s, want %d", got, selector, want)
	}
}
