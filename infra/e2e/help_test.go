package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/throttle"
)

// helps does for a customer what can be done on the telephone, each with a reason that stays (S13).
func (v reviewer) helps(l importer.Line) {
	v.t.Helper()
	page := "/service/customers/" + l.CustomerNumber
	paused := T("pausiert bis", "paused until")
	pausedByGuesses(v.t, l.CustomerNumber)
	v.Open(page)
	v.See(paused)
	v.Shot("customer-paused")
	end := T("Pause beenden", "End pause")
	v.Unfold(T("Pause der Anmeldung beenden", "End the pause in signing in"))
	v.Press(end)
	v.Status(http.StatusUnprocessableEntity)
	v.See(T("Nennen Sie den Grund", "Give the reason"))
	v.Shot("customer-action-reason-missing")
	v.because(end)
	v.See(T("kann sich sofort wieder anmelden", "can sign in again immediately"))
	v.SeesNot(v.T(paused))

	v.Unfold(T("Link für ein neues Kundenpasswort senden", "Send a link for a new customer password"))
	v.because(T("Link senden", "Send link"))
	v.See(T("Der Link ist unterwegs", "The link is on its way"))
	linkIn(v.t, mailTo(v.t, l.Email, l.CustomerNumber, "erstes Kundenpasswort"), "/password/reset?token=")

	v.Unfold(T("Zusammenfassen wieder erlauben", "Allow merging again"))
	v.because(T("Wieder erlauben", "Allow again"))
	v.See(T("lässt sich wieder zusammenfassen", "can be merged again"))
	v.Unfold(T("Für das Zusammenfassen sperren", "Lock for merging"))
	v.because(T("Sperren", "Lock"))
	v.See(T("lässt sich zurzeit nicht zusammenfassen", "cannot be merged at present"))
	v.Shot("customer-locked")

	address := "neu-" + l.Email
	v.Unfold(T("E-Mail-Adresse berichtigen", "Correct the e-mail address"))
	v.Fill(T("Neue E-Mail-Adresse", "New e-mail address"), address)
	v.because(T("Link zum Bestätigen senden", "Send confirmation link"))
	v.See(T("Bis dahin bleibt es bei der bisherigen Adresse", "Until it is confirmed, the previous address is used"))
	v.Sees(address, l.Email)
	v.Shot("customer-email-corrected")
	linkIn(v.t, mailTo(v.t, address, l.CustomerNumber), "/account/email/confirm?token=")
	told := mailTo(v.t, l.Email, l.CustomerNumber, "soll geändert werden")
	linkIn(v.t, told, "/account/email/stop?token=")
	if !strings.Contains(strings.Join(strings.Fields(told.Text), " "), "hat unser Serviceteam auf Anfrage") {
		v.t.Errorf("the mail does not say who entered the address: %s", told.Text)
	}
}

// because gives the reason of the form that is open and sends it.
func (v reviewer) because(button browser.Text) {
	v.t.Helper()
	v.Fill(T("Grund", "Reason"), "Rückruf unter der Nummer im Vertrag")
	v.Press(button)
}

// pausedByGuesses is what somebody's guessing does to the sign-in with a number.
func pausedByGuesses(t *testing.T, number string) {
	t.Helper()
	counter, at := throttle.Store{Store: localtest.Store(t)}, time.Now()
	for range 20 {
		v, err := counter.Try(t.Context(), throttle.Login(number), at)
		if err != nil {
			t.Fatal(err)
		}
		if !v.Allowed {
			at = at.Add(v.RetryAfter)
		}
	}
}
