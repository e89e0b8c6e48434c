package review

import (
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/web"
)

// entry is one line of an order's history, or of what comes next.
type entry struct {
	Class  string      `json:"-"` // done, now, open, failed
	State  merge.State `json:"state,omitempty"`
	What   web.Text    `json:"what"`
	At     time.Time   `json:"at,omitzero"`
	Who    web.Text    `json:"who,omitzero"`
	Detail web.Text    `json:"detail,omitzero"`
}

// timelineOf tells what happened to the order and what comes next.
func timelineOf(o order.Order, now time.Time) []entry {
	var list []entry
	for _, step := range o.History {
		e := entry{Class: "done", State: step.State, What: stateLabel(step.State), At: step.At, Who: actorLabel(step.Actor)}
		switch step.Event {
		case order.Objection:
			e.What = web.T("Einspruch der anderen Seite", "Objection of the other side")
		case order.Escalation:
			e.What = web.T("Prüfung überfällig, Serviceteam erinnert", "Review overdue, service team reminded")
		case order.AnnouncementFailed:
			e.Class, e.What = "failed", web.T("Andere Seite nicht erreicht, Widerspruchsfrist angehalten", "Other side not reached, veto period stopped")
		case order.Contacted:
			e.What = web.T("Andere Seite auf anderem Weg erreicht", "Other side reached by another way")
		case order.ProofGone:
			e.What = web.T("Paketpasswort des Nachweises geändert", "Package password of the proof changed")
		case order.ObjectionDismissed:
			e.What = web.T("Einspruch zurückgewiesen", "Objection dismissed")
		}
		if len(step.Numbers) > 0 {
			numbers := strings.Join(step.Numbers, ", ")
			e.Detail = web.T("für "+numbers, "for "+numbers)
		}
		if said := strings.Join(slices.DeleteFunc([]string{step.Contact, step.Reason, step.Note}, func(s string) bool { return s == "" }), " · "); said != "" {
			e.Detail = web.T(said, said)
		}
		switch step.State {
		case merge.Submitted:
			e.What = web.T("Abgeschickt", "Submitted")
		case merge.Failed, merge.Rejected, merge.Vetoed, merge.Expired:
			e.Class = "failed"
		}
		list = append(list, e)
	}
	if at := o.AnnouncedAt; !at.IsZero() {
		list = append(list, entry{Class: "done", What: web.T("Andere Seite benachrichtigt", "Other side told"), At: at})
	}
	slices.SortStableFunc(list, func(a, b entry) int { return a.At.Compare(b.At) })
	return append(list, ahead(o, now)...)
}

// ahead is what an open order waits for.
func ahead(o order.Order, now time.Time) []entry {
	execution := entry{Class: "open", What: web.T("Ausführung", "Execution"), Detail: executionText(o)}
	switch o.State {
	case merge.Submitted:
		return []entry{{Class: "now", What: web.T("Beide Seiten werden benachrichtigt", "Both sides are being told")},
			{Class: "open", What: web.T("Entscheidung des Serviceteams", "Decision of the service team")}, execution}
	case merge.InReview:
		return []entry{{Class: "now", What: web.T("Entscheidung des Serviceteams", "Decision of the service team"), Detail: dueText(o, now)}, execution}
	case merge.Stale:
		return []entry{{Class: "now", What: web.T("Der Kunde bestätigt die geänderten Daten", "The customer confirms the changed data"), Detail: lapseText(o)}, execution}
	case merge.Approved:
		execution.Class = "now"
		if o.Stopped() {
			end := lapseText(o)
			execution.Detail = web.T(execution.Detail.DE+" "+end.DE, execution.Detail.EN+" "+end.EN)
		}
		return []entry{execution}
	}
	return nil
}

func dueText(o order.Order, now time.Time) web.Text {
	due, end := o.EscalateAt, o.ExpireAt
	if now.After(due) {
		return web.T("Zugesagt war "+web.DateTime(web.DE, due)+". Ohne Entscheidung verfällt der Auftrag am "+web.DateTime(web.DE, end)+".",
			"Promised for "+web.DateTime(web.EN, due)+". Without a decision the order expires on "+web.DateTime(web.EN, end)+".")
	}
	return web.T("Zugesagt bis "+web.DateTime(web.DE, due)+".", "Promised by "+web.DateTime(web.EN, due)+".")
}

// lapseText says when an order ends that waits for somebody outside.
func lapseText(o order.Order) web.Text {
	end, ok := o.Deadline()
	if !ok {
		return web.Text{}
	}
	return web.T("Sonst läuft der Auftrag am "+web.DateTime(web.DE, end)+" ab.", "Otherwise the order expires on "+web.DateTime(web.EN, end)+".")
}

// executionText says when an approved order is carried out.
func executionText(o order.Order) web.Text {
	end, started := o.VetoUntil()
	switch {
	case o.Stopped():
		return web.T("Die Widerspruchsfrist ist angehalten. Sie beginnt, wenn Sie die andere Seite auf anderem Weg erreicht haben.",
			"The veto period has stopped. It begins when you have reached the other side by another way.")
	case !started:
		return web.T("Die Widerspruchsfrist beginnt erst, wenn die andere Seite benachrichtigt ist.",
			"The veto period begins only when the other side has been told.")
	case !end.After(o.SubmittedAt) || o.VetoHours == 0:
		return web.T("Gleich nach der Genehmigung.", "Right after the approval.")
	}
	return web.T("Nach der Genehmigung, frühestens am "+web.DateTime(web.DE, end)+", wenn die Widerspruchsfrist vorbei ist.",
		"After the approval, on "+web.DateTime(web.EN, end)+" at the earliest, when the veto period is over.")
}
