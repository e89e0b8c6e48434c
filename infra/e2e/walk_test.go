package e2e

import (
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// walk is the whole way of the seed page, from "Passwort vergessen" to all packages under one number.
type walk struct {
	cast
	customer traveller // signs in with the own number
	other    traveller // at another browser, signed in with the different number
	staff    reviewer
	order    string
	between  func(after string) // happens between any two steps; nil: nothing
}

func TestWalkOfTheSeedPage(t *testing.T) {
	localtest.Cloud(t)
	t.Run("in German, with the demo customers", func(t *testing.T) {
		t.Parallel()
		walkTheSeedPage(t, demoCast(t), browser.Options{Lang: lang.DE, Shots: "de"}, nil)
	})
	t.Run("in English", func(t *testing.T) {
		t.Parallel()
		walkTheSeedPage(t, newCast(t, lang.EN), browser.Options{Lang: lang.EN, Shots: "en"}, nil)
	})
	t.Run("without JavaScript", func(t *testing.T) {
		t.Parallel()
		walkTheSeedPage(t, newCast(t, lang.DE), browser.Options{Lang: lang.DE, NoScript: true}, nil)
	})
}

func walkTheSeedPage(t *testing.T, c cast, o browser.Options, between func(after string)) {
	w := &walk{cast: c, customer: travel(t, o), between: between}
	plain := o
	plain.Shots = ""
	w.other = travel(t, plain)
	w.staff = work(t, o)
	steps := []struct {
		name string
		take func(t *testing.T)
	}{
		{"gets a first password", w.getsAPassword},
		{"signs in", w.signsIn},
		{"fails to prove other numbers", w.failsToProve},
		{"adopts the same data", w.adoptsTheSame},
		{"adopts different data", w.adoptsTheDifferent},
		{"submits the order", w.submits},
		{"both sides are told", w.bothSidesAreTold},
		{"the service team approves", w.isApproved},
		{"the order is executed", w.isExecuted},
		{"finds all packages", w.findsAllPackages},
		{"signs in with an old number", w.signsInWithAnOldNumber},
	}
	for _, s := range steps {
		s.take(t)
		if t.Failed() {
			t.Fatalf("the walk ends at: %s", s.name)
		}
		if between != nil {
			between(s.name)
		}
	}
	if between == nil { // a function that is killed while it sends may send again
		mailedOnce(t, c.own.Email)
		mailedOnce(t, c.different.Email)
	}
}

// mailedOnce expects that no mail came twice (M9).
func mailedOnce(t *testing.T, address string) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range mailbox(t, address) {
		if seen[m.Subject] {
			t.Errorf("the mail %q came twice to %s", m.Subject, address)
		}
		seen[m.Subject] = true
	}
}

// S1: what does not exist answers like what does. S5, S6: policy, used link.
func (w *walk) getsAPassword(t *testing.T) {
	v := w.customer
	v.Open("/")
	v.At("/login*")
	v.Title(T("Anmelden", "Sign in"))
	v.Shot("login")
	unknown := localtest.Number(t)
	v.tries(unknown, "irgendein Passwort")
	v.Status(422)
	v.See(T("Kundennummer und Kundenpasswort passen nicht zusammen", "Customer number and customer password do not match"))
	v.tries(w.own.CustomerNumber, "irgendein Passwort")
	v.Status(422)
	v.See(T("Kundennummer und Kundenpasswort passen nicht zusammen", "Customer number and customer password do not match"))
	v.Shot("login-wrong")
	v.tries("12ab", "")
	v.Status(422)
	v.See(T("Eine Kundennummer besteht nur aus 6 bis 12 Ziffern", "A customer number consists of 6 to 12 digits"))
	v.Shot("login-invalid")
	v.Follow(forgotPassword)
	v.Shot("forgot")
	v.forgets(unknown)
	v.forgets(w.own.CustomerNumber)
	v.Shot("forgot-sent")
	v.firstPassword(w.own)
}

func (w *walk) signsIn(t *testing.T) {
	v := w.customer
	v.Open("/login")
	v.tries(w.own.CustomerNumber, "zu kurz")
	v.Status(422)
	v.tries(w.own.CustomerNumber, secret)
	v.At("/account")
	v.Title(T("Übersicht", "Overview"))
	v.Sees(w.own.FirstName+" "+w.own.LastName, w.own.Street, w.own.PostalCode+" "+w.own.City, w.own.Email, domain(w.own), w.own.Packages[1].Domains[0])
	v.Shot("overview")
	w.other.signsIn(w.different.CustomerNumber, w.different.Password)
	w.other.Sees(domain(w.different))
}

// M3: before the proof nothing of the other number is told; one answer whatever is wrong.
func (w *walk) failsToProve(t *testing.T) {
	v := w.customer
	v.toMerge()
	v.Sees(w.own.Street, w.own.Email)
	v.Shot("merge")
	secrets := []string{w.different.Email, w.different.Street, w.different.City, w.different.Phone}
	v.proves(localtest.Number(t), domain(w.different), packagePassword(w.different)) // unknown number
	v.isRefused(merge.ProofFailed, secrets...)
	v.proves(w.different.CustomerNumber, domain(w.spelled), packagePassword(w.different)) // foreign domain
	v.isRefused(merge.ProofFailed, secrets...)
	v.proves(w.different.CustomerNumber, domain(w.different), "falsches Paketpasswort")
	v.isRefused(merge.ProofFailed, secrets...)
	v.Shot("merge-proof-failed")
	v.proves(w.own.CustomerNumber, domain(w.own), packagePassword(w.own))
	v.isRefused(merge.Self)
	v.proves(w.stranger.CustomerNumber, domain(w.stranger), packagePassword(w.stranger))
	v.isRefused(merge.NameDiffers, w.stranger.LastName, w.stranger.Email)
	v.proves(w.owing.CustomerNumber, domain(w.owing), packagePassword(w.owing))
	v.isRefused(*merge.OpenBalanceOther.Owing(1999))
	v.Shot("merge-open-balance")
}

func (w *walk) adoptsTheSame(t *testing.T) {
	v := w.customer
	v.proves(w.spelled.CustomerNumber, domain(w.spelled), packagePassword(w.spelled))
	v.At("/merge/draft")
	v.Title(T("Daten vergleichen", "Compare data"))
	v.See(T("Beide Datensätze sind gleich", "The data of both numbers is the same"),
		T("andere Schreibweise (Str. = Straße)", "spelled differently (Str. = Straße)"),
		T("die IBAN enthält Kontonummer und Bankleitzahl", "the IBAN contains account number and bank code"))
	v.SeesNot("0532013000") // bank data of the other number stay masked (M3)
	v.comparesAtOneLook(goOn)
	v.Shot("compare-same")
	v.Press(goOn)
	v.Title(T("Auftrag abschicken", "Submit request"))
	v.See(T("Kostenlos. Pakete, Domains, Preise und Laufzeiten bleiben unverändert.", "Free of charge. Packages, domains, prices and contract periods stay the same."))
	v.Shot("submit-one")
	v.Follow(mergeAnother)
	v.proves(w.third.CustomerNumber, domain(w.third), packagePassword(w.third))
	v.See(T("Beide Datensätze sind gleich", "The data of both numbers is the same"),
		T("andere Schreibweise (Groß- und Kleinbuchstaben)", "spelled differently (capital and small letters)"),
		T("andere Schreibweise der BIC (mit und ohne XXX)", "BIC spelled differently (with and without XXX)"))
	v.Press(goOn)
	v.Title(T("Auftrag abschicken", "Submit request"))
}

func (w *walk) adoptsTheDifferent(t *testing.T) {
	v := w.customer
	v.Follow(mergeAnother)
	v.Shot("merge-second")
	v.proves(w.different.CustomerNumber, domain(w.different), packagePassword(w.different))
	v.Title(T("Daten vergleichen", "Compare data"))
	v.See(T("weichen ab und sind markiert", "differ and are marked"))
	v.Sees(w.different.Street)
	v.SeesNot(w.different.Email, w.different.Phone, "3317654321", w.different.IBAN, "DE02120300000000202051") // M3
	v.comparesAtOneLook(adoptData)
	v.Shot("compare-different")
	number := T(w.different.CustomerNumber, w.different.CustomerNumber)
	v.Choose(number, T("Welche Anschrift sollen wir verwenden?", "Which address should we use?"))
	v.Choose(number, T("Welche Bankverbindung sollen wir verwenden?", "Which bank details should we use?"))
	v.Press(adoptData)
	v.Title(T("Auftrag abschicken", "Submit request"))
	v.Sees(w.spelled.CustomerNumber, w.third.CustomerNumber, w.different.CustomerNumber) // four spellings of one person in one order
	v.Shot("submit")
}

// comparesAtOneLook: rows, choices and the button are on one screen at a desk, and within two of a telephone.
func (v traveller) comparesAtOneLook(button browser.Text) {
	v.t.Helper()
	v.Within(1, 1280, 800, button)
	v.Within(2, 375, 800, button)
}

func (w *walk) submits(t *testing.T) {
	v := w.customer
	v.Fill(confirmPassword, "falsches Kundenpasswort") // other bank data were chosen (S7)
	v.Press(submitOrder)
	v.Status(422)
	v.Shot("submit-password-wrong")
	v.Fill(confirmPassword, secret)
	v.Press(submitOrder)
	w.order = v.order()
	v.See(T("In Prüfung", "In review"))
	v.Shot("order")
	v.Open("/account")
	v.See(T("Laufende Zusammenfassungen", "Merges in progress"))
	v.Shot("overview-running")
	v.Open("/merge")
	v.See(browser.T(merge.OpenMergeOwn.Text.In(lang.DE), merge.OpenMergeOwn.Text.In(lang.EN)))
	v.Shot("merge-blocked")
}

// M4: both sides at their own addresses, each in its own language.
func (w *walk) bothSidesAreTold(t *testing.T) {
	own := mailTo(t, w.own.Email, w.order, w.customer.T(T("Wir prüfen", "are reviewing it")))
	linkIn(t, own, "/merge/orders/"+w.order)
	there := lang.Lang(w.different.Language)
	other := mailTo(t, w.different.Email, w.order, T("soll mit", "is to be merged").In(there), w.different.CustomerNumber)
	veto := linkIn(t, other, "/merge/veto?token=")
	w.other.Open(veto) // looking stops nothing
	w.other.See(stopMerge)
	w.other.Sees(w.order)
}

func (w *walk) isApproved(t *testing.T) {
	v := w.staff
	v.opens(w.order)
	v.See(T("Auffälligkeiten", "Points to check"), T("Nachweis", "Proof"), T("Verlauf", "History"))
	v.SeesNot(w.different.Email, "DE02 1203 0000 0000 2020 51") // masked for the service team, too (M3, S13)
	v.Shot("service-order")
	v.Press(reject)
	v.Status(422)
	v.Shot("service-reason-missing")
	v.Fill(T("Notiz", "Note"), "Mit der Kundin telefoniert.\nAlles richtig.")
	v.Press(approve)
	v.Shot("service-approved")
	mailTo(t, w.own.Email, w.order, w.customer.T(T("genehmigt", "approved")))
	mailTo(t, w.different.Email, w.order, T("genehmigt", "approved").In(lang.Lang(w.different.Language)))
}

func (w *walk) isExecuted(t *testing.T) {
	mailTo(t, w.own.Email, w.order, w.customer.T(T("sind zusammengefasst", "have been merged")))
	mailTo(t, w.different.Email, w.order, T("sind zusammengefasst", "have been merged").In(lang.Lang(w.different.Language)))
	v := w.customer
	v.Open("/merge/orders/" + w.order)
	v.Until(T("Alle Pakete stehen jetzt unter Ihrer Kundennummer", "All packages are now under your customer number"), mailTime)
	v.SeesNot("Mit der Kundin telefoniert") // notes stay inside
	v.Shot("order-executed")
	v.Open("/merge/orders")
	v.Sees(w.order)
	v.Shot("orders")
}

// M1, M2: everything is there, under one number.
func (w *walk) findsAllPackages(t *testing.T) {
	v := w.customer
	v.Open("/account")
	for _, l := range []string{w.spelled.CustomerNumber, w.third.CustomerNumber, w.different.CustomerNumber} {
		v.Sees(l)
	}
	for _, packages := range [][]string{domains(w.own), domains(w.spelled), domains(w.third), domains(w.different)} {
		v.Sees(packages...)
	}
	v.Shot("overview-merged")
	v.Follow(T(domain(w.different), domain(w.different)))
	v.Sees(w.different.Packages[0].ID)
	v.See(T("gehört jetzt zu", "now belongs to"))
	v.Shot("package")
	w.other.Open("/account") // its session ended with the merge (S8)
	w.other.At("/login*")
}

// M6: old numbers keep working and name the successor.
func (w *walk) signsInWithAnOldNumber(t *testing.T) {
	v := w.customer
	v.Press(signOut)
	v.See(T("Sie sind abgemeldet", "You are signed out"))
	v.Shot("signed-out")
	v.tries(w.different.CustomerNumber, w.different.Password)
	v.Status(422)
	v.tries(w.different.CustomerNumber, secret)
	v.At("/account")
	v.See(T("gehört jetzt zu", "now belongs to"))
	v.Sees(domain(w.different), domain(w.own))
	v.Shot("overview-old-number")
}
