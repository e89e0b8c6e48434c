// Package contract reckons how long a package's contract runs and when it can end. It knows calendar days only, no times
// of day: a Day is midnight UTC of the date that calendars in Germany show.
//
// A term of months that begins with a day ends with the day before the one of the same number; where the last month has
// no such day, with its last day (BGB section 188, paragraphs 2 and 3, with 187, paragraph 2). Each term is reckoned from
// the start of the contract, not from the term before it, so that a contract of the 31st does not slide to the 28th.
package contract

import (
	"fmt"
	"time"

	"kundenkonto/shared/berlin"
)

// Terms are what was agreed for one package.
type Terms struct {
	Start        time.Time // first day; zero when it is not known
	Months       int       // length of a term, which renews itself; 0: no fixed term
	NoticeMonths int       // notice period before the end of a term
}

// Day is the date in Germany at an instant.
func Day(t time.Time) time.Time {
	y, m, d := t.In(berlin.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// ParseDay reads YYYY-MM-DD; "" is the zero time.
func ParseDay(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("date %q: %w", s, err)
	}
	return d, nil
}

// Until is the last day of the term that runs on the day, of the first one when the contract has not begun. ok is false
// without a start or a fixed term.
func (t Terms) Until(day time.Time) (end time.Time, ok bool) {
	return t.firstEnd(day)
}

// NextEnd is the earliest end that a notice given on the day still reaches. Without a fixed term that is the end of the
// notice period. ok is false when the start is not known.
func (t Terms) NextEnd(day time.Time) (end time.Time, ok bool) {
	if t.Start.IsZero() {
		return time.Time{}, false
	}
	if day.Before(t.Start) {
		day = t.Start.AddDate(0, 0, -1) // a notice before the start counts from there
	}
	reached := AddMonths(day, t.NoticeMonths)
	if t.Months <= 0 {
		return reached, true
	}
	return t.firstEnd(reached)
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
	n := max(1, monthsBetween(t.Start, day)/t.Months) // no later term can be the first: its end may only lie before the day
	for ; ; n++ {
		if end := termEnd(t.Start, n*t.Months); !end.Before(day) {
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
