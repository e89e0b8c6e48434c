package desk

import (
	"strings"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/session"
)

// StateLabel names a state for the service team, where shared/merge's words speak to the customer.
func StateLabel(s merge.State) lang.Text {
	switch s {
	case merge.Submitted:
		return lang.T("Abgeschickt, Ankündigung läuft")
	case merge.Stale:
		return lang.T("Bestätigung des Kunden fehlt")
	case merge.Failed:
		return lang.T("Fehlgeschlagen")
	}
	return (s.Words())
}

// NameOf is the customer's name as an order holds it.
func NameOf(r merge.Record) string {
	person := strings.TrimSpace(r.FirstName + " " + r.LastName)
	switch {
	case r.Company == "":
		return person
	case person == "":
		return r.Company
	}
	return r.Company + ", " + person
}

// ActorLabel says who did a step of the history.
func ActorLabel(actor string) lang.Text {
	if name, ok := session.StaffName(actor); ok {
		return lang.Raw(name)
	}
	switch actor {
	case "":
		return lang.Text{}
	case audit.ByUnknown:
		return lang.T("nicht bekannt")
	case audit.BySystem:
		return lang.T("automatisch")
	case audit.ByImport:
		return lang.T("Import")
	case audit.ByMailedLink:
		return lang.T("Link in der E-Mail")
	case audit.ByVetoLink:
		return lang.T("Andere Seite, über den Link in der E-Mail")
	}
	return lang.T("Kundennummer %s", actor)
}

// MaskOwn hides of the surviving side what the service team need not see.
func MaskOwn(f merge.Field, value string) string {
	if f == merge.IBAN || f == merge.AccountNumber {
		return merge.MaskOther(f, value)
	}
	return value
}
