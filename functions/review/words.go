package review

import (
	"fmt"
	"strings"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// stateLabel names a state for the service team, where shared/merge's words speak to the customer.
func stateLabel(s merge.State) web.Text {
	switch s {
	case merge.Submitted:
		return web.T("Abgeschickt, Ankündigung läuft", "Submitted, being announced")
	case merge.Stale:
		return web.T("Bestätigung des Kunden fehlt", "Waiting for the customer’s confirmation")
	case merge.Failed:
		return web.T("Fehlgeschlagen", "Failed")
	}
	return web.Text(s.Words())
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
func span(d time.Duration) web.Text {
	minutes := int(max(d, 0) / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	switch {
	case days > 0 && hours > 0 && days < 7:
		return web.T(count(days, "Tag", "Tage")+" "+fmt.Sprint(hours)+" Std.", count(days, "day", "days")+" "+fmt.Sprint(hours)+" h")
	case days > 0:
		return web.T(count(days, "Tag", "Tage"), count(days, "day", "days"))
	case hours >= 6 || hours > 0 && minutes%60 == 0:
		return web.T(fmt.Sprintf("%d Std.", hours), fmt.Sprintf("%d h", hours))
	case hours > 0:
		return web.T(fmt.Sprintf("%d Std. %d Min.", hours, minutes%60), fmt.Sprintf("%d h %d min", hours, minutes%60))
	}
	return web.T(fmt.Sprintf("%d Min.", minutes), fmt.Sprintf("%d min", minutes))
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
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
func actorLabel(actor string) web.Text {
	if name, ok := session.StaffName(actor); ok {
		return web.T(name, name)
	}
	switch actor {
	case "":
		return web.Text{}
	case audit.ByUnknown:
		return web.T("nicht bekannt", "not known")
	case audit.BySystem:
		return web.T("automatisch", "automatic")
	case audit.ByImport:
		return web.T("Import", "Import")
	case audit.ByMailedLink:
		return web.T("Link in der E-Mail", "Link in the e-mail")
	case audit.ByVetoLink:
		return web.T("Andere Seite, über den Link in der E-Mail", "Other side, by the link in the e-mail")
	}
	return web.T("Kundennummer "+actor, "Customer number "+actor)
}
