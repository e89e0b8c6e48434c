package customer

import (
	"slices"
	"time"
)

// StopSpan is a time whose links are void: those that stop a change of the e-mail address and were mailed after From
// and not after To.
type StopSpan struct {
	From time.Time `dynamodbav:"from"`
	To   time.Time `dynamodbav:"to"`
}

// EmailStopped is the profile after a link of the time issued was used. The links mailed since went to addresses that held
// by the very changes that it stops: a thief's own must not take the address back. Older ones stay good, so that a thief
// cannot void the owner's by using a younger one first. Links live for lifetime, and their spans as long.
func (p Profile) EmailStopped(issued, now time.Time, lifetime time.Duration) Profile {
	p.EmailStops = append(slices.DeleteFunc(slices.Clone(p.EmailStops), func(s StopSpan) bool {
		return !s.From.Before(issued) || !now.Before(s.To.Add(lifetime))
	}), StopSpan{From: issued, To: now})
	return p
}

// EmailGiven is the profile after a merge, its undo or the operator put its address in the place of the one before: both
// sides were told of that in another way, so what waits and every link of earlier changes is void.
func (p Profile) EmailGiven(before string, now time.Time) Profile {
	given := p.Email
	p.Email = before
	p = p.EmailReplaced(given, now)
	p.EmailStops = []StopSpan{{To: now}}
	return p
}

// StopIsVoid says whether a link that stops a change of the e-mail address and was mailed then is void.
func (p Profile) StopIsVoid(issued time.Time) bool {
	return slices.ContainsFunc(p.EmailStops, func(s StopSpan) bool { return issued.After(s.From) && !issued.After(s.To) })
}
