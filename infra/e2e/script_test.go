package e2e

import (
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
)

// What the script adds; the journeys without JavaScript show that all goes without it.
func TestTheScriptAddsComfort(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	l := person(t, lang.DE, 1)
	l.Password = secret
	importAll(t, l)
	v := travel(t, browser.Options{Shots: "de"})
	kind := func() string { return v.Attribute("#f-password", "type") }

	v.Open("/login")
	v.Fill(customerNumber, l.CustomerNumber)
	v.Fill(customerPassword, secret)
	v.Click(T("anzeigen Kundenpasswort", "show Customer password"))
	if kind() != "text" {
		t.Error("the password is not shown")
	}
	v.Click(T("verbergen Kundenpasswort", "hide Customer password"))
	if kind() != "password" {
		t.Error("the password is still shown")
	}
	v.Press(signIn)
	v.At("/account")

	v.Unfold(yourCustomerData)
	v.Shot("menu-open")
	v.Keys("\u001b") // Escape
	if v.Attribute("details.menu", "open") != "" {
		t.Error("Escape does not close the menu")
	}

	v.Open("/account/master-data")
	if n := v.SendsTwice("form[data-guard]"); n != 1 {
		t.Errorf("a form pressed twice is sent %d times", n)
	}
	v.Reload()
	v.Follow(T("Übersicht", "Overview")) // nothing was typed: nobody asks
	v.Open("/account/master-data")
	v.Fill(street, "Gartenweg 9")
	v.Asked(0)
	v.Follow(T("Übersicht", "Overview"))
	v.Asked(1)
	v.At("/account")
}

// The queue of the service team is worked through by keys alone.
func TestTheServiceTeamWorksByKeys(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	id := ""
	for range 2 {
		own, other := couple(t, lang.DE)
		id = newProgram(t).orders(own, other)
	}
	v := work(t, browser.Options{Shots: "reviewer"})
	v.Open("/service")
	v.Keys("jjk")
	first := v.Texts("[data-row]")[0]
	if at := v.Texts(":focus"); len(at) != 1 || at[0] != first {
		t.Errorf("after j, j, k the keys are at %v, not at %s", at, first)
	}
	v.Keys("?")
	v.See(T("nächster Auftrag", "next merge request"))
	v.Shot("queue-keys")
	v.Keys("\u001b")
	v.Opens("\r", "/service/orders/"+first)
	v.opens(id)
	v.Keys("r")
	if at := v.Texts(":focus"); len(at) != 1 || at[0] != v.T(reject) {
		t.Errorf("r leads to %v", at)
	}
	v.Opens("u", "/service")
	v.Keys("s")
	v.Keys("jk") // typed into the field, no key of the queue
	if got := v.Value(T("Auftrag oder Kunde", "Merge request or customer")); got != "jk" {
		t.Errorf("the search holds %q", got)
	}
}
