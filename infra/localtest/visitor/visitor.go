// Package visitor is the customer whom tests of the customer area start from: signed in, and in front of all its rooms.
package visitor

import (
	"crypto/rand"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/product"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

// The numbers of Anna, the one that she signs in with and an earlier one.
const (
	Number  = "10000017"
	Earlier = "10000023"
)

// Firefox is how a browser names itself.
const Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"

// One is Anna's package of each product, once she has a shop: see HoldShop.
var One = map[string]string{product.Server: "P-1001", product.Hosting: "P-1002", product.Shop: "P-1004"}

// Password is that of every visitor.
const Password = "ein langes Kundenpasswort"

// Profile is Anna's.
var Profile = customer.Profile{
	Number: Number, FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin", Country: "DE",
	Phone: "030 1234567", Mobile: "0171 1234567", Email: "anna@schaefer.example", IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX",
	AccountNumber: "0532013000", BankCode: "37040044", Language: "de", Members: []string{Earlier}, Version: 7, Epoch: 2,
}

// Visitor is a world with a customer who is signed in.
type Visitor struct {
	*world.World
	Number  string
	Session session.Session // that of the browser; see Resume

	wrote int
	start map[string]table.Item // what the tables of customers had at the beginning
}

// Anna has one earlier number and three packages, on tables in memory.
func Anna(t testing.TB) *Visitor {
	t.Helper()
	w := world.New(t)
	w.Save(customer.Profile{Number: Earlier, MergedInto: Number, Version: 1})
	w.Hold(
		customer.Package{ID: "P-1001", Number: Number, Product: "server", Tariff: "Root Server M",
			Domains: []string{"schaefer.example", "a-schaefer.example"}, ContractStart: "2019-05-01", TermMonths: 12, NoticePeriodMonths: 1},
		customer.Package{ID: "P-1002", Number: Earlier, Product: "hosting", Tariff: "Hosting S", ContractStart: "2024-02-29", NoticePeriodMonths: 1},
		customer.Package{ID: "P-1003", Number: Number, Product: "shop", Domains: []string{"alt.example"}, ContractStart: "2015-01-01",
			TermMonths: 12, EndedAt: "2025-03-31"},
	)
	v := enter(w, Profile)
	v.start = v.customers()
	return v
}

// Alone is a customer with one number and no package, on tables in memory. The clock goes on.
func Alone(t testing.TB) *Visitor {
	t.Helper()
	w := world.New(t)
	w.Now = time.Time{}
	return enter(w, alone(Number))
}

// OnCloud is such a customer, with a number of their own, on the local cloud.
func OnCloud(t testing.TB) *Visitor {
	t.Helper()
	return enter(world.OnCloud(t, "account"), alone(localtest.Number(t)))
}

func alone(number string) customer.Profile {
	p := Profile
	p.Number, p.Members, p.Epoch, p.Version = number, nil, 0, 1
	return p
}

// enter signs a customer in.
func enter(w *world.World, p customer.Profile) *Visitor {
	w.T.Helper()
	v := &Visitor{World: w, Number: p.Number}
	v.Save(p)
	v.SetPassword(table.Customer(p.Number), Password)
	v.SignIn(session.Start{})
	site, err := account.New(v.Watched, v.Config())
	if err != nil {
		v.T.Fatal(err)
	}
	v.Site = site
	return v
}

// SignIn gives the browser a session of the customer.
func (v *Visitor) SignIn(start session.Start) {
	v.T.Helper()
	cookie, s := v.begin(start)
	v.Session = s
	v.PutSession(cookie, s)
}

// Another is another browser in which the customer is signed in.
func (v *Visitor) Another(agent string) *world.Browser {
	v.T.Helper()
	cookie, s := v.begin(session.Start{UserAgent: agent})
	v.Put(session.Put(v.Store.Names, s))
	return &world.Browser{T: v.T, Site: v.Site, Cookies: map[string]string{session.Cookie: cookie}}
}

func (v *Visitor) begin(start session.Start) (cookie string, s session.Session) {
	v.T.Helper()
	start.Number, start.Epoch = v.Number, v.Own().Epoch
	cookie, s, err := session.New(rand.Reader, v.Time(), start)
	if err != nil {
		v.T.Fatal(err)
	}
	return cookie, s
}

// Resume alters the browser's session.
func (v *Visitor) Resume(alter func(*session.Session)) {
	v.T.Helper()
	alter(&v.Session)
	v.PutSession(v.Cookies[session.Cookie], v.Session)
}

// SessionID is how the tables know the session of a browser.
func SessionID(b *world.Browser) string { return table.Hash(b.Cookies[session.Cookie]) }

// Own is the customer as the tables have it.
func (v *Visitor) Own() customer.Profile { return v.Profile(v.Number) }

// Is alters the customer.
func (v *Visitor) Is(alter func(*customer.Profile)) {
	v.T.Helper()
	v.Change(v.Number, alter)
}

// Only leaves the customer no packages but these.
func (v *Visitor) Only(packages ...customer.Package) {
	v.T.Helper()
	for _, item := range v.Items(v.Store.Names.Customers) {
		if table.String(item, table.AttrSK) != table.SKProfile {
			v.Drop(item)
		}
	}
	v.Hold(packages...)
}

// Drop takes an item out of the table of customers.
func (v *Visitor) Drop(item table.Item) {
	v.T.Helper()
	key := table.Key{table.AttrPK: item[table.AttrPK], table.AttrSK: item[table.AttrSK]}
	v.Put(types.TransactWriteItem{Delete: &types.Delete{TableName: &v.Store.Names.Customers, Key: key}})
}

// GiveAway makes a package another customer's.
func (v *Visitor) GiveAway(id, number string) {
	v.T.Helper()
	p := v.Package(id)
	for _, item := range v.Items(v.Store.Names.Customers) {
		owner := reflect.DeepEqual(item[table.AttrPK], table.Owner(id)[table.AttrPK])
		if owner || table.String(item, "packageId") == id || table.String(item, "id") == id {
			v.Drop(item)
		}
	}
	p.Number = number
	v.Hold(p)
}

// HoldShop gives Anna a shop besides, so that she has a package of each product.
func (v *Visitor) HoldShop() {
	v.T.Helper()
	v.Hold(customer.Package{ID: "P-1004", Number: Number, Product: product.Shop, Domains: []string{"laden.example"}, ContractStart: "2020-01-01"})
}

// Set saves settings of a package, as in another window.
func (v *Visitor) Set(id string, settings map[string]string) {
	v.T.Helper()
	v.Put(customer.PutSettings(v.Store.Names, v.Package(id), settings))
}

// MasterData is the form of the master data as a browser would send it, with some fields replaced.
func (v *Visitor) MasterData(replaced ...string) url.Values {
	v.T.Helper()
	return v.Get("/account/master-data").Filled("form[data-guard]", replaced...)
}
