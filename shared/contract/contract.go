// Package contract reckons how long a package's contract runs and when it can end. It knows calendar days only, no times
// of day: a Day is midnight UTC of the date that calendars in Germany show.
//
// A term of months that begins with a day ends with the day before the one of the same number; where the last month has
// no such day, with its last day (BGB section 188, paragraphs 2 and 3, with 187, paragraph 2). Each term is reckoned from
// the start of the contract, not from the term before it, so that a contract of the 31st does not slide to the 28th.
//
// A notice period is reckoned from the day on which the notice arrives, which does not count itself (sections 187,
// paragraph 1, and 188, paragraph 2). That its last day is a Sunday or a holiday does not lengthen the time to give
// notice: section 193 is not applied to notice periods, which protect the other side (BGH, 17 February 2005, III ZR 172/04).
package contract

import (
	"errors"
	"fmt"
	"time"

	"kundenkonto/shared/berlin"
)

// Terms are what holds for one package: what was agreed, within the law (see [Agreement]).
type Terms struct {
	Start         time.Time // first day; zero when it is not known
	Months        int       // length of the first term; 0: there is none, the contract runs for an indefinite time
	RenewalMonths int       // length of each later term; 0: after the first the contract runs for an indefinite time
	NoticeMonths  int       // notice period: before the end of a term, or of any day where none runs
}

// Day is the date in Germany at an instant.
func Day(t time.Time) time.Time {
	y, m, d := t.In(berlin.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// firstYear and lastYear bound the dates that somebody can have meant. Others, such as 9999-12-31, stand for "unknown" or
// "never" in old systems, and nothing can be reckoned from them.
const firstYear, lastYear = 1900, 2199

// errYear is a date that no contract has.
var errYear = errors.New("no contract has a date of this year")

// ParseDay reads YYYY-MM-DD; "" is the zero time. A year that no contract has is an error.
func ParseDay(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("date %q: %w", s, err)
	}
	if d.Year() < firstYear || d.Year() > lastYear {
		return time.Time{}, fmt.Errorf("date %q: %w", s, errYear)
	}
	return d, nil
}

// Ended says whether a contract is over on the day, given its last day as stored ("" while no end is known). It runs
// until its last day is past. What is no date counts as past: it was written to end the contract.
func Ended(last string, day time.Time) bool {
	if last == "" {
		return false
	}
	d, err := time.Parse(time.DateOnly, last)
	return err != nil || d.Before(day)
}

// Until is the last day of the term that runs on the day, of the first one when the contract has not begun. ok is false
// without a start, and where the contract runs for an indefinite time.
func (t Terms) Until(day time.Time) (end time.Time, ok bool) {
	return t.firstEnd(day)
}

// NextEnd is the earliest end that a notice given on the day still reaches. Where the contract runs for an indefinite
// time, that is the end of the notice period; a notice that is too late for the first term, after which it does so, ends
// it with the notice period, too. ok is false when the start is not known.
func (t Terms) NextEnd(day time.Time) (end time.Time, ok bool) {
	if t.Start.IsZero() {
		return time.Time{}, false
	}
	if before := t.Start.AddDate(0, 0, -1); day.Before(before) {
		day = before // a notice before the start counts from there
	}
	reached := AddMonths(day, t.NoticeMonths)
	if end, ok := t.firstEnd(reached); ok {
		return end, true
	}
	if reached.Before(t.Start) {
		return t.Start, true
	}
	return reached, true
}

// EndFor is the end that a notice given on the day leads to, when the customer wishes the contract to end on a later day: the
// first one possible that is not before it. Without a wish (the zero time) it is NextEnd.
func (t Terms) EndFor(day, wished time.Time) (end time.Time, ok bool) {
	end, ok = t.NextEnd(day)
	if !ok || !wished.After(end) {
		return end, ok
	}
	if end, ok := t.firstEnd(wished); ok {
		return end, true
	}
	return wished, true
}

// AnyTime says that the end is none of a term: whoever gives notice a day later ends the contract a day later.
func (t Terms) AnyTime(end time.Time) bool {
	_, ok := t.firstEnd(end)
	return !ok && !t.Start.IsZero()
}

// NoticeBy is the last day on which a notice still reaches the end.
func (t Terms) NoticeBy(end time.Time) time.Time {
	day := AddMonths(end, -t.NoticeMonths)
	for next := day.AddDate(0, 0, 1); !AddMonths(next, t.NoticeMonths).After(end); next = next.AddDate(0, 0, 1) {
		day = next // the notice period may end in a shorter month
	}
	for AddMonths(day, t.NoticeMonths).After(end) {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// firstEnd is the first end of a term that is not before the day.
func (t Terms) firstEnd(day time.Time) (time.Time, bool) {
	if t.Start.IsZero() || t.Months <= 0 {
		return time.Time{}, false
	}
	if end := termEnd(t.Start, t.Months); !end.Before(day) {
		return end, true
	}
	if t.RenewalMonths <= 0 {
		return time.Time{}, false
	}
	// However old the contract is, it is a step or two from here: the ends of all terms before lie in an earlier month.
	n := max(1, (monthsBetween(t.Start, day)-t.Months)/t.RenewalMonths)
	for ; ; n++ {
		if end := termEnd(t.Start, t.Months+n*t.RenewalMonths); !end.Before(day) {
			return end, true
		}
	}
}

// monthsBetween counts the months from one calendar month to another.
func monthsBetween(from, to time.Time) int {
	return (to.Year()-from.Year())*12 + int(to.Month()-from.Month())
}

// termEnd is the last day of a term of months that begins with start.
func termEnd(start time.Time, months int) time.Time {
	y, m, d := start.Date()
	if d == 1 {
		return monthDay(y, m, months-1, 31)
	}
	return monthDay(y, m, months, d-1)
}

// AddMonths is the day of the same number some months later, or the last day of the month when that has none (BGB
// section 188, paragraph 3).
func AddMonths(day time.Time, months int) time.Time {
	y, m, d := day.Date()
	return monthDay(y, m, months, d)
}

// monthDay is a day of the month that lies months after the one given, at most its last day.
func monthDay(y int, m time.Month, months, day int) time.Time {
	last := time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC)
	if day >= last.Day() {
		return last
	}
	return last.AddDate(0, 0, day-last.Day())
}

// NextDebit is the first day from the one given on which a billing period begins, at most on the last day of a contract whose
// end is known (the zero time: none is). Each period is reckoned from the start, like a term. ok is false when there is none,
// or when start or period is not known.
func NextDebit(start time.Time, billingMonths int, day, last time.Time) (debit time.Time, ok bool) {
	if start.IsZero() || billingMonths <= 0 || billingMonths > MostMonths {
		return time.Time{}, false
	}
	n := max(0, monthsBetween(start, day)/billingMonths) // this period or the next
	for debit = AddMonths(start, n*billingMonths); debit.Before(day); debit = AddMonths(start, n*billingMonths) {
		n++
	}
	return debit, last.IsZero() || !debit.After(last)
}
