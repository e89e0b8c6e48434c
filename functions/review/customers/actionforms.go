package customers

import (
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
)

// Actions on a customer: the last parts of their addresses.
const (
	actionReset    = "send-reset"
	actionEndPause = "end-pause"
	actionSignOut  = "end-sessions"
	actionEmail    = "correct-email"
	actionLock     = "lock"
	actionUnlock   = "unlock"
	actionReveal   = "reveal-iban"
)

// actionForm is the form of an action on a customer's page.
type actionForm struct {
	Name                string
	Title, Hint, Button lang.Text
	Done                lang.Text // said on the page that it leads back to
	offered             func(p customer.Profile) bool
}

// Asks says that the form has a field for an address.
func (f actionForm) Asks() bool { return f.Name == actionEmail }

var actionForms = []actionForm{
	{
		Name: actionReset, offered: func(p customer.Profile) bool { return p.MergedInto == "" && p.Email != "" },
		Title:  lang.T("Link für ein neues Kundenpasswort senden"),
		Hint:   lang.T("Der Link geht an die hinterlegte E-Mail-Adresse und gilt eine Stunde. Das Passwort legt der Kunde selbst fest."),
		Button: lang.T("Link senden"),
		Done:   lang.T("Der Link ist unterwegs."),
	},
	{
		Name: actionEndPause, offered: func(p customer.Profile) bool { return p.MergedInto == "" },
		Title:  lang.T("Pause der Anmeldung beenden"),
		Hint:   lang.T("Die gezählten Fehlversuche beginnen wieder bei null. Ein Browser, mit dem der Kunde schon angemeldet war, zählt für sich: Dort endet eine Pause nach höchstens 15 Minuten von selbst. „Passwort vergessen“ geht immer. Auch gesperrte Codes der App werden danach wieder angenommen: Wer sie eingegeben hat, kannte das Kundenpasswort."),
		Button: lang.T("Pause beenden"),
		Done:   lang.T("Der Kunde kann sich sofort wieder anmelden."),
	},
	{
		Name: actionSignOut, offered: func(p customer.Profile) bool { return p.MergedInto == "" && !p.LastLogin.IsZero() },
		Title:  lang.T("Alle Geräte abmelden"),
		Hint:   lang.T("Wer mit diesem Kundenkonto angemeldet ist, muss sich neu anmelden. Verschickte Links für ein neues Kundenpasswort oder eine neue E-Mail-Adresse gelten nicht mehr. Das Kundenpasswort bleibt."),
		Button: lang.T("Alle abmelden"),
		Done:   lang.T("Alle Geräte sind abgemeldet."),
	},
	{
		Name: actionEmail, offered: func(p customer.Profile) bool { return p.MergedInto == "" },
		Title:  lang.T("E-Mail-Adresse berichtigen"),
		Hint:   lang.T("Die neue Adresse wird erst verwendet, wenn sie über den Link bestätigt ist, den wir dorthin schicken. Die bisherige wird sofort benachrichtigt und kann die Änderung stoppen."),
		Button: lang.T("Link zum Bestätigen senden"),
		Done:   lang.T("Der Link zum Bestätigen ist unterwegs. Bis dahin bleibt es bei der bisherigen Adresse."),
	},
	{
		Name: actionLock, offered: func(p customer.Profile) bool { return p.MergedInto == "" && !p.Locked },
		Title:  lang.T("Für das Zusammenfassen sperren"),
		Hint:   lang.T("Neue Aufträge mit dieser Nummer werden abgelehnt, ein laufender hält an. Anmeldung und Pakete sind nicht betroffen. Der nächste Import setzt die Sperre wieder so, wie Ihre Verwaltung sie meldet."),
		Button: lang.T("Sperren"),
		Done:   lang.T("Diese Nummer lässt sich zurzeit nicht zusammenfassen."),
	},
	{
		Name: actionUnlock, offered: func(p customer.Profile) bool { return p.MergedInto == "" && p.Locked },
		Title:  lang.T("Zusammenfassen wieder erlauben"),
		Hint:   lang.T("Der nächste Import setzt die Sperre wieder so, wie Ihre Verwaltung sie meldet."),
		Button: lang.T("Wieder erlauben"),
		Done:   lang.T("Diese Nummer lässt sich wieder zusammenfassen."),
	},
	{
		Name: actionReveal, offered: func(p customer.Profile) bool { return p.IBAN != "" || p.AccountNumber != "" },
		Title:  lang.T("Bankverbindung vollständig anzeigen"),
		Button: lang.T("Einmal anzeigen"),
	},
}

// offered are the actions that a customer's page offers.
func offered(p customer.Profile) []actionForm {
	var forms []actionForm
	for _, f := range actionForms {
		if f.offered(p) {
			forms = append(forms, f)
		}
	}
	return forms
}

// doneBy is what an action did; nil for none.
func doneBy(name string) *lang.Text {
	for _, f := range actionForms {
		if f.Name == name && !f.Done.Empty() {
			return &f.Done
		}
	}
	return nil
}
