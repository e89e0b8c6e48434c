package e2e

import (
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// secret is a customer password that the policy takes.
const secret = "Brombeere Fahrplan Leuchtturm"

// traveller is a visitor who walks as a customer.
type traveller struct {
	*browser.Visitor
	t *testing.T
}

func travel(t *testing.T, o browser.Options) traveller {
	t.Helper()
	o.URL = localtest.Cloud(t).URL
	return traveller{browser.Visit(t, o), t}
}

// forgets asks for a link by "Passwort vergessen".
func (v traveller) forgets(number string) {
	v.t.Helper()
	v.Open("/login")
	v.Follow(forgotPassword)
	v.Fill(customerNumber, number)
	v.Press(requestLink)
	v.See(T("Sehen Sie in Ihr Postfach", "Check your mailbox"))
}

// firstPassword opens the mailed link and sets a customer password for the first time, with a mistake on the way.
func (v traveller) firstPassword(l importer.Line) {
	v.t.Helper()
	m := mailTo(v.t, l.Email, v.T(T("erstes Kundenpasswort", "first customer password")), l.CustomerNumber)
	link := linkIn(v.t, m, "/password/reset?token=")
	v.Open(link)
	v.Title(T("Neues Kundenpasswort", "New customer password"))
	v.Shot("password-reset")
	v.Fill(newPassword, "zu kurz")
	v.Press(setPassword)
	v.Status(422)
	v.Title(T("Fehler: ", "Error: "))
	v.Shot("password-too-short")
	v.Fill(newPassword, secret)
	v.Press(setPassword)
	v.See(T("Ihr neues Kundenpasswort ist gespeichert", "Your customer password has been changed"))
	v.Shot("password-set")
	v.Open(link)
	v.Status(410)
	v.See(T("Dieser Link gilt nicht mehr", "This link is no longer valid"))
	v.Shot("password-link-used")
	mailTo(v.t, l.Email, v.T(T("Kundenpasswort wurde geändert", "customer password has been changed")), l.CustomerNumber)
}

// signsIn opens the sign-in page and signs in.
func (v traveller) signsIn(number, password string) {
	v.t.Helper()
	v.Open("/login")
	v.tries(number, password)
	v.At("/account")
}

// tries fills the form of the sign-in.
func (v traveller) tries(number, password string) {
	v.t.Helper()
	v.Fill(customerNumber, number)
	v.Fill(customerPassword, password)
	v.Press(signIn)
}

// toMerge follows the menu path of the merge.
func (v traveller) toMerge() {
	v.t.Helper()
	v.Unfold(yourCustomerData)
	v.Follow(mergingNumbers)
	v.At("/merge")
}

// proves fills the proof of another number.
func (v traveller) proves(number, domain, password string) {
	v.t.Helper()
	v.Fill(otherNumber, number)
	v.Fill(domainOfPackage, domain)
	v.Fill(packagePasswd, password)
	v.Press(goOn)
}

// isRefused expects a reason and that nothing of the other number is told.
func (v traveller) isRefused(reason merge.Reason, hidden ...string) {
	v.t.Helper()
	v.Status(422)
	v.At("/merge/check")
	v.Title(T("Fehler: ", "Error: "))
	v.See(browser.T(reason.Text.In(lang.DE), reason.Text.In(lang.EN)))
	v.SeesNot(hidden...)
}

// order is the number of the order the visitor looks at.
func (v traveller) order() string {
	v.t.Helper()
	id, found := cutPath(v.Address(), "/merge/orders/")
	if !found {
		v.t.Fatalf("%s is no page of an order", v.Address())
	}
	return id
}
