package e2e

import (
	"net/http"
	"testing"
	"time"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
)

var (
	cancelNow        = T("jetzt kündigen", "cancel now")
	cancelContract   = T("Vertrag kündigen", "Cancel the contract")
	withdrawNotice   = T("Kündigung zurückziehen", "Withdraw the cancellation")
	noticeIsReceived = T("Ihre Kündigung ist bei uns eingegangen", "We have received your cancellation")
)

// cancelsAContract cancels a contract from the page of its package, takes that back, and cancels it again.
func (r *resident) cancelsAContract() {
	r.t.Helper()
	last := r.line.Packages[1]
	r.Open("/account/packages/" + last.ID)
	r.Follow(cancelContract)
	r.At("/account/packages/" + last.ID + "/cancel")
	r.Shot("cancel")
	r.Choose(T("Außerordentlich, aus wichtigem Grund", "Extraordinary, for an important reason"), T("Art der Kündigung", "Kind of cancellation"))
	r.Fill(T("Gewünschtes Vertragsende", "Desired end of the contract"), "31.02.2027")
	r.Press(cancelNow)
	r.Status(http.StatusUnprocessableEntity)
	r.See(T("Nennen Sie den wichtigen Grund", "State the important reason"), T("Geben Sie den Tag so ein", "Enter the day like this"))
	r.Shot("cancel-wrong")
	r.Choose(T("Ordentlich, mit der Kündigungsfrist", "Ordinary, with the notice period"), T("Art der Kündigung", "Kind of cancellation"))
	r.Fill(T("Gewünschtes Vertragsende", "Desired end of the contract"), "")
	r.Press(cancelNow)
	r.See(noticeIsReceived)
	r.Shot("cancelled")
	mailTo(r.t, r.line.Email, r.T(T("Ihre Kündigung", "your cancellation")), last.Domains[0])
	r.Press(withdrawNotice)
	r.See(T("Die Kündigung ist zurückgezogen", "The cancellation is withdrawn"))
	r.Shot("cancel-withdrawn")
	mailTo(r.t, r.line.Email, r.T(T("zurückgezogen", "withdrawn")), last.Domains[0])
	r.Follow(cancelContract)
	r.Press(cancelNow)
	r.See(noticeIsReceived)
	r.Open("/account")
	r.See(T("endet am", "ends on"))
	r.Shot("overview-cancelled")
	r.Open("/account/history")
	r.See(T("Vertrag eines Pakets gekündigt", "Contract of a package cancelled"), T("Kündigung zurückgezogen", "Cancellation withdrawn"))
}

// takesUpACancellation finds what a customer cancelled, and takes it up once.
func (v reviewer) takesUpACancellation(t *testing.T) {
	names, number := localtest.Names(t), localtest.Customer(t, "").Number
	p := customer.Package{ID: "P-" + number, Number: number, Product: "hosting", Tariff: "Hosting M", Domains: []string{"d" + number + ".example"}}
	localtest.Put(t, customer.PutPackage(names, p)...)
	localtest.Put(t, customer.PutCancellation(names, p, customer.Cancellation{ID: "K7QX-2M4D", Kind: customer.Extraordinary, Reason: "Der Server war an zwölf Tagen nicht erreichbar.",
		EndsOn: "2030-04-30", Wished: "2030-04-30", By: number, ReceivedAt: time.Now().AddDate(-1, 0, 0)})) // the first of the list
	v.Open("/service")
	v.Follow(T("Kündigungen", "Cancellations"))
	v.At("/service/cancellations")
	v.Sees(p.ID)
	v.Shot("cancellations")
	v.PressIn(T(number, number), T("Kündigung übernehmen", "Take up the cancellation"))
	v.See(T("Die Kündigung ist übernommen", "The cancellation is taken up"))
	v.SeesNot(p.ID)
	v.Shot("cancellation-taken-up")
	v.Open("/service/customers/" + number)
	v.See(T("zwölf Tagen", "zwölf Tagen"), T("Kündigung vom Serviceteam übernommen", "Cancellation taken up by the service team"))
	v.Shot("customer-cancelled")
}

// Anybody cancels by the link at the foot of every page, with JavaScript and without, and the team settles it.
func TestAContractIsCancelledWithoutASignIn(t *testing.T) {
	localtest.Cloud(t)
	for name, o := range map[string]browser.Options{
		"in German":                      {Lang: lang.DE, Shots: "de"},
		"in English, without JavaScript": {Lang: lang.EN, Shots: "en", NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line := person(t, o.Lang, 1)
			importAll(t, line)
			v := travel(t, o)
			v.Open("/login")
			v.Follow(T("Verträge hier kündigen", "Cancel contracts here"))
			v.At("/cancel")
			v.Shot("public-cancel")
			v.Press(cancelNow)
			v.Status(http.StatusUnprocessableEntity)
			v.See(T("Geben Sie Ihren Namen an", "Enter your name"))
			v.Shot("public-cancel-wrong")
			stated := declareCancellation(v, line)
			v.Shot("public-cancelled")
			cancellationIsTold(t, v, line, stated)
			team := work(t, browser.Options{Lang: o.Lang, Shots: o.Shots + "-desk"})
			team.Open("/service/cancellations")
			team.Follow(T("Kündigungen ohne Anmeldung", "Cancellations without signing in"))
			team.Sees(line.Packages[0].ID)
			team.Shot("declared")
			team.FollowIn(T(line.Packages[0].ID, line.Packages[0].ID), T("Kündigung", "Cancellation"))
			team.Sees(stated)
			team.Shot("declared-one")
			team.Fill(T("Grund", "Reason"), "In der Verwaltung beendet.")
			team.Press(T("Als bearbeitet vermerken", "Note as dealt with"))
			team.See(T("Die Kündigung ist als bearbeitet vermerkt", "The cancellation is noted as dealt with"))
			team.SeesNot(line.Packages[0].ID)
		})
	}
}

// declareCancellation fills in the form for the first contract and sends it. It returns the address that was stated.
func declareCancellation(v traveller, line importer.Line) (stated string) {
	v.Fill(T("Ihr Name", "Your name"), "Anna Schäfer")
	v.Fill(T("Kundennummer", "Customer number"), line.CustomerNumber)
	v.Fill(T("Vertrag, den Sie kündigen", "Contract that you are cancelling"), line.Packages[0].ID)
	stated = "absender-" + line.CustomerNumber + "@post.example"
	v.Fill(T("E-Mail-Adresse für die Bestätigung", "E-mail address for the confirmation"), stated)
	v.Press(cancelNow)
	v.See(T("Ihre Kündigung ist eingegangen", "We have received your cancellation"))
	return stated
}

// cancellationIsTold waits for the mails to the address that was stated, and to the customer's own.
func cancellationIsTold(t *testing.T, v traveller, line importer.Line, stated string) {
	t.Helper()
	mailTo(t, stated, v.T(T("Ihre Kündigung", "your cancellation")))
	mailTo(t, line.Email, v.T(T("Ohne Anmeldung", "without signing in")))
}
