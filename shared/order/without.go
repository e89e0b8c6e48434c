package order

import (
	"slices"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
)

// Nobody replaces the customer number of somebody who was forgotten. No real customer number has so few digits.
const Nobody = "0"

// WithoutTexts is an order without the named texts that people wrote, such as a note that mentions somebody else.
func (o Order) WithoutTexts(named func(string) bool) Order {
	kept := func(text string) string {
		if named(text) {
			return ""
		}
		return text
	}
	o.Reason, o.Note, o.Contact, o.Failure = kept(o.Reason), kept(o.Note), kept(o.Contact), kept(o.Failure)
	o.History = slices.Clone(o.History)
	for i, s := range o.History {
		s.Reason, s.Note, s.Contact = kept(s.Reason), kept(s.Note), kept(s.Contact)
		o.History[i] = s
	}
	if first := o.FirstApproval; first != nil {
		next := *first
		next.Reason, next.Note, next.Contact = kept(next.Reason), kept(next.Note), kept(next.Contact)
		o.FirstApproval = &next
	}
	o.Rev++
	return o
}

// Without is a finished order without the personal data of some of its numbers (records, free texts, addresses and
// the numbers themselves), for those that stay. What happened to the order and when is kept.
func (o Order) Without(numbers []string) Order {
	gone := func(n string) bool { return slices.Contains(numbers, n) }
	name := func(n string) string {
		if gone(n) {
			return Nobody
		}
		return n
	}
	names := func(all []string) []string {
		out := slices.Clone(all)
		for i := range out {
			out[i] = name(out[i])
		}
		return out
	}
	party := func(p Party) Party {
		p.Members = names(p.Members)
		if gone(p.Record.Number) {
			p.Record, p.Members, p.Balances = merge.Record{Number: Nobody}, nil, nil
		}
		p.Balances = slices.DeleteFunc(slices.Clone(p.Balances), func(b merge.Balance) bool { return gone(b.Number) })
		return p
	}
	parties := func(all []Source) []Source {
		out := slices.Clone(all)
		for i, s := range out {
			if gone(s.Record.Number) {
				s.Package, s.Domain = "", ""
			}
			s.Party = party(s.Party)
			s.Choices = nil
			out[i] = s
		}
		return out
	}
	o.Customer, o.Survivor, o.Sources = name(o.Customer), party(o.Survivor), parties(o.Sources)
	if o.First != nil {
		o.First = &Shown{Survivor: party(o.First.Survivor), Sources: parties(o.First.Sources), Digest: o.First.Digest}
	}
	o.Before = nil
	o.Salt = "" // the digest then tells nothing to whoever tries values out
	o.Recipients = slices.DeleteFunc(slices.Clone(o.Recipients), func(r outbox.Recipient) bool { return slices.ContainsFunc(r.Numbers, gone) })
	o.Opposed, o.Held, o.Announced = names(o.Opposed), names(o.Held), nil
	o.Unreached = slices.DeleteFunc(slices.Clone(o.Unreached), func(u Unreached) bool { return slices.ContainsFunc(u.Numbers, gone) })
	o = o.WithoutTexts(func(string) bool { return true })
	for i, s := range o.History {
		s.Actor, s.Numbers = name(s.Actor), names(s.Numbers)
		o.History[i] = s
	}
	return o
}
