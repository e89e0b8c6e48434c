package orders

import (
	"slices"
	"strings"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// entry is one line of an order's history, or of what comes next.
type entry struct {
	Class  string      `json:"-"` // done, now, open, failed
	State  merge.State `json:"state,omitempty"`
	What   lang.Text   `json:"what"`
	At     time.Time   `json:"at,omitzero"`
	Who    lang.Text   `json:"who,omitzero"`
	Detail lang.Text   `json:"detail,omitzero"`
}

// Word says how far an entry is, to those who do not see its colour.
func (e entry) Word() lang.Text {
	switch e.Class {
	case "done":
		return lang.T("erledigt:")
	case "failed":
		return lang.T("gescheitert:")
	case "now":
		return lang.T("jetzt:")
	}
	return lang.T("noch offen:")
}

// timelineOf tells what happened to the order and what comes next.
func timelineOf(o order.Order, now time.Time) []entry {
	var list []entry
	for _, step := range o.History {
		e := entry{Class: "done", State: step.State, What: desk.StateLabel(step.State), At: step.At, Who: desk.ActorLabel(step.Actor)}
		switch step.Event {
		case order.Objection:
			e.What = lang.T("Einspruch der anderen Seite")
		case order.Escalation:
			e.What = lang.T("Prüfung überfällig, Serviceteam erinnert")
		case order.AnnouncementFailed:
			e.Class, e.What = "failed", lang.T("Andere Seite nicht erreicht, Widerspruchsfrist angehalten")
		case order.Contacted:
			e.What = lang.T("Andere Seite auf anderem Weg erreicht")
		case order.ApprovedByOne:
			e.What = lang.T("Genehmigt von der ersten von zwei Personen")
		case order.ProofGone:
			e.What = lang.T("Paketpasswort des Nachweises geändert")
		case order.ObjectionDismissed:
			e.What = lang.T("Einspruch zurückgewiesen")
		}
		if len(step.Numbers) > 0 {
			numbers := strings.Join(step.Numbers, ", ")
			e.Detail = lang.T("für %s", numbers)
		}
		if said := strings.Join(slices.DeleteFunc([]string{step.Contact, step.Reason, step.Note}, func(s string) bool { return s == "" }), " · "); said != "" {
			e.Detail = lang.Raw(said)
		}
		switch step.State {
		case merge.Submitted:
			e.What = lang.T("Abgeschickt")
		case merge.Failed, merge.Rejected, merge.Vetoed, merge.Expired:
			e.Class = "failed"
		}
		list = append(list, e)
	}
	if at := o.AnnouncedAt; !at.IsZero() {
		list = append(list, entry{Class: "done", What: lang.T("Andere Seite benachrichtigt"), At: at})
	}
	slices.SortStableFunc(list, func(a, b entry) int { return a.At.Compare(b.At) })
	return append(list, ahead(o, now)...)
}

// ahead is what an open order waits for.
func ahead(o order.Order, now time.Time) []entry {
	execution := entry{Class: "open", What: lang.T("Ausführung"), Detail: executionText(o)}
	switch o.State {
	case merge.Submitted:
		return []entry{{Class: "now", What: lang.T("Beide Seiten werden benachrichtigt")},
			{Class: "open", What: lang.T("Entscheidung des Serviceteams")}, execution}
	case merge.InReview:
		return []entry{{Class: "now", What: lang.T("Entscheidung des Serviceteams"), Detail: dueText(o, now)}, execution}
	case merge.Stale:
		return []entry{{Class: "now", What: lang.T("Der Kunde bestätigt die geänderten Daten"), Detail: lapseText(o)}, execution}
	case merge.Approved:
		execution.Class = "now"
		if o.Stopped() {
			execution.Detail = execution.Detail.And(lapseText(o))
		}
		return []entry{execution}
	}
	return nil
}

func dueText(o order.Order, now time.Time) lang.Text {
	due, end := o.EscalateAt, o.ExpireAt
	if now.After(due) {
		return lang.T("Zugesagt war %s. Ohne Entscheidung verfällt der Auftrag am %s.", lang.Moment(due), lang.Moment(end))
	}
	return lang.T("Zugesagt bis %s.", lang.Moment(due))
}

// lapseText says when an order ends that waits for somebody outside.
func lapseText(o order.Order) lang.Text {
	end, ok := o.Deadline()
	if !ok {
		return lang.Text{}
	}
	return lang.T("Sonst läuft der Auftrag am %s ab.", lang.Moment(end))
}

// executionText says when an approved order is carried out.
func executionText(o order.Order) lang.Text {
	end, started := o.VetoUntil()
	switch {
	case o.Stopped():
		return lang.T("Die Widerspruchsfrist ist angehalten. Sie beginnt, wenn Sie die andere Seite auf anderem Weg erreicht haben.")
	case !started:
		return lang.T("Die Widerspruchsfrist beginnt erst, wenn die andere Seite benachrichtigt ist.")
	case !end.After(o.SubmittedAt) || o.VetoHours == 0:
		return lang.T("Gleich nach der Genehmigung.")
	}
	return lang.T("Nach der Genehmigung, frühestens am %s, wenn die Widerspruchsfrist vorbei ist.", lang.Moment(end))
}
