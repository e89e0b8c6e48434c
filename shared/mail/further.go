package mail

import (
	"time"

	"kundenkonto/shared/lang"
)

// FurtherChanges tells in one mail what was done to a number since the mail about the first change of its kind. Each
// field, package and passkey has its line, however often it changed.
type FurtherChanges struct {
	Number      string
	From, Until time.Time // of the first and the last of them
	Lines       []Further
	ForgotLink  string // page that sends a link for a new customer password
}

func (FurtherChanges) template() string { return "furtherChanges" }
func (m FurtherChanges) links() links   { return links{Button: m.ForgotLink} }

// Further is a field with what it was before all of them and is now, or what else was done, with the name of the package
// or passkey.
type Further struct {
	Field, Old, New string
	What            What
	Name            string
	Last            time.Time
	Times           int
}

// Add tells one change more; they come in the order in which they happened.
func (m *FurtherChanges) Add(c Further) {
	c.Times = 1
	for i, line := range m.Lines {
		if line.Field == c.Field && line.What == c.What && line.Name == c.Name {
			line.New, line.Last, line.Times = c.New, c.Last, line.Times+1
			m.Lines[i] = line
			return
		}
	}
	m.Lines = append(m.Lines, c)
}

// What was done besides changes of fields.
type What string

// All there are.
const (
	WhatPassword            What = "password"
	WhatPackagePassword     What = "packagePassword"
	WhatSecondFactor        What = "secondFactor"
	WhatSecondFactorRemoved What = "secondFactorRemoved"
	WhatCodes               What = "codes"
	WhatCodeUsed            What = "codeUsed"
	WhatPasskey             What = "passkey"
	WhatPasskeyRemoved      What = "passkeyRemoved"
	WhatSecondStepFailed    What = "secondStepFailed"

	WhatCancellationDeclared What = "cancellationDeclared"
)

var whatWords = map[What]lang.Text{
	WhatPassword:            lang.T("Kundenpasswort geändert"),
	WhatPackagePassword:     lang.T("Paketpasswort geändert"),
	WhatSecondFactor:        lang.T("Zweite Stufe der Anmeldung eingerichtet"),
	WhatSecondFactorRemoved: lang.T("Zweite Stufe der Anmeldung abgeschaltet"),
	WhatCodes:               lang.T("Neue Wiederherstellungscodes erstellt"),
	WhatCodeUsed:            lang.T("Mit einem Wiederherstellungscode angemeldet"),
	WhatPasskey:             lang.T("Passkey angelegt"),
	WhatPasskeyRemoved:      lang.T("Passkey entfernt"),
	WhatSecondStepFailed:    lang.T("Anmeldung mit richtigem Passwort, aber falschen Codes versucht"),

	WhatCancellationDeclared: lang.T("Kündigung ohne Anmeldung eingegangen"),
}
