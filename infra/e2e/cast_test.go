package e2e

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/demo"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/table"
)

// cast is who plays in a walk: a person with several customer numbers, and people the person has nothing to do with.
type cast struct {
	own       importer.Line // signs in; never had a customer password
	spelled   importer.Line // the same data in another spelling
	third     importer.Line // and in a third one
	different importer.Line // really other data, another address
	owing     importer.Line // an open balance
	stranger  importer.Line // another name
}

// newCast makes customers that no other test has and imports them from a file of the test's own.
// The own pages are in l, the mails to the different number in the other language.
func newCast(t *testing.T, l lang.Lang) cast {
	t.Helper()
	otherLang := lang.EN
	if l == lang.EN {
		otherLang = lang.DE
	}
	c := cast{own: person(t, l, 2), spelled: person(t, l, 1), third: person(t, l, 1), different: person(t, otherLang, 2), owing: person(t, l, 1), stranger: person(t, l, 1)}
	c.spelled.Street, c.spelled.City = "Hauptstraße 5", "BERLIN"
	c.spelled.Phone, c.spelled.Mobile, c.spelled.Email = "+49 30 1234567", "0049 171 2345678", c.own.Email
	c.spelled.IBAN, c.spelled.BIC, c.spelled.AccountNumber, c.spelled.BankCode = "", "", "0532013000", "37040044"
	c.third.FirstName, c.third.Street, c.third.City, c.third.Email = "ANNA", "Hauptstrasse 5", "BERLIN", strings.ToUpper(c.own.Email)
	c.third.Phone, c.third.Mobile, c.third.IBAN, c.third.BIC = "(030) 123 45 67", "+49 171/2345678", "DE89370400440532013000", "COBADEFF"
	c.different.Street, c.different.PostalCode, c.different.City = "Lindenallee 17 a", "14467", "Potsdam"
	c.different.Phone, c.different.Mobile = "0331 7654321", ""
	c.different.IBAN, c.different.BIC = "DE02 1203 0000 0000 2020 51", "BYLADEM1001"
	c.owing.BalanceCents = 1999
	c.stranger.FirstName, c.stranger.LastName = "Bernd", "Ziegler"
	for _, l := range []*importer.Line{&c.spelled, &c.third, &c.different, &c.owing, &c.stranger} {
		l.Password = "Altes-Kundenpasswort-" + l.CustomerNumber
	}
	importAll(t, c.own, c.spelled, c.third, c.different, c.owing, c.stranger)
	return c
}

// person is Anna Schäfer with a number, an address and packages of their own.
func person(t *testing.T, lang lang.Lang, packages int) importer.Line {
	t.Helper()
	n := localtest.Number(t)
	l := importer.Line{
		CustomerNumber: n, FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin", Country: "DE",
		Phone: "030/1234567", Mobile: "0171 2345678", Email: "kunde-" + n + "@post.example", IBAN: "DE89 3704 0044 0532 0130 00", BIC: "COBADEFFXXX",
		Language: string(lang),
	}
	products, price := []string{"hosting", "server", "shop"}, int64(1197)
	for i := range packages {
		l.Packages = append(l.Packages, importer.Package{
			ID: fmt.Sprintf("P-%s-%d", n, i), Product: products[i%3], Tariff: "Tarif M", Domains: []string{fmt.Sprintf("seite-%d-%s.example", i, n)},
			ContractStart: "2019-05-01", TermMonths: 12, NoticePeriodMonths: 1, PriceCents: &price, BillingMonths: 3,
		})
	}
	if packages > 0 {
		l.Packages[0].Password = "paketpasswort-" + n
	}
	return l
}

// domain is what proves a customer together with packagePassword.
func domain(l importer.Line) string          { return l.Packages[0].Domains[0] }
func packagePassword(l importer.Line) string { return l.Packages[0].Password }

// importAll writes the customers to a JSON Lines file and imports it.
func importAll(t *testing.T, lines ...importer.Line) {
	t.Helper()
	var b strings.Builder
	for _, l := range lines {
		line, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	path := filepath.Join(t.TempDir(), "customers.jsonl")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	file := importer.Disk(path)
	checked := importer.Check(file)
	for _, p := range checked.Problems {
		t.Fatal(p)
	}
	report, err := importer.Importer{Tables: localtest.Store(t), Now: time.Now, Rand: rand.Reader}.Import(t.Context(), checked, file)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Failures {
		t.Fatal(p)
	}
}

// domains are one domain of each package.
func domains(l importer.Line) []string {
	var list []string
	for _, p := range l.Packages {
		list = append(list, p.Domains[0])
	}
	return list
}

// demoCast are the demo customers, or new ones where the demo customers have walked before (state kept between runs).
func demoCast(t *testing.T) cast {
	t.Helper()
	lines, err := demo.Customers()
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]importer.Line{}
	for _, l := range lines {
		by[l.CustomerNumber] = l
	}
	c := cast{own: by["10000017"], spelled: by["10000023"], third: by["10000031"], different: by["10000048"], owing: by["10000056"], stranger: by["10000137"]}
	used, err := credential.Store{Store: localtest.Store(t)}.Get(t.Context(), table.Customer(c.own.CustomerNumber))
	if err != nil {
		t.Fatal(err)
	}
	if used.Exists {
		t.Log("the demo customers have walked before; new ones walk instead")
		return newCast(t, lang.DE)
	}
	return c
}
