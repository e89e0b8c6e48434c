package customer

import (
	"slices"
	"time"
)

// VoidSpan is a time whose package passwords prove nothing: those set from From until To, both included.
type VoidSpan struct {
	From time.Time `dynamodbav:"from" json:"from"`
	To   time.Time `dynamodbav:"to" json:"to"`
}

// maxVoidSpans bounds the spans that a profile keeps. One more, and the oldest become a void of everything before their
// end: that asks an owner for a new password and lets nobody in.
const maxVoidSpans = 10

// PackagePasswordVoid says whether a package password of this number that was set at a time proves nothing. A number may
// have any number of packages, so that what voids their passwords stands on its profile, once. The zero time is that of a
// password from before times were kept.
func (p Profile) PackagePasswordVoid(set time.Time) bool {
	if !p.PackagePasswordsVoidAt.IsZero() && !set.After(p.PackagePasswordsVoidAt) {
		return true
	}
	return slices.ContainsFunc(p.PackagePasswordVoids, func(s VoidSpan) bool { return !set.Before(s.From) && !set.After(s.To) })
}

// PackagePasswordsVoidedSince says whether package passwords of this number were voided after a time: whoever proved it
// before proves it again.
func (p Profile) PackagePasswordsVoidedSince(at time.Time) bool {
	return p.PackagePasswordsVoidAt.After(at) ||
		slices.ContainsFunc(p.PackagePasswordVoids, func(s VoidSpan) bool { return s.To.After(at) })
}

// VoidPackagePasswords is the profile after all package passwords up to a time were voided: whoever misused a merge may
// know them.
func (p Profile) VoidPackagePasswords(until time.Time) Profile {
	p.PackagePasswordsVoidAt = until
	p.PackagePasswordVoids = slices.DeleteFunc(slices.Clone(p.PackagePasswordVoids), func(s VoidSpan) bool { return !s.To.After(until) })
	return p
}

// VoidPackagePasswordsOf is the profile after the package passwords set in a span were voided; older and newer ones stay
// good. It is what an undo does to a number that goes back: in the span somebody else set them.
func (p Profile) VoidPackagePasswordsOf(span VoidSpan) Profile {
	spans := slices.DeleteFunc(slices.Clone(p.PackagePasswordVoids), func(s VoidSpan) bool {
		return !s.From.Before(span.From) && !s.To.After(span.To)
	})
	spans = append(spans, span)
	slices.SortFunc(spans, func(a, b VoidSpan) int { return a.To.Compare(b.To) })
	p.PackagePasswordVoids = spans
	if over := len(spans) - maxVoidSpans; over > 0 {
		return p.VoidPackagePasswords(spans[over-1].To)
	}
	return p
}
