package security

import (
	"kundenkonto/shared/lang"
)

// guardWords are what the form says: its heading, what happens next or afterwards, and its button.
type guardWords struct {
	Heading, Lead, Button lang.Text
	ButtonKind            string
}

// guardView is the form with the password.
type guardView struct {
	Number string `json:"customerNumber"`
	Step   string `json:"step"`
	Action string `json:"-"`
	On     bool   `json:"secondStep"`
	Name   string `json:"name,omitempty"` // of the passkey

	guardWords `json:"-"`
}

// othersSignedOut tells of a step what it does beside what was asked for.
func othersSignedOut(lead lang.Text) lang.Text {
	return lead.And(lang.T("Alle anderen Geräte sind danach abgemeldet, dieser Browser bleibt angemeldet."))
}

func beginWords(v guardView) guardWords {
	if v.On {
		return guardWords{Heading: lang.T("Authenticator-App wechseln"), Button: lang.T("Weiter"), ButtonKind: "primary",
			Lead: lang.T("Die bisherige App und die Wiederherstellungscodes bleiben gültig, bis die neue App einen Code gezeigt hat.")}
	}
	return guardWords{Heading: lang.T("Authenticator-App einrichten"), Button: lang.T("Weiter"), ButtonKind: "primary",
		Lead: lang.T("Im nächsten Schritt verbinden Sie die App auf Ihrem Telefon. Vorher ändert sich nichts.")}
}

func codesWords(guardView) guardWords {
	return guardWords{Heading: lang.T("Neue Wiederherstellungscodes"), Button: lang.T("Neue Codes erstellen"), ButtonKind: "primary",
		Lead: othersSignedOut(lang.T("Sie erhalten zehn neue Codes. Die bisherigen gelten dann nicht mehr."))}
}

func removeWords(guardView) guardWords {
	return guardWords{Heading: lang.T("Zweite Stufe abschalten"), Button: lang.T("Zweite Stufe abschalten"), ButtonKind: "danger",
		Lead: othersSignedOut(lang.T("Danach genügt Ihr Kundenpasswort zum Anmelden. Auch die Wiederherstellungscodes gelten dann nicht mehr."))}
}

func stopWords(guardView) guardWords {
	return guardWords{Heading: lang.T("Abschaltung der zweiten Stufe stoppen"), Button: lang.T("Abschaltung stoppen"), ButtonKind: "primary",
		Lead: lang.T("Zum Anmelden brauchen Sie dann weiter das Kundenpasswort und einen Code.")}
}

func passkeyWords(guardView) guardWords {
	return guardWords{Heading: lang.T("Passkey anlegen"), Button: lang.T("Weiter"), ButtonKind: "primary",
		Lead: lang.T("Im nächsten Schritt legt Ihr Browser oder Ihr Telefon den Passkey an.")}
}

func removePasskeyWords(v guardView) guardWords {
	return guardWords{Heading: lang.T("Passkey „%s“ entfernen", v.Name), Button: lang.T("Passkey entfernen"), ButtonKind: "danger",
		Lead: othersSignedOut(lang.T("Danach kann sich niemand mehr damit anmelden. Ihr Kundenpasswort gilt weiter."))}
}
