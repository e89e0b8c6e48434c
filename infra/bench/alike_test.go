package bench

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/login"
	"kundenkonto/functions/mergediff"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// site is what is measured, on tables in memory: what remains is our own work, without the network's noise.
type site struct {
	b     *testing.B
	store table.Store
	count int
}

func (s *site) must(err error) {
	s.b.Helper()
	if err != nil {
		s.b.Fatal(err)
	}
}

// classes are kinds of numbers that must take the same time (S1), each with what it has. prepare is not measured.
var classes = map[string]struct {
	exists, hash, locked bool
	password             string
}{
	"exists":         {exists: true, hash: true, password: "falsch geraten"},
	"unknown":        {password: "falsch geraten"},
	"locked":         {exists: true, hash: true, locked: true, password: "falsch geraten"},
	"no password":    {exists: true, password: "falsch geraten"},
	"empty password": {exists: true, hash: true},
}

// prepare makes a number of its own, which no earlier try has counted at.
func (s *site) prepare(class string, hash string) string {
	s.count++
	number, c := fmt.Sprint(10000000+s.count), classes[class]
	if c.exists {
		s.must(s.store.Transact(context.Background(), append(customer.PutPackage(s.store.Names, customer.Package{ID: "P" + number, Number: number, Product: "shop",
			Domains: []string{"d" + number + ".example"}}), customer.PutNew(s.store.Names, customer.Profile{Number: number, Version: 1, Locked: c.locked, Language: "de"})), ""))
	}
	if c.hash {
		for _, subject := range []string{table.Customer(number), table.PackageSubject("P" + number)} {
			s.must(s.store.Transact(context.Background(), []types.TransactWriteItem{credential.SetPassword(s.store.Names, credential.Credential{Subject: subject}, hash, false, time.Now())}, ""))
		}
	}
	return number
}

// measure asks for each class in turn, the order drawn anew each round, and reports each median and its ratio to that of
// the number that exists.
func (s *site) measure(h http.Handler, path string, form func(number, password string) url.Values, who func() *http.Cookie) {
	hash, err := credential.Hasher{Rand: rand.Reader}.Hash("das richtige Kundenpasswort")
	s.must(err)
	took := map[string][]time.Duration{}
	names := slices.Collect(maps.Keys(classes))
	for s.b.Loop() {
		mathrand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for _, class := range names {
			number := s.prepare(class, hash)
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form(number, classes[class].password).Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			r.RemoteAddr = fmt.Sprintf("[2001:db8:%x:%x::1]:1", s.count>>16, s.count&0xffff)
			if who != nil {
				r.AddCookie(who())
			}
			rec := httptest.NewRecorder()
			began := time.Now()
			h.ServeHTTP(rec, r)
			took[class] = append(took[class], time.Since(began))
			if rec.Code != http.StatusUnprocessableEntity {
				s.b.Fatalf("%s: %d", class, rec.Code)
			}
		}
	}
	reference := median(took["exists"])
	for class, all := range took {
		unit := strings.ReplaceAll(class, " ", "-")
		s.b.ReportMetric(float64(median(all).Microseconds())/1000, unit+"-ms")
		s.b.ReportMetric(float64(median(all))/float64(reference), unit+"-ratio")
	}
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func newSite(b *testing.B) (*site, web.AppConfig) {
	b.Helper()
	return &site{b: b, store: tablefake.New().Store()}, web.AppConfig{Config: web.Config{PublicURL: "https://konto.example"}, Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
}

// S1: within 1 ms or 2 %.
func BenchmarkSignInTakesTheSameForEveryNumber(b *testing.B) {
	s, cfg := newSite(b)
	h, err := login.New(s.store, cfg)
	s.must(err)
	s.measure(h, "/login", func(number, password string) url.Values {
		return url.Values{"customerNumber": {number}, "password": {password}}
	}, nil)
}

// S1, M3: a proof, with the domain of a package that the number has or has not.
func BenchmarkProofTakesTheSameForEveryNumber(b *testing.B) {
	s, cfg := newSite(b)
	h, err := mergediff.New(s.store, cfg)
	s.must(err)
	signedIn := func() *http.Cookie { // somebody else each time, who has not tried yet
		value, opened, err := session.New(rand.Reader, time.Now(), session.Start{Number: s.prepare("no password", "")})
		s.must(err)
		s.must(s.store.Transact(context.Background(), []types.TransactWriteItem{session.Put(s.store.Names, opened)}, ""))
		return session.NewCookie(value)
	}
	s.measure(h, "/merge/check", func(number, password string) url.Values {
		return url.Values{"customerNumber": {number}, "domain": {"d" + number + ".example"}, "password": {password}}
	}, signedIn)
}
