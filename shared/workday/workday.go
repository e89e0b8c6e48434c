// Package workday reckons in working days: Monday to Friday, holidays excepted, in Berlin.
package workday

import (
	"time"

	"kundenkonto/shared/berlin"
)

// Calendar knows the holidays of a place. The zero value knows none.
type Calendar struct {
	Holiday func(day time.Time) bool
}

// Is says whether somebody works on the day of t.
func (c Calendar) Is(t time.Time) bool {
	t = t.In(berlin.Zone)
	day := t.Weekday()
	return day != time.Saturday && day != time.Sunday && (c.Holiday == nil || !c.Holiday(t))
}

// After is the n-th working day after the day of t, at the same time of day: what comes on a Friday is due on a Tuesday, and so
// is what comes at a weekend. In UTC.
func (c Calendar) After(t time.Time, n int) time.Time {
	t = t.In(berlin.Zone)
	for days := 1; ; days++ {
		next := t.AddDate(0, 0, days)
		if !c.Is(next) {
			continue
		}
		if n--; n <= 0 {
			return next.UTC()
		}
	}
}
