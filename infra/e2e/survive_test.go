package e2e

import (
	"net/http"
	"testing"
	"time"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// S9: on the way to a merge nothing is lost by a session that ended, a reload, the back button, a second tab, or a proof that grew too old.
func TestTheWayToAMergeSurvivesWhatHappensToPeople(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	own, other := person(t, lang.DE, 1), person(t, lang.DE, 1)
	own.Password, other.Street = secret, "Lindenallee 17 a"
	importAll(t, own, other)
	v := travel(t, browser.Options{Shots: "de"})
	v.signsIn(own.CustomerNumber, secret)
	v.toMerge()
	v.Fill(otherNumber, other.CustomerNumber)
	v.Fill(domainOfPackage, domain(other))
	v.Fill(packagePasswd, packagePassword(other))
	elsewhere := newProgram(t)
	elsewhere.signIn(own)
	elsewhere.post("/account/sessions/revoke", map[string]string{"session": "others"}).is(t, http.StatusSeeOther, "")
	v.Press(goOn)
	v.At("/login*")
	v.tries(own.CustomerNumber, secret)
	v.At("/merge*")
	if number, name, password := v.Value(otherNumber), v.Value(domainOfPackage), v.Value(packagePasswd); number != other.CustomerNumber || name != domain(other) || password != "" {
		t.Errorf("after the sign-in the form holds %q, %q and %d characters of a password", number, name, len(password))
	}
	v.Shot("merge-kept")
	v.Fill(packagePasswd, packagePassword(other))
	v.Press(goOn)
	v.At("/merge/draft")
	v.Choose(T(other.CustomerNumber, other.CustomerNumber), T("Welche Anschrift sollen wir verwenden?", "Which address should we use?"))
	v.Press(adoptData)
	chosen := T("Anschrift: Lindenallee 17 a", "")
	v.See(chosen)
	v.Reload()
	v.See(chosen)
	v.Back()
	v.At("/merge/draft")
	v.Back()
	v.At("/merge")
	v.Fill(packagePasswd, packagePassword(other))
	v.Press(goOn)
	v.At("/merge/draft")
	v.See(chosen)
	second := travel(t, browser.Options{})
	second.signsIn(own.CustomerNumber, secret)
	second.Open("/merge/draft")
	second.See(chosen)
	ages(t, own.CustomerNumber, order.ProofLifetime+time.Minute)
	v.Press(submitOrder) // the page still shows a button
	v.Status(http.StatusUnprocessableEntity)
	v.See(browser.T(merge.ProofExpired.Text.In(lang.DE), merge.ProofExpired.Text.In(lang.EN)))
	v.Shot("submit-proof-expired")
	v.Follow(T("Zurück zum Vergleich", "Back to the comparison"))
	v.See(T("Ihre Auswahl bleibt erhalten", "Your choices are kept"))
	v.SeesNot("Lindenallee") // nothing of the other number without a proof that is good now (M3)
	v.Shot("draft-proof-expired")
	v.Fill(T("Paketpasswort von "+domain(other), ""), packagePassword(other))
	v.Press(goOn)
	v.See(chosen)
	v.Press(submitOrder)
	id := v.order()
	v.Back()
	v.At("/merge/draft")
	v.Press(submitOrder) // the same page once more is the same order (M9)
	if again := v.order(); again != id {
		t.Errorf("going back and sending again made order %s beside %s", again, id)
	}
}
