package e2e

import (
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
)

// resident is a customer who has the account for years: everything that is done in it apart from merging.
type resident struct {
	traveller
	second traveller // another browser of the same customer
	o      browser.Options
	line   importer.Line
	secret string   // of the authenticator app
	codes  []string // for recovery
}

// The whole life of an account, from the first password to the sign-out: once with JavaScript and once without, and so once in
// each language.
func TestTheCustomerLivesWithTheAccount(t *testing.T) {
	localtest.Cloud(t)
	for name, o := range map[string]browser.Options{
		"in German":                      {Lang: lang.DE, Shots: "de"},
		"in English, without JavaScript": {Lang: lang.EN, Shots: "en", NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &resident{line: person(t, o.Lang, 3), o: o, traveller: travel(t, o)}
			importAll(t, r.line)
			plain := o
			plain.Shots = ""
			r.second = travel(t, plain)
			for _, step := range []func(){
				r.getsAPassword, r.moves, r.meetsTheSecondBrowser, r.setsUpPackages, r.cancelsAContract, r.changesTheEmailAddress, r.stopsAnotherAddress,
				r.signsTheSecondBrowserOut, r.losesNoInput, r.setsUpAnApp, r.signsInWithTheApp, r.losesTheApp, r.usesAPasskey,
				r.removesTheApp, r.setsUpAnApp, r.isRecovered, r.looksBack, r.signsOut,
			} {
				step()
			}
		})
	}
}

func (r *resident) getsAPassword() {
	r.t.Helper()
	r.forgets(r.line.CustomerNumber)
	r.firstPassword(r.line)
	r.Open("/login")
	r.tries(r.line.CustomerNumber, "falsch geraten")
	r.Status(422)
	r.tries(r.line.CustomerNumber, secret)
	r.At("/account")
	r.second.signsIn(r.line.CustomerNumber, secret)
}

// looksBack reads what the account tells about itself.
func (r *resident) looksBack() {
	r.t.Helper()
	r.Open("/account/security")
	r.Shot("security-long")
	r.Open("/account/history")
	r.Follow(T("Ältere Änderungen", "Older changes"))
	r.Sees("Gartenweg 9")
	r.Shot("history")
	r.Open("/account/mails")
	r.Shot("mails")
	for changed := T("Kundenpasswort wurde geändert", "customer password has been changed"); !r.Shows(changed); {
		r.Follow(T("Ältere E-Mails", "Older e-mails"))
	}
}

// signsOut leaves nothing to go back to (S8).
func (r *resident) signsOut() {
	r.t.Helper()
	r.Press(signOut)
	r.See(T("Sie sind abgemeldet", "You are signed out"))
	r.Back()
	r.SeesNot(r.line.CustomerNumber, "Gartenweg 9")
	r.Open("/account")
	r.At("/login*")
}
