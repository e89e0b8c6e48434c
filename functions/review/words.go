package review

import (
	"strings"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/session"
)

// stateLabel names a state for the service team, where shared/merge's words speak to the customer.
func stateLabel(s merge.State) lang.Text {
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

// tone is the badge class of a state.
func tone(s merge.State) string {
	switch s {
	case merge.Approved, merge.Executed:
		return "success"
	case merge.Failed:
		return "danger"
	case merge.Stale, merge.Expired, merge.Vetoed:
		return "warning"
	case merge.InReview, merge.Submitted:
		return "info"
	}
	return ""
}

// span is a time that passed, in its two largest units; nobody plans a day by minutes of last week.
func span(d time.Duration) lang.Text {
	minutes := int(max(d, 0) / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	switch {
	case days > 0 && hours > 0 && days < 7:
		return lang.N(days, "%d Tag %d Std.", "%d Tage %d Std.", hours)
	case days > 0:
		return lang.N(days, "%d Tag", "%d Tage")
	case hours >= 6 || hours > 0 && minutes%60 == 0:
		return lang.T("%d Std.", hours)
	case hours > 0:
		return lang.T("%d Std. %d Min.", hours, minutes%60)
	}
	return lang.T("%d Min.", minutes)
}

// nameOf is the customer's name as an order holds it.
func nameOf(r merge.Record) string {
	person := strings.TrimSpace(r.FirstName + " " + r.LastName)
	switch {
	case r.Company == "":
		return person
	case person == "":
		return r.Company
	}
	return r.Company + ", " + person
}

// actorLabel says who did a step of the history.
func actorLabel(actor string) lang.Text {
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
