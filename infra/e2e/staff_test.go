package e2e

import (
	"net/url"
	"strings"
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
)

// reviewer is a visitor who works in the service team.
type reviewer struct {
	*browser.Visitor
	t *testing.T
}

// work signs a member of the service team in, by the form of the user pool.
func work(t *testing.T, o browser.Options) reviewer {
	t.Helper()
	c := localtest.Cloud(t)
	o.URL = c.URL
	v := reviewer{browser.Visit(t, o), t}
	v.Open("/service")
	v.Fill(T("Username", "Username"), c.Staff[0].User)
	v.Fill(T("Password", "Password"), c.Staff[0].Password)
	v.Press(T("Sign in", "Sign in"))
	v.At("/service")
	return v
}

// opens finds an order by its number in the queue's search.
func (v reviewer) opens(id string) {
	v.t.Helper()
	v.Open("/service")
	v.Shot("service-queue")
	v.Fill(T("Auftrag oder Kunde", "Merge request or customer"), id)
	v.Press(T("Öffnen", "Open"))
	v.At("/service/orders/" + id)
}

// findsCustomer finds a customer by the e-mail address.
func (v reviewer) findsCustomer(l importer.Line) {
	v.t.Helper()
	v.Open("/service/customers")
	v.Fill(T("Kundennummer, E-Mail-Adresse", "Customer number, e-mail address"), l.Email)
	v.Press(T("Suchen", "Search"))
	v.At("/service/customers/" + l.CustomerNumber)
	v.Shot("service-customer")
}

// cutPath returns what follows a prefix of the path of an address.
func cutPath(address, prefix string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	return strings.CutPrefix(u.Path, prefix)
}
