package review

import "kundenkonto/shared/web"

// actionForm is the form of an action on a customer's page.
type actionForm struct {
	Name                string
	Title, Hint, Button web.Text
	Done                web.Text // said on the page that it leads back to
	offered             func(v customerView) bool
}

// Asks says that the form has a field for an address.
func (f actionForm) Asks() bool { return f.Name == actionEmail }

var actionForms = []actionForm{
	{
		Name: actionReset, offered: func(v customerView) bool { return v.MergedInto == "" && v.Email != "" },
		Title: web.T("Link für ein neues Kundenpasswort senden", "Send a link for a new customer password"),
		Hint: web.T("Der Link geht an die hinterlegte E-Mail-Adresse und gilt eine Stunde. Das Passwort legt der Kunde selbst fest.",
			"The link goes to the e-mail address on file and is good for an hour. The customer chooses the password."),
		Button: web.T("Link senden", "Send the link"),
		Done:   web.T("Der Link ist unterwegs.", "The link is on its way."),
	},
	{
		Name: actionEndPause, offered: func(v customerView) bool { return v.MergedInto == "" },
		Title: web.T("Pause der Anmeldung beenden", "End a pause of the sign-in"),
		Hint: web.T("Die gezählten Fehlversuche beginnen wieder bei null. Ein Browser, mit dem der Kunde schon angemeldet war, zählt für sich: Dort endet eine Pause nach höchstens 15 Minuten von selbst. „Passwort vergessen“ geht immer. Auch gesperrte Codes der App gelten danach wieder: Wer sie eingegeben hat, kannte das Kundenpasswort.",
			"The failed tries that were counted begin again at zero. A browser that the customer signed in with before counts by itself: there a pause ends after 15 minutes at most. “Forgot password” always works. Blocked codes of the app are taken again, too: whoever entered them knew the customer password."),
		Button: web.T("Pause beenden", "End the pause"),
		Done:   web.T("Der Kunde kann sich sofort wieder anmelden.", "The customer can sign in again at once."),
	},
	{
		Name: actionEmail, offered: func(v customerView) bool { return v.MergedInto == "" },
		Title: web.T("E-Mail-Adresse berichtigen", "Correct the e-mail address"),
		Hint: web.T("Die neue Adresse gilt erst, wenn sie über den Link bestätigt ist, den wir dorthin schicken. Die bisherige wird gleich benachrichtigt und kann die Änderung stoppen.",
			"The new address only counts once it is confirmed by the link that we send there. The present one is told at once and can stop the change."),
		Button: web.T("Link zum Bestätigen senden", "Send the link to confirm"),
		Done:   web.T("Der Link zum Bestätigen ist unterwegs. Bis dahin bleibt es bei der bisherigen Adresse.", "The link to confirm is on its way. Until then the present address holds."),
	},
	{
		Name: actionLock, offered: func(v customerView) bool { return v.MergedInto == "" && !v.Locked },
		Title: web.T("Für das Zusammenfassen sperren", "Lock for merging"),
		Hint: web.T("Neue Aufträge mit dieser Nummer werden abgelehnt, ein laufender hält an. Anmeldung und Pakete sind nicht betroffen. Der nächste Import setzt die Sperre wieder so, wie Ihre Verwaltung sie meldet.",
			"New orders with this number are refused, a running one is held up. Signing in and packages are not affected. The next import sets the lock as your administration reports it."),
		Button: web.T("Sperren", "Lock"),
		Done:   web.T("Diese Nummer lässt sich zurzeit nicht zusammenfassen.", "This number cannot be merged at present."),
	},
	{
		Name: actionUnlock, offered: func(v customerView) bool { return v.MergedInto == "" && v.Locked },
		Title: web.T("Zusammenfassen wieder erlauben", "Allow merging again"),
		Hint: web.T("Der nächste Import setzt die Sperre wieder so, wie Ihre Verwaltung sie meldet.",
			"The next import sets the lock as your administration reports it."),
		Button: web.T("Wieder erlauben", "Allow again"),
		Done:   web.T("Diese Nummer lässt sich wieder zusammenfassen.", "This number can be merged again."),
	},
	{
		Name: actionReveal, offered: func(v customerView) bool { return v.IBAN != "" || v.Account != "" },
		Title:  web.T("Bankverbindung vollständig anzeigen", "Show the bank account in full"),
		Button: web.T("Einmal anzeigen", "Show once"),
	},
}

// offered are the forms that a customer's page has. One that was refused is there all the same, with what was entered.
func offered(v customerView) []actionForm {
	var forms []actionForm
	for _, f := range actionForms {
		if f.offered(v) {
			forms = append(forms, f)
		}
	}
	return forms
}

// doneBy is what an action did; nil for none.
func doneBy(name string) *web.Text {
	for _, f := range actionForms {
		if f.Name == name && f.Done.DE != "" {
			return &f.Done
		}
	}
	return nil
}
