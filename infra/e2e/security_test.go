package e2e

import (
	"testing"
	"time"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

var (
	security     = T("Sicherheit", "Security")
	street       = T("Straße und Hausnummer", "Street and house number")
	saveData     = T("Stammdaten speichern", "Save master data")
	warned       = T("Ihre Anmeldung endet um", "Your session ends at")
	anotherWords = "Kieselstein Orgelpfeife Nebelhorn"
)

// S7, S8, S9: the customer throws a second browser out, changes the password and loses nothing by a session that ended.
func TestTheCustomerLooksAfterTheAccount(t *testing.T) {
	for name, o := range map[string]browser.Options{
		"in German":                     {Lang: web.DE, Shots: "de"},
		"in English without JavaScript": {Lang: web.EN, NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			localtest.Cloud(t)
			t.Parallel()
			l := person(t, o.Lang, 1)
			l.Password = secret
			importAll(t, l)
			v, second := travel(t, o), travel(t, browser.Options{Lang: o.Lang})
			v.Open("/login")
			v.tries(l.CustomerNumber, "falsch geraten")
			v.Status(422)
			v.tries(l.CustomerNumber, secret)
			second.signsIn(l.CustomerNumber, secret)

			v.Follow(security)
			v.At("/account/security")
			v.See(T("Vorher gab es einen Versuch mit falschem Passwort", "There was one try with a wrong password before"))
			v.Shot("security")
			v.Open("/account/sessions")
			v.Shot("sessions")
			v.Press(T("Alle anderen Geräte abmelden", "Sign out all other devices"))
			v.See(T("Alle anderen Geräte sind abgemeldet", "All other devices are signed out"))
			second.Open("/account")
			second.At("/login*")

			v.Open("/account/password")
			v.Shot("password-change")
			v.Fill(T("Bisheriges Kundenpasswort", "Current customer password"), secret)
			v.Fill(newPassword, anotherWords)
			v.Press(T("Kundenpasswort ändern", "Change customer password"))
			v.See(T("Ihr neues Kundenpasswort gilt. Dieser Browser bleibt angemeldet", "Your new customer password is in force. This browser stays signed in"))
			mailTo(t, l.Email, v.T(T("Kundenpasswort wurde geändert", "customer password was changed")), l.CustomerNumber)

			v.Open("/account/master-data")
			v.Fill(street, "Gartenweg 9")
			idle(t, l.CustomerNumber)
			v.Press(saveData)
			v.At("/login*")
			v.See(T("Ihre Eingaben heben wir 30 Minuten lang auf", "We keep what you entered for 30 minutes"))
			v.Shot("input-kept")
			v.tries(l.CustomerNumber, anotherWords)
			v.At("/account/master-data")
			v.See(T("Ihre Eingaben stehen wieder im Formular", "What you entered is back in the form"))
			if got := v.Value(street); got != "Gartenweg 9" {
				t.Errorf("the input is %q (S9)", got)
			}
			v.Shot("input-back")
			v.Press(saveData)
			v.See(T("Ihre Stammdaten sind gespeichert", "Your master data are saved"))

			v.Open("/account/history")
			v.Sees("Gartenweg 9")
			v.Shot("history")
			v.Open("/account/mails")
			v.See(T("Kundenpasswort wurde geändert", "customer password was changed"))
			v.Shot("mails")
		})
	}
}

// idle lets the session of a customer end by its idle limit.
func idle(t *testing.T, number string) {
	t.Helper()
	rewrite(t, number, func(s *session.Session) { s.LastUsed = time.Now().Add(-session.Idle) })
}

// rewrite changes the sessions of a customer in the table.
func rewrite(t *testing.T, number string, change func(*session.Session)) {
	t.Helper()
	sessions := session.Store{Store: localtest.Store(t)}
	for epoch := range int64(4) {
		found, err := sessions.List(t.Context(), number, epoch, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range found {
			change(&s)
			localtest.Put(t, session.Put(localtest.Names(t), s))
		}
	}
}

// S9, WCAG 2.2.1: who has a form open is warned in time and stays by one click.
func TestTheCustomerIsWarnedBeforeTheSessionEnds(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	l := person(t, web.DE, 1)
	l.Password = secret
	importAll(t, l)
	v := travel(t, browser.Options{Shots: "de"})
	v.signsIn(l.CustomerNumber, secret)
	v.Open("/account/master-data")
	v.Waits(warned, false, time.Second)
	rewrite(t, l.CustomerNumber, func(s *session.Session) { s.Expires = time.Now().Add(4 * time.Minute) })
	v.Reload()
	v.Waits(warned, true, 5*time.Second)
	v.Shot("session-ends")
	rewrite(t, l.CustomerNumber, func(s *session.Session) { s.Expires = time.Now().Add(time.Hour) })
	v.Click(T("Angemeldet bleiben", "Stay signed in"))
	v.Waits(warned, false, 5*time.Second)
}
