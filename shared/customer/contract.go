package customer

import (
	"time"

	"kundenkonto/shared/contract"
)

// Contract is how long the contract of a package runs, as pages and answers tell it. Days are YYYY-MM-DD, "" where there
// is none or it is not known.
type Contract struct {
	Until     string `json:"contractUntil,omitempty"`   // last day of the term that runs
	NextEnd   string `json:"nextPossibleEnd,omitempty"` // of a notice given today
	NoticeBy  string `json:"noticeBy,omitempty"`        // last day for the notice to that end
	OpenTerm  bool   `json:"noFixedTerm,omitempty"`     // runs for an indefinite time
	NextDebit string `json:"nextDebit,omitempty"`       // first day of the next billing period, as long as the contract runs
	AnyTime   bool   `json:"-"`                         // the next possible end is none of a term
	Over      bool   `json:"ended,omitempty"`           // its last day is past
	LastDay   string `json:"-"`                         // of one that is cancelled or over

	FirstMonths   int  `json:"-"` // lengths that hold, see contract.Agreement
	RenewalMonths int  `json:"-"`
	NoticeMonths  int  `json:"-"`
	Known         bool `json:"-"` // the start is
	Cancelled     bool `json:"-"` // an end is set, past or to come
}

// Contract is how the contract with a consumer or a company stands on a day of package contract.
func (p Package) Contract(today time.Time, consumer bool) Contract {
	terms, known := p.Terms(consumer)
	c := Contract{Over: p.Ended(today), Cancelled: p.Cancelled(), Known: known,
		FirstMonths: terms.Months, RenewalMonths: terms.RenewalMonths, NoticeMonths: terms.NoticeMonths}
	if last, ok := p.LastDay(); ok {
		c.LastDay = last.Format(time.DateOnly)
	}
	if debit, ok := p.nextDebit(today, terms); ok {
		c.NextDebit = debit.Format(time.DateOnly)
	}
	if c.Cancelled || !known {
		return c
	}
	until, bound := terms.Until(today)
	if c.OpenTerm = !bound; bound {
		c.Until = until.Format(time.DateOnly)
	}
	end, _ := terms.NextEnd(today)
	c.NextEnd, c.NoticeBy, c.AnyTime = end.Format(time.DateOnly), terms.NoticeBy(end).Format(time.DateOnly), terms.AnyTime(end)
	return c
}

// Deadline says that NoticeBy is a day to remember: who lets it pass is bound for another term.
func (c Contract) Deadline() bool { return c.NoticeBy != "" && !c.AnyTime }

// nextDebit is the day of the next debit; ok is false when there is none, or none is known: of a package that costs nothing, of a
// contract that is over by then.
func (p Package) nextDebit(today time.Time, terms contract.Terms) (debit time.Time, ok bool) {
	last, known := p.LastDay()
	if p.Cancelled() && !known || p.PriceCents != nil && *p.PriceCents <= 0 {
		return time.Time{}, false
	}
	return contract.NextDebit(terms.Start, p.BillingMonths, today, last)
}

// Terms are the terms of the contract with a consumer or a company; known is false when its start is missing or no date.
func (p Package) Terms(consumer bool) (terms contract.Terms, known bool) {
	start, err := contract.ParseDay(p.ContractStart)
	if err != nil {
		start = time.Time{}
	}
	return contract.Agreement{Start: start, Months: p.TermMonths, NoticeMonths: p.NoticePeriodMonths, Renewal: p.Renewal, Consumer: consumer}.Terms(), !start.IsZero()
}

// Ended says whether the contract is over on a day of package contract. One with an end in the future was cancelled and
// runs on, with all that belongs to it, until that day is past.
func (p Package) Ended(day time.Time) bool { return contract.Ended(p.EndedAt, day) }

// Cancelled says that an end of the contract is set, past or to come, or that the customer gave notice.
func (p Package) Cancelled() bool { return p.EndedAt != "" || p.Cancellation != nil }

// LastDay is the last day of a cancelled contract; ok is false when none is known that can be shown. What the operator says
// goes before what the customer's notice leads to.
func (p Package) LastDay() (last time.Time, ok bool) {
	end := p.EndedAt
	if end == "" && p.Cancellation != nil {
		end = p.Cancellation.EndsOn
	}
	last, err := contract.ParseDay(end)
	return last, err == nil && !last.IsZero()
}

// End is the last day of a cancelled contract, of any other the next possible one on the day; ok is false when it is not known.
func (p Package) End(day time.Time, consumer bool) (end time.Time, ok bool) {
	if p.Cancelled() {
		return p.LastDay()
	}
	terms, _ := p.Terms(consumer)
	return terms.NextEnd(day)
}
