package e2e

import (
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// state is how a state reads on the pages.
func state(s merge.State) browser.Text { return T(s.Words().In(lang.DE), s.Words().In(lang.EN)) }

// M4: the other side stops the merge by the link in its mail, without signing in.
func TestTheOtherSideStopsTheMerge(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	own, other := couple(t, lang.DE)
	id := newProgram(t).orders(own, other)
	link := linkIn(t, mailTo(t, other.Email, id, other.CustomerNumber), "/merge/veto?token=")
	v := travel(t, browser.Options{Shots: "de"})
	v.Open(link[:len(link)-4] + "XXXX")
	v.Status(404)
	v.Shot("veto-link-unknown")
	v.Open(link)
	v.Title(stopMerge)
	v.Shot("veto")
	v.Press(stopMerge)
	v.Title(T("Die Zusammenfassung ist gestoppt", "The merge has been stopped"))
	v.Shot("veto-done")
	v.Open(link) // a second time changes nothing (M9)
	v.Title(T("Die Zusammenfassung ist gestoppt", "The merge has been stopped"))
	for _, address := range []string{own.Email, other.Email} {
		mailTo(t, address, "gestoppt", id)
	}
	customer := travel(t, browser.Options{Shots: "de"})
	customer.signsIn(own.CustomerNumber, secret)
	customer.Open("/merge/orders/" + id)
	customer.See(state(merge.Vetoed))
	customer.Shot("order-vetoed")
	customer.toMerge()
	customer.proves(other.CustomerNumber, domain(other), packagePassword(other)) // the password that was used is void now
	customer.isRefused(merge.ProofFailed)
	setsAgain(t, other)
	customer.proves(other.CustomerNumber, domain(other), packagePassword(other)) // and the two numbers are barred
	customer.isRefused(merge.Barred)
	customer.Shot("merge-barred")
}

// M4: the reason goes to the ordering customer, the other side learns the outcome only.
func TestTheServiceTeamRejectsAnOrder(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	own, other := couple(t, lang.EN)
	id := newProgram(t).orders(own, other)
	mailTo(t, own.Email, id) // announced, so under review
	staff := work(t, browser.Options{Lang: lang.EN, Shots: "en"})
	staff.opens(id)
	const reason, note = "Please send us a copy of the trade register entry.", "Two firms under one name, see file 12."
	staff.Fill(T("Grund", "Reason"), reason)
	staff.Fill(T("Notiz", "Note"), note)
	staff.Press(reject)
	staff.Open("/service/orders/" + id)
	staff.See(state(merge.Rejected))
	staff.Sees(reason, note)
	staff.Shot("service-rejected")
	staff.Press(signOut)

	toOwn, toOther := mailTo(t, own.Email, id, "rejected"), mailTo(t, other.Email, id, "rejected")
	if !all(toOwn.Text, []string{"trade register"}) {
		t.Errorf("the ordering customer is not told why:\n%s", toOwn.Text)
	}
	for _, m := range []string{toOwn.Text, toOwn.HTML, toOther.Text, toOther.HTML} {
		if all(m, []string{"file 12"}) {
			t.Error("the note left the service team")
		}
	}
	if all(toOther.Text+toOther.HTML, []string{"trade register"}) {
		t.Error("the other side is told the reason")
	}
	customer := travel(t, browser.Options{Lang: lang.EN, Shots: "en"})
	customer.signsIn(own.CustomerNumber, secret)
	customer.Open("/merge/orders/" + id)
	customer.See(state(merge.Rejected))
	customer.Sees(reason)
	customer.SeesNot(note)
	customer.Shot("order-rejected")
}

func TestTheCustomerWithdrawsAnOrder(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	own, other := couple(t, lang.DE)
	id := newProgram(t).orders(own, other)
	v := travel(t, browser.Options{Shots: "de"})
	v.signsIn(own.CustomerNumber, secret)
	v.See(T("Laufende Zusammenfassungen", "Merges in progress"))
	v.Open("/merge/orders/" + id)
	v.Press(withdrawOrder)
	v.See(state(merge.Withdrawn))
	v.Shot("order-withdrawn")
	mailTo(t, own.Email, id, "zurückgezogen")
	mailTo(t, other.Email, id, "zurückgezogen")
	v.toMerge() // and may order anew
	v.proves(other.CustomerNumber, domain(other), packagePassword(other))
	v.At("/merge/draft")
	v.PressIn(T(other.CustomerNumber, other.CustomerNumber), T("entfernen", "remove"))
	v.At("/merge")
	v.Open("/merge/draft") // with nothing in it
	v.At("/merge")
}
