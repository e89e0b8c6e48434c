package emailchange

import (
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/token"
)

// Owner are the mailboxes that are told what was done to a number: the address in force, and those before it as long as
// their links can still stop the change (S7). A thief who changes the address first would otherwise be the only one who
// hears of all that follows.
func Owner(p customer.Profile, now time.Time) []outbox.Recipient {
	var all []outbox.Recipient
	for _, address := range p.AddressesSince(now.Add(-token.StopLifetime)) {
		r := p.Recipient(address)
		r.Own, r.Earlier = true, !p.Reads(address)
		all = append(all, r)
	}
	return all
}
