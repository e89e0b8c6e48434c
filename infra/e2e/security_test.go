package e2e

import (
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/session"
)

var (
	warned       = T("Ihre Anmeldung endet um", "Your session ends at")
	anotherWords = "Kieselstein Orgelpfeife Nebelhorn"
)

// signsTheSecondBrowserOut ends one session of the list, then all others, and changes the password (S7, S8).
func (r *resident) signsTheSecondBrowserOut() {
	r.t.Helper()
	r.Open("/account")
	r.Follow(T("Sicherheit", "Security"))
	r.At("/account/security")
	r.See(T("Vorher gab es einen Versuch mit falschem Passwort", "There was one failed attempt with a wrong password before"))
	r.Shot("security")
	r.Follow(T("ansehen angemeldete Geräte", "view signed-in devices"))
	r.See(T("dieser Browser", "this browser"))
	r.Shot("sessions")
	r.second.Open("/account")
	other := strings.Join(strings.Fields(r.Texts("main .lines li:not(:has(.badge)) button")[0]), " ")
	r.Press(T(other, other))
	r.See(T("Das Gerät ist abgemeldet", "The device has been signed out"))
	r.second.Open("/account")
	r.second.At("/login*")
	r.second.signsIn(r.line.CustomerNumber, secret)
	r.Open("/account/sessions")
	r.Press(T("Alle anderen Geräte abmelden", "Sign out all other devices"))
	r.See(T("Alle anderen Geräte sind abgemeldet", "All other devices have been signed out"))
	r.second.Open("/account")
	r.second.At("/login*")
	r.changesThePassword(secret, anotherWords)
	r.changesThePassword(anotherWords, secret)
}

func (r *resident) changesThePassword(from, to string) {
	r.t.Helper()
	r.Open("/account/password")
	r.Shot("password-change")
	r.Fill(T("Bisheriges Kundenpasswort", "Current customer password"), from)
	r.Fill(newPassword, to)
	r.Press(T("Kundenpasswort ändern", "Change customer password"))
	r.See(T("Ihr Kundenpasswort ist geändert. Dieser Browser bleibt angemeldet", "Your customer password has been changed. This browser stays signed in"))
	mailTo(r.t, r.line.Email, r.T(T("Kundenpasswort wurde geändert", "customer password has been changed")), r.line.CustomerNumber)
}

// losesNoInput: who has a form open is warned in time and stays by one click; and when the session ended nevertheless,
// signing in brings the form back with its input (S9, WCAG 2.2.1, 3.3.7).
func (r *resident) losesNoInput() {
	r.t.Helper()
	r.Open("/account/master-data")
	if !r.NoScript {
		r.isWarned()
	}
	r.Fill(phone, "030 7654321")
	idle(r.t, r.line.CustomerNumber)
	r.Press(saveMasterData)
	r.At("/login*")
	r.See(T("Ihre Eingaben bewahren wir 30 Minuten lang auf", "We keep what you entered for 30 minutes"))
	r.Shot("input-kept")
	r.tries(r.line.CustomerNumber, secret)
	r.At("/account/master-data")
	r.See(T("Ihre Eingaben stehen wieder im Formular", "What you entered is back in the form"))
	if got := r.Value(phone); got != "030 7654321" {
		r.t.Errorf("the input is %q", got)
	}
	r.Shot("input-back")
	r.Press(saveMasterData)
	r.See(masterDataSaved)
	r.Press(signOut)
}

func (r *resident) isWarned() {
	r.t.Helper()
	r.Waits(warned, false, time.Second)
	rewrite(r.t, r.line.CustomerNumber, func(s *session.Session) { s.Expires = time.Now().Add(4 * time.Minute) })
	r.Reload()
	r.Waits(warned, true, 5*time.Second)
	r.Shot("session-ends")
	rewrite(r.t, r.line.CustomerNumber, func(s *session.Session) { s.Expires = time.Now().Add(time.Hour) })
	r.Click(T("Angemeldet bleiben", "Stay signed in"))
	r.Waits(warned, false, 5*time.Second)
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
	for epoch := range int64(8) {
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
