package main

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/login"
	"kundenkonto/functions/mergediff"
	"kundenkonto/infra/bench/figure"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/meter"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// classes are kinds of numbers that must take the same time (S1), each with what it has. The first is what the others are
// compared with.
var classes = []struct {
	name                 string
	exists, hash, locked bool
	password             string
}{
	{"exists", true, true, false, "falsch geraten"},
	{"unknown", false, false, false, "falsch geraten"},
	{"locked", true, true, true, "falsch geraten"},
	{"no-password", true, false, false, "falsch geraten"},
	{"empty-password", true, true, false, ""},
}

// crowd makes numbers that no earlier try has counted at.
type crowd struct {
	h     *meter.House
	count int
	hash  string
}

// alike measures what a wrong try takes for each kind of number: by the sign-in, and by the proof of a merge (S1, M3).
func (b bench) alike() (all []figure.Figure, err error) {
	err = b.walk(func(h *meter.House) {
		hash, err := credential.Hasher{Rand: rand.Reader}.Hash("das richtige Kundenpasswort")
		h.Must(err)
		c := crowd{h: h, hash: hash}
		cfg := web.AppConfig{Config: web.Config{PublicURL: "https://konto.example"}, Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
		store := h.Meter.Fake.Store()
		signIn, err := login.New(store, cfg)
		h.Must(err)
		all = append(all, c.measure("sign-in", 2*b.runs, func(number, password string) spent {
			return c.post(signIn, "/login", nil, url.Values{"customerNumber": {number}, "password": {password}})
		})...)
		proof, err := mergediff.New(store, cfg)
		h.Must(err)
		all = append(all, c.measure("proof", 2*b.runs, func(number, password string) spent {
			return c.post(proof, "/merge/check", c.somebody(), url.Values{"customerNumber": {number}, "domain": {"d" + number + ".example"}, "password": {password}})
		})...)
	})
	return all, err
}

// measure tries each kind in turn, in an order that is drawn anew each time. A busy machine tells
// kinds apart by chance, so that the CPU of the process is measured beside the time.
func (c *crowd) measure(what string, rounds int, try func(number, password string) spent) (all []figure.Figure) {
	found, order := make([]series, len(classes)), make([]int, len(classes))
	for i := range order {
		order[i], found[i] = i, series{}
	}
	for range rounds {
		mathrand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			number := c.number(classes[i].exists, classes[i].hash, classes[i].locked)
			found[i].take(try(number, classes[i].password))
		}
	}
	for i, class := range classes {
		name := fmt.Sprintf("Alike/of=%s/number=%s", what, class.name)
		all = append(all, found[i].figures(name, "ms/op", "cpu-ms/op")...)
		for _, c := range []struct{ unit, ratio string }{{"ms/op", "ratio"}, {"cpu-ms/op", "cpu-ratio"}} {
			all = append(all, figure.Of(name, c.ratio, figure.Of("", "", found[i][c.unit]...).Median/figure.Of("", "", found[0][c.unit]...).Median))
		}
	}
	return all
}

// number makes a number with what it shall have.
func (c *crowd) number(exists, hash, locked bool) string {
	c.count++
	number, names := fmt.Sprint(30000000+c.count), tablefake.Names
	var items []types.TransactWriteItem
	if exists {
		items = append(customer.PutPackage(names, customer.Package{ID: "P" + number, Number: number, Product: "shop", Domains: []string{"d" + number + ".example"}}),
			customer.PutNew(names, customer.Profile{Number: number, Version: 1, Locked: locked, Language: "de"}))
	}
	if hash {
		for _, subject := range []string{table.Customer(number), table.PackageSubject("P" + number)} {
			items = append(items, credential.SetPassword(names, credential.Credential{Subject: subject}, c.hash, false, time.Now()))
		}
	}
	if len(items) > 0 {
		c.h.Must(c.h.Meter.Fake.Store().Transact(c.h.Context(), items, ""))
	}
	return number
}

// somebody is signed in and has not tried yet.
func (c *crowd) somebody() *http.Cookie {
	value, opened, err := session.New(rand.Reader, time.Now(), session.Start{Number: c.number(true, false, false)})
	c.h.Must(err)
	c.h.Must(c.h.Meter.Fake.Store().Transact(c.h.Context(), []types.TransactWriteItem{session.Put(tablefake.Names, opened)}, ""))
	return session.NewCookie(value)
}

// post gives what the handler took.
func (c *crowd) post(h http.Handler, path string, cookie *http.Cookie, form url.Values) spent {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.RemoteAddr = fmt.Sprintf("[2001:db8:%x:%x::1]:1", c.count>>16, c.count&0xffff)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	rec := httptest.NewRecorder()
	took := spend(1, func() { h.ServeHTTP(rec, r) })
	if rec.Code != http.StatusUnprocessableEntity {
		c.h.Fatalf("%s: %d", path, rec.Code)
	}
	return took
}
