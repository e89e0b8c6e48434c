package customer

import (
	"cmp"
	"kundenkonto/shared/outbox"
	"slices"
	"strings"
	"time"
)

// HeldEmail is an e-mail address that was in force from From on and until Until.
type HeldEmail struct {
	Address string    `dynamodbav:"address"`
	From    time.Time `dynamodbav:"from"`
	Until   time.Time `dynamodbav:"until"`
}

// Bounds of the earlier addresses of a profile: a warning goes to all of 30 days, and a day more is kept for a round that
// is late. Of more than fit those stay that were in force longest: who changes an address over and over pushes out the
// own ones, not the owner's.
const (
	addressesKept = 31 * 24 * time.Hour
	maxAddresses  = 10
)

// AddressesSince are the addresses that were in force at some time since t, today's first, then the latest: whom to warn
// of what somebody with a fresh address may have begun. t is at most 30 days ago. An address whose change was stopped is
// none of them: it was never the customer's.
func (p Profile) AddressesSince(t time.Time) []string {
	var all []string
	add := func(address string) {
		if address != "" && !slices.ContainsFunc(all, func(a string) bool { return strings.EqualFold(a, address) }) {
			all = append(all, address)
		}
	}
	add(p.Email)
	for _, held := range slices.Backward(p.EarlierEmails) {
		if held.Until.After(t) {
			add(held.Address)
		}
	}
	return all
}

// Reads says whether an address is the one in force: what was mailed to it is good only as long (S6).
func (p Profile) Reads(address string) bool {
	return address != "" && strings.EqualFold(p.Email, address)
}

// Recipient is the customer as a mail to one of the addresses has to know them.
func (p Profile) Recipient(address string) outbox.Recipient {
	return outbox.Recipient{Address: address, Language: p.Language, Name: p.DisplayName(), Numbers: []string{p.Number}}
}

// EmailReplaced is the profile with another address in force, and the one before among the earlier ones.
func (p Profile) EmailReplaced(address string, now time.Time) Profile {
	p.EarlierEmails = remember(p.EarlierEmails, HeldEmail{Address: p.Email, From: p.emailSince(), Until: now}, now)
	p.Email, p.EmailChangedAt, p.Pending = address, now, nil
	return p
}

// StoppedEmail is an address that was in force until the link that stops its change was used.
type StoppedEmail struct {
	Address string    `dynamodbav:"address"`
	At      time.Time `dynamodbav:"at"`
}

// Bounds of the stopped addresses: as long as the links last that were mailed to them, those of merge orders the longest,
// and no more than somebody can reach with three changes an hour in the week in which they can be stopped.
const (
	stoppedKept = 60 * 24 * time.Hour
	maxStopped  = 30
)

// EmailRestored is the profile with an address in force again, by the link that was mailed to it at the time issued. What
// was in force since was not the customer's: it is warned of nothing, and what was mailed to it is void.
func (p Profile) EmailRestored(address string, issued, now time.Time) Profile {
	wrong := []string{p.Email}
	p.EarlierEmails = slices.DeleteFunc(slices.Clone(p.EarlierEmails), func(h HeldEmail) bool {
		if h.From.After(issued) {
			wrong = append(wrong, h.Address)
		}
		return h.From.After(issued)
	})
	p.StoppedEmails = slices.DeleteFunc(slices.Clone(p.StoppedEmails), func(s StoppedEmail) bool {
		return !now.Before(s.At.Add(stoppedKept)) || slices.ContainsFunc(wrong, func(a string) bool { return strings.EqualFold(a, s.Address) })
	})
	for _, a := range wrong {
		p.StoppedEmails = append(p.StoppedEmails, StoppedEmail{Address: a, At: now})
	}
	p.StoppedEmails = p.StoppedEmails[max(0, len(p.StoppedEmails)-maxStopped):]
	p.Email, p.EmailChangedAt = address, now
	return p
}

// Stopped says whether the change to an address was stopped after a time: what was mailed to it by then is void.
func (p Profile) Stopped(address string, mailed time.Time) bool {
	return slices.ContainsFunc(p.StoppedEmails, func(s StoppedEmail) bool {
		return strings.EqualFold(s.Address, address) && !mailed.After(s.At)
	})
}

// CameBack says whether the address in force was so before another one ever was, and until shortly before a time: what
// came in between could still be stopped then, and does not stop that the older one came back.
func (p Profile) CameBack(between string, at time.Time, shortly time.Duration) bool {
	was, other := p.earlier(p.Email), p.earlier(between)
	return was.Address != "" && was.From.Before(other.From) && was.Until.After(at.Add(-shortly))
}

// earlier is when an address was in force before; empty if it was not.
func (p Profile) earlier(address string) HeldEmail {
	for _, h := range p.EarlierEmails {
		if strings.EqualFold(h.Address, address) {
			return h
		}
	}
	return HeldEmail{}
}

// emailSince is since when the address is in force.
func (p Profile) emailSince() time.Time {
	if p.EmailChangedAt.IsZero() {
		return p.CreatedAt
	}
	return p.EmailChangedAt
}

// remember adds an address to the earlier ones, which stand in the order in which they ceased to be in force. One that is
// there already was in force before, too.
func remember(earlier []HeldEmail, gone HeldEmail, now time.Time) []HeldEmail {
	var left []HeldEmail
	for _, h := range earlier {
		switch {
		case strings.EqualFold(h.Address, gone.Address):
			gone.From = h.From
		case now.Before(h.Until.Add(addressesKept)):
			left = append(left, h)
		}
	}
	if gone.Address != "" {
		left = append(left, gone)
	}
	if len(left) > maxAddresses {
		shortest := slices.MinFunc(left, func(a, b HeldEmail) int { return cmp.Compare(a.Until.Sub(a.From), b.Until.Sub(b.From)) })
		left = slices.DeleteFunc(left, func(h HeldEmail) bool { return h == shortest })
	}
	return left
}
