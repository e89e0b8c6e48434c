package e2e

import (
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
)

// M3: after the sign-in the system points to a number that looks like the own one, by its last digits only, and leads
// into the form; it stops when asked to.
func TestTheOverviewPointsToNumbersThatLookLikeTheOwn(t *testing.T) {
	localtest.Cloud(t)
	for _, l := range []lang.Lang{lang.DE, lang.EN} {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			own, other := person(t, l, 1), person(t, l, 1)
			own.Password, other.Email, other.Street, other.LastName = secret, own.Email, "Lindenallee 17 a", "Schaefer"
			importAll(t, own, other)
			v := travel(t, browser.Options{Lang: l, Shots: string(l), NoScript: l == lang.EN})
			v.signsIn(own.CustomerNumber, secret)
			v.See(looksLikeYours)
			v.Sees(other.CustomerNumber[len(other.CustomerNumber)-3:])
			v.SeesNot(other.CustomerNumber, other.Street, other.LastName, domain(other))
			v.Shot("overview-proposal")
			v.FollowIn(looksLikeYours, T("Kundennummern zusammenfassen", "Merge customer numbers"))
			v.At("/merge")
			v.See(looksLikeYours)
			if v.Value(otherNumber)+v.Value(domainOfPackage) != "" {
				t.Error("the form tells something of the other number")
			}
			v.Shot("merge-proposal")
			v.Open("/account")
			v.PressIn(looksLikeYours, T("Solche Hinweise nicht mehr anzeigen", "Do not show such hints again"))
			v.At("/account")
			v.hints(t, false)
			v.Open("/account/security")
			v.Shot("security-proposals-off")
			v.Press(T("Solche Hinweise wieder anzeigen", "Show such hints again"))
			v.At("/account/security")
			v.Open("/account")
			v.hints(t, true)
			v.Open("/merge")
			v.proves(other.CustomerNumber, domain(other), packagePassword(other)) // the proof is the same as for any number
			v.At("/merge/draft")
			v.Open("/account")
			v.hints(t, false) // it is on its way already
		})
	}
}

// Whoever enters a stranger's address is told nothing before its owner confirmed it by the mailed link.
func TestAnAddressIsNoOracleForNumbers(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	victim, attacker := person(t, lang.DE, 1), person(t, lang.DE, 1)
	attacker.Password = secret
	importAll(t, victim, attacker)
	v := travel(t, browser.Options{})
	v.signsIn(attacker.CustomerNumber, secret)
	v.asksForAddress(victim)
	v.hints(t, false)
	v.Open("/merge")
	v.hints(t, false)
	owner := travel(t, browser.Options{})
	owner.Open(linkIn(t, mailTo(t, victim.Email, "E-Mail-Adresse"), "/account/email/confirm?token="))
	owner.Press(T("Diese Adresse bestätigen", "Confirm this address"))
	v.Open("/account")
	v.hints(t, true)
}

var looksLikeYours = T("Gehört Ihnen noch eine Kundennummer?", "Does another customer number belong to you?")

// hints expects that the page points to other numbers, or does not.
func (v traveller) hints(t *testing.T, want bool) {
	t.Helper()
	if want {
		v.See(looksLikeYours)
		return
	}
	v.SeesNot(v.T(looksLikeYours))
}

// asksForAddress changes the e-mail address in the master data to that of somebody.
func (v traveller) asksForAddress(of importer.Line) {
	v.t.Helper()
	v.Open("/account/master-data")
	v.Fill(T("E-Mail-Adresse", "E-mail address"), of.Email)
	v.Fill(confirmPassword, secret)
	v.Press(T("Stammdaten speichern", "Save details"))
	v.At("/account*")
}
