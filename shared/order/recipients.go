package order

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

// An address may have been taken over by somebody else than its owner. So an order is announced, with the link that
// stops it, to the addresses that were in force in the days before it as well, on both sides (M4).
const (
	toldSince = 30 * 24 * time.Hour
	// earlierEach limits how many earlier addresses of a number are told. Those that were in force longest are told:
	// whoever changes the address over and over then pushes out the addresses they made up, not the owner's.
	earlierEach = 3
	// justChanged is how long an address still counts as the owner's after it was replaced: for so long the change
	// can be stopped. When a mail to it fails, the veto clock stops. An older address is told if possible, but
	// nothing waits for it.
	justChanged = token.StopLifetime
)

// recipients groups the sides of an order by mailbox: each mailbox gets one mail, which names its numbers. The
// surviving side comes first, earlier addresses last.
func recipients(own customer.Profile, sources []customer.Profile, now time.Time) []outbox.Recipient {
	var list []outbox.Recipient
	at := map[string]int{}
	add := func(p customer.Profile, r outbox.Recipient, isOwn bool) {
		key := strings.ToLower(r.Address)
		if key == "" {
			return // nobody to write to; the veto clock then does not start
		}
		i, known := at[key]
		if !known {
			i = len(list)
			at[key], list = i, append(list, r)
		}
		if list[i].Earlier && known {
			list[i].MayFail = list[i].MayFail && r.MayFail
		}
		if !isOwn && !slices.Contains(list[i].Numbers, p.Number) {
			list[i].Numbers = append(list[i].Numbers, p.Number)
		}
	}
	all := append([]customer.Profile{own}, sources...)
	for i, p := range all {
		add(p, outbox.Recipient{Address: p.Email, Language: p.Language, Name: p.DisplayName(), Own: i == 0}, i == 0)
	}
	for i, p := range all {
		for _, held := range earlierOf(p, now) {
			// No name: the mailbox may be another person's by now.
			add(p, outbox.Recipient{Address: held.Address, Language: p.Language, Earlier: true, MayFail: now.Sub(held.Until) > justChanged}, i == 0)
		}
	}
	return list
}

// earlierOf are the addresses of a number that were in force within toldSince and are
// not any more.
func earlierOf(p customer.Profile, now time.Time) []customer.HeldEmail {
	since := p.AddressesSince(now.Add(-toldSince))
	earlier := slices.DeleteFunc(slices.Clone(p.EarlierEmails), func(h customer.HeldEmail) bool {
		return !slices.Contains(since, h.Address) || strings.EqualFold(h.Address, p.Email)
	})
	slices.SortStableFunc(earlier, func(a, b customer.HeldEmail) int { return cmp.Compare(b.Until.Sub(b.From), a.Until.Sub(a.From)) })
	return earlier[:min(len(earlier), earlierEach)]
}

// later adds addresses that came after the submission: a warning goes to the old and to the new one (M4).
func later(atSubmission, now []outbox.Recipient) []outbox.Recipient {
	all := append([]outbox.Recipient{}, atSubmission...)
	for _, r := range now {
		if !hasRecipient(all, r) {
			all = append(all, r)
		}
	}
	return all
}

func hasRecipient(list []outbox.Recipient, r outbox.Recipient) bool {
	for _, known := range list {
		if strings.EqualFold(known.Address, r.Address) && known.Own == r.Own && (r.Earlier || !known.Earlier) {
			return true
		}
	}
	return false
}

// ValueKeys of the outbox items of an order; a template prints nothing else.
const (
	ValueOrder         = "order"         // order id
	ValueSurvivor      = "survivor"      // surviving number
	ValueSources       = "sources"       // source numbers, comma separated
	ValueSubmittedAt   = "submittedAt"   // RFC 3339
	ValueReviewBy      = "reviewBy"      // RFC 3339, when the review is due
	ValueExecuteAt     = "executeAt"     // RFC 3339, absent while not known
	ValueVetoHours     = "vetoHours"     // absent where there is no time for a veto
	ValueEarlier       = "earlier."      // and a source: the numbers merged into it earlier, comma separated
	ValueBalance       = "balance."      // and a number: its balance in cents at the execution, absent when zero
	ValueReason        = "reason"        // to the ordering customer only
	ValueConfirmBy     = "confirmBy"     // RFC 3339, of a stale order
	ValuePasswordsVoid = "passwordsVoid" // of an undo after an objection
	ValueFrom          = "from"          // of an expired order: the state it waited in
)

// event makes the outbox item of something that happened to the order. The key
// tells repeated events of one order apart, "" when there can be only one.
func (s Store) event(o Order, name, key string, to []outbox.Recipient) outbox.Item {
	id := o.ID
	if key != "" {
		id += "/" + key
	}
	values := map[string]string{
		ValueOrder:       o.ID,
		ValueSurvivor:    o.Customer,
		ValueSources:     strings.Join(o.SourceNumbers(), ","),
		ValueSubmittedAt: table.FormatTime(o.SubmittedAt),
		ValueReviewBy:    table.FormatTime(o.EscalateAt),
	}
	if end, ok := o.VetoUntil(); ok {
		values[ValueExecuteAt] = table.FormatTime(latest(end, s.Now()))
	}
	switch name {
	case outbox.OrderStale:
		values[ValueConfirmBy] = table.FormatTime(o.ConfirmBy)
	case outbox.OrderUndone:
		if o.Abused() {
			values[ValuePasswordsVoid] = "yes"
		}
	case outbox.OrderExecuted:
		o.tellBalances(values)
		values[outbox.ValueVersion] = strconv.FormatInt(o.Survivor.Version+1, 10) // as it was submitted, else the merge does not hold
	case outbox.OrderExpired:
		values[ValueFrom] = string(o.CameFrom())
	}
	o.tellSources(values)
	if o.Reason != "" {
		values[ValueReason] = o.Reason
	}
	return outbox.Item{Event: name, Key: id, Order: o.ID, Recipients: to, Values: values, CreatedAt: s.Now()}
}

// tellSources adds what mails say about the sources: how long they may object, and what was merged into them earlier.
func (o Order) tellSources(values map[string]string) {
	if o.VetoApplies() {
		values[ValueVetoHours] = itoa(o.VetoHours)
	}
	for _, source := range o.Sources {
		if len(source.Members) > 0 {
			values[ValueEarlier+source.Record.Number] = strings.Join(source.Members, ",")
		}
	}
}

// tellBalances names what was booked for the order's numbers and those merged into them.
func (o Order) tellBalances(values map[string]string) {
	all := slices.Clone(o.Survivor.Balances)
	for _, source := range o.Sources {
		all = append(all, source.Balances...)
	}
	for _, b := range all {
		values[ValueBalance+b.Number] = strconv.FormatInt(b.Cents, 10)
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
