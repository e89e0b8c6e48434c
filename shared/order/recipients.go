package order

import (
	"strings"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// recipients groups the sides of an order by address: whoever reads one mailbox
// gets one mail, which says for which numbers. The surviving side comes first.
func recipients(own customer.Profile, sources []customer.Profile) []outbox.Recipient {
	var list []outbox.Recipient
	at := map[string]int{}
	add := func(p customer.Profile, isOwn bool) {
		key := strings.ToLower(p.Email)
		if key == "" {
			return // nobody to write to; the veto clock then does not start (design 8)
		}
		i, known := at[key]
		if !known {
			i = len(list)
			at[key] = i
			list = append(list, outbox.Recipient{Address: p.Email, Language: p.Language, Name: p.DisplayName(), Own: isOwn})
		}
		if !isOwn {
			list[i].Numbers = append(list[i].Numbers, p.Number)
		}
	}
	add(own, true)
	for _, s := range sources {
		add(s, false)
	}
	return list
}

// later adds addresses that came after submission: a warning goes to the old and
// to the new one (M4).
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
		if strings.EqualFold(known.Address, r.Address) && known.Own == r.Own {
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
	case outbox.OrderExpired:
		values[ValueFrom] = string(o.CameFrom())
	}
	o.tellSources(values)
	if o.Reason != "" {
		values[ValueReason] = o.Reason
	}
	return outbox.Item{Event: name, Key: id, Order: o.ID, Recipients: to, Values: values, CreatedAt: s.Now()}
}

// tellSources names what the mails say about the sources: how long they may say no, and what was merged into them.
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

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
