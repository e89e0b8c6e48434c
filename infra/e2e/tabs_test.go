package e2e

import (
	"net/http"
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// S12, M8: the page of a reviewer and that of the customer lie open side by side; the second decision is told that it came
// too late, and why.
func TestWithdrawnInOneTabWhileApprovedInAnother(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	own, other := couple(t, lang.DE)
	id := newProgram(t).orders(own, other)
	mailTo(t, own.Email, id) // announced, so under review
	staff, v := work(t, browser.Options{}), travel(t, browser.Options{})
	staff.opens(id)
	v.signsIn(own.CustomerNumber, secret)
	v.Open("/merge/orders/" + id)
	v.Press(withdrawOrder)
	v.See(state(merge.Withdrawn))
	staff.Press(approve)
	staff.Status(http.StatusConflict)
	staff.See(state(merge.Withdrawn))
	mailTo(t, other.Email, id, "zurückgezogen")

	second := newProgram(t).orders(other, own) // the other way round
	mailTo(t, own.Email, second)
	v = travel(t, browser.Options{})
	v.signsIn(other.CustomerNumber, secret)
	v.Open("/merge/orders/" + second)
	staff.opens(second)
	staff.Press(approve)
	mailTo(t, own.Email, second, "sind zusammengefasst")
	v.Press(withdrawOrder)
	v.Status(http.StatusConflict)
	v.See(T("lässt sich nicht mehr zurückziehen", "can no longer be withdrawn"))
	v.Open("/merge/orders/" + second)
	v.See(state(merge.Executed))
}

// M9: the draft lies open in two tabs and is submitted in both; there is one order, and the second tab leads to it.
func TestADraftSubmittedInTwoTabsIsOneOrder(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	own, other := couple(t, lang.DE)
	first, second := travel(t, browser.Options{}), travel(t, browser.Options{Shots: "de"})
	for _, v := range []traveller{first, second} {
		v.signsIn(own.CustomerNumber, secret)
	}
	first.toMerge()
	first.proves(other.CustomerNumber, domain(other), packagePassword(other))
	first.Press(adoptData)
	second.Open("/merge/draft")
	first.Press(submitOrder)
	id := first.order()
	second.Press(submitOrder)
	second.Status(http.StatusUnprocessableEntity)
	second.See(browser.T(merge.OpenMergeOwn.Text.In(lang.DE), merge.OpenMergeOwn.Text.In(lang.EN)))
	second.Shot("submit-twice")
	second.Follow(T("Zu Ihren Zusammenfassungen", "To your merges"))
	second.Sees(id)
}

// M6, M8: a survivor becomes a source itself; the oldest number still works, and shows all packages of the three.
func TestASurvivorBecomesASource(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	c, b, a := person(t, lang.DE, 1), person(t, lang.DE, 1), person(t, lang.DE, 1)
	c.Password, b.Password = secret, secret
	importAll(t, a, b, c)
	staff := work(t, browser.Options{})
	var ids []string
	for _, pair := range [][2]importer.Line{{b, a}, {c, b}} {
		id := newProgram(t).orders(pair[0], pair[1])
		ids = append(ids, id)
		mailTo(t, pair[0].Email, id)
		staff.opens(id)
		staff.Press(approve)
		mailTo(t, pair[0].Email, id, "sind zusammengefasst")
		mailTo(t, pair[1].Email, id, "sind zusammengefasst")
	}
	v := travel(t, browser.Options{Shots: "de"})
	v.signsIn(a.CustomerNumber, secret)
	v.See(T("gehört jetzt zu", "now belongs to"))
	v.Sees(c.CustomerNumber, domain(a), domain(b), domain(c))
	v.Shot("overview-chain")
	v.Open("/merge/orders")
	v.Sees(ids...)
	v.Open("/merge/orders/" + ids[0])
	v.See(T("sie gehört jetzt zu", "it now belongs to"))
	v.Sees(a.CustomerNumber, b.CustomerNumber, c.CustomerNumber)
	v.Shot("order-chain")
}
