package e2e

import (
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// M5: data that change after the order bring it back to its customer, who sees what changed and confirms it; only then is
// it reviewed and executed with the new data.
func TestDataThatChangeAfterTheOrderAreConfirmed(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	own, other := couple(t, lang.DE)
	id := newProgram(t).orders(own, other)
	mailTo(t, own.Email, id) // announced, so under review
	second := travel(t, browser.Options{})
	second.signsIn(other.CustomerNumber, secret)
	second.Open("/account/master-data")
	second.Fill(T("Telefon", "Phone"), "030 7654321")
	second.Press(T("Stammdaten speichern", "Save details"))
	second.See(T("Ihre Stammdaten sind gespeichert", "Your details have been saved"))

	mailTo(t, own.Email, id, "wartet auf Sie")
	v := travel(t, browser.Options{Shots: "de"})
	v.signsIn(own.CustomerNumber, secret)
	v.Open("/merge/orders/" + id)
	v.See(state(merge.Stale))
	v.Sees("••• ••• 4567", "••• ••• 4321")
	v.SeesNot("7654321")
	v.Shot("order-stale")
	v.Press(T("Mit den neuen Daten bestätigen", "Confirm with the new data"))
	v.At("/merge/orders/" + id)
	v.See(state(merge.InReview))
	v.Shot("order-confirmed")

	staff := work(t, browser.Options{})
	staff.opens(id)
	staff.Press(approve)
	mailTo(t, own.Email, id, "sind zusammengefasst")
}

// M4: after the execution the link of the other side files an objection, and the order says so.
func TestTheOtherSideObjectsToAnExecutedMerge(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	own, other := couple(t, lang.DE)
	id := newProgram(t).orders(own, other)
	link := linkIn(t, mailTo(t, other.Email, id, other.CustomerNumber), "/merge/veto?token=")
	staff := work(t, browser.Options{})
	staff.opens(id)
	staff.Press(approve)
	mailTo(t, own.Email, id, "sind zusammengefasst")

	v := travel(t, browser.Options{Shots: "de"})
	v.Open(link)
	v.Title(T("Einspruch einlegen", "Object to the merge"))
	v.Shot("objection")
	v.Press(T("Einspruch einlegen", "Object to the merge"))
	v.Title(T("Ihr Einspruch ist eingegangen", "We have received your objection"))
	v.Shot("objection-filed")
	v.Open(link) // a second time changes nothing (M9)
	v.Title(T("Ihr Einspruch ist eingegangen", "We have received your objection"))
	mailTo(t, own.Email, "Einspruch", id)
	mailTo(t, other.Email, "Einspruch", id)

	customer := travel(t, browser.Options{Shots: "de"})
	customer.signsIn(own.CustomerNumber, secret)
	customer.Open("/merge/orders/" + id)
	customer.See(T("Ausgeführt, Einspruch wird geprüft", "Carried out, objection in review"))
	customer.Shot("order-objected")
	customer.Open("/merge") // and nothing more can be merged until it is decided
	customer.See(T(merge.OpenMergeOwn.Text.In(lang.DE), merge.OpenMergeOwn.Text.In(lang.EN)))
}
