package merge

import (
	"slices"

	"kundenkonto/shared/lang"
)

// State is where a merge order stands.
type State string

// The states of a merge order; the diagram is in ARCHITECTURE.md.
const (
	Draft     State = "DRAFT"
	Submitted State = "SUBMITTED"
	InReview  State = "IN_REVIEW"
	Approved  State = "APPROVED"
	Executed  State = "EXECUTED"
	Undone    State = "UNDONE"
	Stale     State = "STALE" // data changed since; the customer has to confirm
	Rejected  State = "REJECTED"
	Expired   State = "EXPIRED" // not reviewed, not confirmed, or the other side not told in time
	Withdrawn State = "WITHDRAWN"
	Vetoed    State = "VETOED"
	Failed    State = "FAILED" // the service team retries or rejects
)

// next lists the allowed transitions. WITHDRAWN and VETOED are open any time before EXECUTED; a failed order goes back to the state it failed in.
var next = map[State][]State{
	Draft:     {Submitted},
	Submitted: {InReview, Stale, Withdrawn, Vetoed, Failed},
	InReview:  {Approved, Rejected, Expired, Stale, Withdrawn, Vetoed, Failed},
	Approved:  {Executed, Stale, Rejected, Expired, Withdrawn, Vetoed, Failed},
	Stale:     {InReview, Rejected, Expired, Withdrawn, Vetoed, Failed},
	Failed:    {Submitted, InReview, Approved, Stale, Rejected, Withdrawn, Vetoed},
	Executed:  {Undone},
}

// States returns all states in the order of an order's life.
func States() []State {
	return []State{Draft, Submitted, InReview, Approved, Executed, Undone, Stale, Rejected, Expired, Withdrawn, Vetoed, Failed}
}

// May reports whether an order may go from s to the state to. A state never follows itself: repeating a step is no transition (M9).
func (s State) May(to State) bool { return slices.Contains(next[s], to) }

// Final reports whether nothing more happens to the order by itself; EXECUTED is final although it can be undone for 30 days.
func (s State) Final() bool {
	return s == Executed || len(next[s]) == 0
}

// Open reports whether the order is running: submitted and not decided for good. Open orders hold the locks of their numbers.
func (s State) Open() bool { return s != Draft && !s.Final() }

var stateWords = map[State]lang.Text{
	Draft:     lang.T("Entwurf"),
	Submitted: lang.T("Abgeschickt"),
	InReview:  lang.T("In Prüfung"),
	Approved:  lang.T("Genehmigt"),
	Executed:  lang.T("Ausgeführt"),
	Undone:    lang.T("Rückgängig gemacht"),
	Stale:     lang.T("Wartet auf Bestätigung"),
	Rejected:  lang.T("Abgelehnt"),
	Expired:   lang.T("Abgelaufen"),
	Withdrawn: lang.T("Zurückgezogen"),
	Vetoed:    lang.T("Durch Widerspruch gestoppt"),
	Failed:    lang.T("Verzögert, wir kümmern uns darum"),
}

// Words returns the state as customers read it.
func (s State) Words() lang.Text {
	if w, ok := stateWords[s]; ok {
		return w
	}
	return lang.Raw(string(s))
}
