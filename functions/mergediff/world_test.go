package mergediff

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

const (
	own      = "10000017"
	twin     = "10000023" // the same data in another spelling
	moved    = "10000031" // really differing data
	stranger = "10000049" // another name
	another  = "10000056" // one more that a test may add
)

// domains and packages are those of numbers that tests name in full.
var (
	domains = map[string]string{own: "schaefer.example", twin: "anna-schaefer.example", moved: "alt.example", stranger: "fremd.example",
		another: "dritte.example"}
	packages = map[string]string{own: "P-1001", twin: "P-1002", moved: "P-1003", stranger: "P-1004"}
)

// domain of a number's package.
func domain(number string) string { return cmp.Or(domains[number], "d"+number+".example") }

// packageID of a number's package.
func packageID(number string) string { return cmp.Or(packages[number], "P-"+number) }

// password of every package; long enough for the policy, and a canary: it must never come back (S20).
const password = "paketpasswort-canary"

var hashed = localtest.CheapHash(password)

// newWorld is the slice on tables with four customers, the first one signed in.
func newWorld(t testing.TB) *world.World {
	t.Helper()
	w := world.New(t)
	w.Now = time.Date(2026, 11, 23, 13, 2, 0, 0, time.UTC)
	anna := customer.Profile{
		FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin", Country: "DE",
		Phone: "030 1234567", Mobile: "0171 1234567", Email: "anna@schaefer.example", IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX",
		Language: "de", Version: 3,
	}
	add(w, own, anna, func(*customer.Profile) {})
	add(w, twin, anna, func(p *customer.Profile) {
		p.LastName, p.Street, p.Phone, p.Mobile = "Schaefer", "Hauptstraße 5", "+49 30 1234567", "0171/1234567"
		p.IBAN, p.BIC, p.AccountNumber, p.BankCode = "", "", "0532013000", "37040044"
	})
	add(w, moved, anna, func(p *customer.Profile) {
		p.Street, p.PostalCode, p.City, p.Phone, p.Mobile = "Lindenweg 9", "20095", "Hamburg", "040 7654321", ""
		p.Email, p.IBAN, p.BIC = "a.schaefer@alt.example", "DE02120300000000202051", "BYLADEM1001"
	})
	add(w, stranger, anna, func(p *customer.Profile) { p.FirstName, p.LastName = "Bernd", "Krause" })
	var err error
	if w.Site, err = New(w.Watched, w.Config()); err != nil {
		t.Fatal(err)
	}
	w.SignIn(own)
	return w
}

// add puts a customer with a package that has the password, like another one but for what is altered.
func add(w *world.World, number string, like customer.Profile, alter func(*customer.Profile)) {
	w.T.Helper()
	like.Number = number
	alter(&like)
	w.Save(like)
	w.Hold(customer.Package{ID: packageID(number), Number: number, Product: "hosting", Domains: []string{domain(number)}})
	w.SetHash(table.PackageSubject(packageID(number)), hashed)
}

// is alters a customer when it is called.
func is(number string, alter func(*customer.Profile)) func(*world.World) {
	return func(w *world.World) { w.Change(number, alter) }
}

// setCredential puts the password of a number's package in place of what is there.
func setCredential(w *world.World, number string, c credential.Credential) {
	w.T.Helper()
	key := table.Credential(table.PackageSubject(packageID(number)))
	w.Overwrite(w.Store.Names.Credentials, table.With(key, table.MustMarshal(c)))
}

// endPackage ends the package of a number.
func endPackage(w *world.World, number string) {
	w.T.Helper()
	w.Hold(customer.Package{ID: packageID(number), Number: number, Product: "hosting", Domains: []string{domain(number)}, EndedAt: "2020-01-01"})
}

// lock lets an order run with a number.
func lock(w *world.World, number string) {
	w.T.Helper()
	w.Overwrite(w.Store.Names.MergeOrders, table.With(table.Lock(number), table.Item{"order": table.S("K7QX-2M4D")}))
}

// bar lets an earlier veto stand between a number and the own one.
func bar(w *world.World, number string) {
	w.T.Helper()
	w.Overwrite(w.Store.Names.MergeOrders, table.With(table.Bar(own, number), nil))
}

// guard lets a number have an authenticator app, or none.
func guard(w *world.World, number string, has bool) {
	w.T.Helper()
	item := table.Item{}
	if has {
		item["since"] = table.Time(w.Now)
	}
	w.Overwrite(w.Store.Names.Credentials, table.With(table.SecondFactor(number), item))
}

// asked says whether a key was asked for since the calls were looked at last.
func asked(w *world.World, key table.Key) bool {
	for _, c := range w.Calls() {
		if slices.Contains(c.Keys, table.String(table.Item(key), table.AttrPK)) {
			return true
		}
	}
	return false
}

// tries are those counted in a bucket, and how many of them were wrong.
func tries(w *world.World, kind, value string) (n, wrong int64) {
	w.T.Helper()
	item, err := w.Store.Get(w.T.Context(), w.Store.Names.Throttle, table.Throttle(kind, value))
	if err != nil {
		w.T.Fatal(err)
	}
	return table.Int(item, "n"), table.Int(item, "wrong")
}

// members are numbers that there are none of.
func members(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(20000000 + i)
	}
	return list
}

// wait lets time pass in which the customer stays signed in.
func wait(w *world.World, d time.Duration) {
	w.Now = w.Now.Add(d)
	w.SignIn(own)
}

// prove gives a good proof of a number.
func prove(w *world.World, number string) {
	w.T.Helper()
	w.Post("/merge/check", proofOf(number, password)).LeadsTo("/merge/draft")
}

// proofOf is the form that proves a number by its package.
func proofOf(number, password string) map[string][]string {
	return world.Form("customerNumber", number, "domain", domain(number), "password", password)
}

// adopt takes the data of a proven number over.
func adopt(w *world.World, number string, choices ...string) world.Page {
	w.T.Helper()
	return w.Post("/merge/adopt", world.Form(append([]string{"customerNumber", number}, choices...)...)).Is(303)
}
