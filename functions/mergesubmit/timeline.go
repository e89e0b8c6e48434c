package mergesubmit

import (
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// point is one point of an order's timeline.
type point struct {
	Status string     `json:"status"` // done, now, open or failed
	What   lang.Text  `json:"what"`
	At     time.Time  `json:"at,omitzero"`
	Next   *lang.Text `json:"next,omitempty"` // what happens there, and until when
}

// Word says the status to who does not see it.
func (p point) Word() lang.Text {
	switch p.Status {
	case "open":
		return lang.T("kommt noch:")
	case "now":
		return lang.T("jetzt:")
	case "failed":
		return lang.T("beendet:")
	}
	return lang.T("erledigt:")
}

// road is the way of an order on which nothing goes wrong.
var road = []merge.State{merge.Submitted, merge.InReview, merge.Approved, merge.Executed}

// timeline shows what happened, and of the straight road what still comes.
func timeline(o order.Order, now time.Time) []point {
	var points []point
	steps := o.CustomerSteps()
	for i, step := range steps {
		p := point{Status: "done", What: stepText(step), At: step.At}
		if i == len(steps)-1 {
			p.Status, p.Next = lastStatus(o), whatNext(o, now)
		}
		points = append(points, p)
	}
	if o.State.Final() {
		return points
	}
	for _, s := range ahead(o.State) {
		points = append(points, point{Status: "open", What: stateText(s), Next: whenText(o, s, now)})
	}
	return points
}

// whenText says when a state that is still to come is reached, as far as that is known.
func whenText(o order.Order, s merge.State, now time.Time) *lang.Text {
	end, known := o.VetoUntil()
	var t lang.Text
	switch {
	case o.State == merge.Stale || o.State == merge.Failed:
		return nil // the point before says what has to happen first
	case s == merge.Approved && now.Before(o.EscalateAt):
		t = lang.T("Wir entscheiden bis spätestens %s.", lang.Moment(o.EscalateAt))
	case s != merge.Executed:
		return nil
	case o.Stopped() && o.VetoHours == 0:
		t = lang.T("Nachdem wir mit dem Inhaber der anderen Kundennummer gesprochen haben.")
	case o.Stopped():
		t = lang.T("Frühestens %d Stunden, nachdem wir mit dem Inhaber der anderen Kundennummer gesprochen haben.", o.VetoHours)
	case o.VetoApplies() && !known:
		t = lang.T("Frühestens %d Stunden, nachdem die andere Kundennummer benachrichtigt ist.", o.VetoHours)
	case known && now.Before(end) && o.State == merge.Approved:
		t = lang.T("Am %s.", lang.Moment(end))
	case known && now.Before(end):
		t = lang.T("Frühestens am %s. Bis dahin lässt sich die Zusammenfassung stoppen.", lang.Moment(end))
	case o.State == merge.Approved:
		return nil // it is being carried out now
	default:
		t = lang.T("Gleich nach der Genehmigung.")
	}
	return &t
}

// stepText names a step: an event within a state, a return to a state, or the state.
func stepText(step order.Step) lang.Text {
	switch step.Event {
	case order.Objection:
		return lang.T("Einspruch gegen die Zusammenfassung")
	case order.ProofGone:
		return lang.T("Das Paketpasswort, das als Nachweis diente, gilt nicht mehr")
	case order.ObjectionDismissed:
		return lang.T("Einspruch geprüft: Die Zusammenfassung bleibt")
	}
	return stateText(step.State)
}

func lastStatus(o order.Order) string {
	switch o.State {
	case merge.Executed:
		if o.Objected() {
			return "now"
		}
		return "done"
	case merge.Rejected, merge.Expired, merge.Withdrawn, merge.Vetoed, merge.Undone:
		return "failed"
	}
	return "now"
}

// ahead lists what comes after a state. A stale or failed order returns to review.
func ahead(s merge.State) []merge.State {
	for i, on := range road {
		if on == s {
			return road[i+1:]
		}
	}
	return road[1:]
}

func stateText(s merge.State) lang.Text {
	return (s.Words())
}

// tone is the colour of a state's badge; the word beside it says the same.
func tone(s merge.State) string {
	switch s {
	case merge.Executed:
		return "success"
	case merge.Submitted, merge.InReview, merge.Approved:
		return "info"
	case merge.Stale, merge.Failed:
		return "warning"
	}
	return ""
}
