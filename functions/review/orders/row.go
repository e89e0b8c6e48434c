package orders

import (
	"slices"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// overdue says that the review takes longer than the customer was promised; one that is over is late no more.
func overdue(o order.Order, now time.Time) bool {
	return o.Escalated && !o.State.Final() || o.State == merge.InReview && !o.EscalateAt.IsZero() && now.After(o.EscalateAt)
}

// rowNumbers are the source numbers that a row names.
const rowNumbers = 3

// Row is one order of the queue.
type Row struct {
	ID          string      `json:"id"`
	State       merge.State `json:"state"`
	StateLabel  lang.Text   `json:"stateLabel"`
	SubmittedAt time.Time   `json:"submittedAt"`
	Waiting     lang.Text   `json:"waiting"`
	Overdue     bool        `json:"overdue"`
	DueAt       time.Time   `json:"dueAt,omitzero"` // promised to the customer
	Survivor    string      `json:"survivor"`
	Sources     []string    `json:"sources"`
	Name        string      `json:"name"`
	Signs       []sign      `json:"signs"`
	Failure     string      `json:"failure,omitempty"`
	ClaimedBy   string      `json:"claimedBy,omitempty"`
	FirstBy     string      `json:"firstApprovalBy,omitempty"` // a second person's is missing
	ObjectedAt  time.Time   `json:"objectedAt,omitzero"`
	ExecuteAt   time.Time   `json:"executeAt,omitzero"`
}

func RowOf(o order.Order, now time.Time) Row {
	row := Row{ID: o.ID, State: o.State, StateLabel: desk.StateLabel(o.State), SubmittedAt: o.SubmittedAt,
		Waiting: span(now.Sub(o.SubmittedAt)), Overdue: overdue(o, now), Survivor: o.Customer, Sources: o.SourceNumbers(),
		Name: desk.NameOf(o.Survivor.Record), Signs: signs(o, nil), Failure: o.Failure}
	if o.Objected() {
		row.ObjectedAt, row.Waiting = o.ObjectedAt, span(now.Sub(o.ObjectedAt))
	}
	if !o.State.Final() {
		row.ClaimedBy = desk.ActorLabel(o.ClaimedBy).In(lang.DE)
	}
	if o.State == merge.InReview || o.State == merge.Submitted {
		row.DueAt = o.EscalateAt
	}
	if o.FirstApproval != nil {
		row.FirstBy = desk.ActorLabel(o.FirstApproval.By).In(lang.DE)
	}
	if end, ok := o.VetoUntil(); ok && o.State == merge.Approved {
		row.ExecuteAt = end
	}
	return row
}

// Words are the signs of a row, each said once however many numbers it is about.
func (r Row) Words() []lang.Text {
	var words []lang.Text
	for _, s := range r.Signs {
		if !slices.ContainsFunc(words, func(w lang.Text) bool { return w.Key() == s.Label.Key() }) {
			words = append(words, s.Label)
		}
	}
	return words
}

// Since is when the waiting of the row began.
func (r Row) Since() time.Time {
	if r.ObjectedAt.IsZero() {
		return r.SubmittedAt
	}
	return r.ObjectedAt
}

// Named are the source numbers that a row shows.
func (r Row) Named() []string { return r.Sources[:min(rowNumbers, len(r.Sources))] }

// Hidden is how many source numbers a row leaves out.
func (r Row) Hidden() int { return len(r.Sources) - rowNumbers }
