package order_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// witness looks at the tables after each single write, which is what any reader could see at that moment, and notes the
// first promise that does not hold.
type witness struct {
	fake    *tablefake.Fake
	numbers []string
	broken  string
	seen    map[string]string // what must never go, with what must never change of it
	state   map[string]merge.State
	origin  map[string]merge.Record // each number's data as they were first seen
	done    []string                // orders in the order of their execution
	email   map[string]string       // each number's address at the look before
}

func newWitness(f *tablefake.Fake, numbers []string) *witness {
	return &witness{fake: f, numbers: numbers, seen: map[string]string{}, state: map[string]merge.State{}, origin: map[string]merge.Record{}, email: map[string]string{}}
}

// sight is all that matters of the tables.
type sight struct {
	profiles    map[string]customer.Profile
	credentials map[string]credential.Credential
	orders      map[string]order.Order
	locks       map[string]order.Hold        // number to what holds it
	audits      map[string]map[string]string // number to order to the last action
	kept        map[string]string            // packages, hashes, audit events, orders
}

func (w *witness) see() sight {
	s := sight{map[string]customer.Profile{}, map[string]credential.Credential{}, map[string]order.Order{}, map[string]order.Hold{}, map[string]map[string]string{}, map[string]string{}}
	w.fake.Items(fakeNames.Customers, func(item tablefake.Item) {
		if item["sk"]["S"] == table.SKProfile {
			p := decoded[customer.Profile](item)
			s.profiles[p.Number] = p
			s.kept["customer "+p.Number] = p.FirstName + p.LastName
		} else if strings.HasPrefix(item["sk"]["S"].(string), table.PrefixPackage) {
			p := decoded[customer.Package](item)
			s.kept["package "+p.ID] = p.Number + fmt.Sprint(p.Domains)
		}
	})
	w.fake.Items(fakeNames.Credentials, func(item tablefake.Item) {
		subject := item["pk"]["S"].(string)
		c := decoded[credential.Credential](item)
		s.credentials[subject] = c
		s.kept["credential "+subject] = ""
		if strings.HasPrefix(subject, "C#") {
			s.kept["hash "+subject] = c.Hash // a package password may be voided by a veto
		}
	})
	w.fake.Items(fakeNames.MergeOrders, func(item tablefake.Item) {
		switch item["sk"]["S"] {
		case "ORDER":
			o := decoded[order.Order](item)
			s.orders[o.ID] = o
			s.kept["order "+o.ID] = o.Customer + fmt.Sprint(o.SourceNumbers())
			s.kept["digest of "+o.ID] = submittedDigest(o)
			for i, step := range o.History {
				s.kept[fmt.Sprintf("step %d of %s", i, o.ID)] = fmt.Sprintf("%+v", step)
			}
		case "LOCK":
			s.locks[strings.TrimPrefix(item["pk"]["S"].(string), "LOCK#")] = decoded[order.Hold](item)
		}
	})
	w.fake.Items(fakeNames.Audit, func(item tablefake.Item) {
		e := decoded[audit.Event](item)
		raw, _ := json.Marshal(e)
		s.kept["audit "+item["pk"]["S"].(string)+item["sk"]["S"].(string)] = string(raw)
		n := strings.TrimPrefix(item["pk"]["S"].(string), "C#")
		if s.audits[n] == nil {
			s.audits[n] = map[string]string{}
		}
		s.audits[n][e.Order] += " " + e.Action
	})
	return s
}

func decoded[T any](item tablefake.Item) T {
	var v T
	if err := table.Unmarshal(tablefake.Decode(item), &v); err != nil {
		panic(err)
	}
	return v
}

// look is called with the tables held still.
func (w *witness) look() {
	if w.broken != "" {
		return
	}
	s := w.see()
	for _, promise := range []func(sight) string{w.nothingIsLost, w.mergesAreWhole, w.noTwoOverOneNumber, w.objectionsHold, w.executedAsShown, w.dataHaveASource, w.historyTells, w.addressesStay} {
		if w.broken = promise(s); w.broken != "" {
			return
		}
	}
}

// nothingIsLost is M1.
func (w *witness) nothingIsLost(s sight) string {
	for what, was := range w.seen {
		if is, there := s.kept[what]; !there || is != was {
			return fmt.Sprintf("M1: %s is %q, was %q", what, is, was)
		}
	}
	maps.Copy(w.seen, s.kept)
	return ""
}

// addressesStay is S7: whoever writes another e-mail address leaves the one before among the earlier ones.
func (w *witness) addressesStay(s sight) string {
	for n, p := range s.profiles {
		before := w.email[n]
		w.email[n] = p.Email
		gone := before != "" && before != p.Email
		if gone && (len(p.EarlierEmails) == 0 || p.EarlierEmails[len(p.EarlierEmails)-1].Address != before) {
			return fmt.Sprintf("S7: %s has %s and forgot %s: %+v", n, p.Email, before, p.EarlierEmails)
		}
	}
	return ""
}

// mergesAreWhole is M2: both ends of each merge agree, chains are flat, credentials go with it.
func (w *witness) mergesAreWhole(s sight) string {
	for n, p := range s.profiles {
		c := s.credentials[table.Customer(n)]
		if c.Retired != (p.MergedInto != "") || c.Epoch != p.Epoch {
			return fmt.Sprintf("M2: %s is merged into %q, its credential retired %v, epochs %d and %d", n, p.MergedInto, c.Retired, p.Epoch, c.Epoch)
		}
		if into := p.MergedInto; into != "" && (s.profiles[into].MergedInto != "" || !slices.Contains(s.profiles[into].Members, n) || len(p.Members) > 0) {
			return fmt.Sprintf("M2: %s is merged into %s, which has %v and is merged into %q", n, into, s.profiles[into].Members, s.profiles[into].MergedInto)
		}
		for _, m := range p.Members {
			if s.profiles[m].MergedInto != n {
				return fmt.Sprintf("M2: %s has the member %s, which is merged into %q", n, m, s.profiles[m].MergedInto)
			}
		}
	}
	return ""
}

// noTwoOverOneNumber is M8: open orders hold the locks of all their numbers, and nobody else does.
func (w *witness) noTwoOverOneNumber(s sight) string {
	for id, o := range s.orders {
		if !o.State.Open() {
			continue
		}
		for _, n := range o.Numbers() {
			if s.locks[n].Order != id {
				return fmt.Sprintf("M8: %s is open over %s, which %q holds", id, n, s.locks[n].Order)
			}
		}
	}
	for n, h := range s.locks {
		if o := s.orders[h.Order]; h.Order != "" && !(o.State.Open() && slices.Contains(o.Numbers(), n)) {
			return fmt.Sprintf("M8: %s is held by %s, which is %s", n, h.Order, o.State)
		}
	}
	return ""
}

// objectionsHold is M4: an open objection holds its survivor, and whoever that was merged into, whatever else holds them,
// and neither is merged on meanwhile. One that was decided holds nothing.
func (w *witness) objectionsHold(s sight) string {
	for id, o := range s.orders {
		if !o.Objected() {
			continue
		}
		for _, n := range []string{o.Customer, s.profiles[o.Customer].MergedInto} {
			if n != "" && !slices.Contains(s.locks[n].Objections, id) {
				return fmt.Sprintf("M4: somebody objects to %s, but %s is free", id, n)
			}
		}
	}
	for n, h := range s.locks {
		for _, id := range h.Objections {
			if !s.orders[id].Objected() {
				return fmt.Sprintf("M4: %s is held by the objection to %s, which was decided", n, id)
			}
		}
	}
	return ""
}

// executedAsShown is M5, and M7 for orders that were undone, at the moment of the change.
func (w *witness) executedAsShown(s sight) string {
	for id, o := range s.orders {
		was := w.state[id]
		w.state[id] = o.State
		if was == o.State {
			continue
		}
		switch o.State {
		case merge.InReview:
			for _, source := range o.Sources {
				if c := s.credentials[table.PackageSubject(source.Package)]; was == merge.Submitted && c.Version != source.Proof {
					return fmt.Sprintf("M3: %s was announced on a proof by a package password that is another by now", id)
				}
			}
		case merge.Executed:
			for _, n := range o.Numbers() {
				if held := s.locks[n].Objections; len(held) > 0 {
					return fmt.Sprintf("M4: %s was executed over %s, which the objection to %v holds", id, n, held)
				}
			}
			w.done = append(w.done, id)
			if o.Digest != merge.Digest(o.Salt, o.Survivor.Record, o.Merging()) || o.Before == nil || o.Before.Survivor != o.Survivor.Record {
				return fmt.Sprintf("M5: %s was executed on other data than shown", id)
			}
			if got := order.RecordOf(s.profiles[o.Customer]); got != o.Result() {
				return fmt.Sprintf("M5: %s came out as %+v, shown was %+v", id, got, o.Result())
			}
		case merge.Undone:
			for _, source := range o.Sources {
				p := s.profiles[source.Record.Number]
				if p.MergedInto != o.Before.Into[p.Number] || len(p.Members) != len(o.Before.Members[p.Number]) {
					return fmt.Sprintf("M7: %s was undone, but %s is merged into %q with members %v", id, p.Number, p.MergedInto, p.Members)
				}
			}
		}
	}
	return ""
}

// dataHaveASource is M7 at any time: what nobody edits is what the last merge adopted that still stands, else what the
// number had from the beginning.
func (w *witness) dataHaveASource(s sight) string {
	for n, p := range s.profiles {
		now := order.RecordOf(p)
		if _, known := w.origin[n]; !known {
			w.origin[n] = now
		}
		want, from := w.origin[n], "the beginning"
		for _, id := range w.done {
			if o := s.orders[id]; o.State == merge.Executed && o.Customer == n {
				for _, g := range merge.Adopted(o.Merging()) {
					want, from = want.Taking(g, o.Result()), id
				}
			}
		}
		want.Phone = now.Phone // which the histories edit
		if now != want {
			return fmt.Sprintf("M7: %s has %+v, want %+v since %s", n, now, want, from)
		}
	}
	return ""
}

// historyTells is M10: each merge there is follows from an executed order that every number's audit names, and each order
// went only ways that there are.
func (w *witness) historyTells(s sight) string {
	for n, p := range s.profiles {
		if p.MergedInto == "" {
			continue
		}
		told := slices.ContainsFunc(slices.Collect(maps.Values(s.orders)), func(o order.Order) bool {
			return o.State == merge.Executed && o.Customer == p.MergedInto && o.Before != nil && hasKey(o.Before.Into, n) &&
				strings.Contains(s.audits[n][o.ID], audit.MergeExecuted)
		})
		if !told {
			return fmt.Sprintf("M10: no order tells why %s is merged into %s", n, p.MergedInto)
		}
	}
	for id, o := range s.orders {
		for i := 1; i < len(o.History); i++ {
			from, to := o.History[i-1].State, o.History[i]
			if to.Event == "" && !from.May(to.State) {
				return fmt.Sprintf("M9: %s went from %s to %s", id, from, to.State)
			}
		}
		for _, said := range []string{"reason " + o.Reason, "note " + o.Note, "contact " + o.Contact} {
			if !strings.HasSuffix(said, " ") && !slices.ContainsFunc(o.History, func(s order.Step) bool {
				return said == "reason "+s.Reason || said == "note "+s.Note || said == "contact "+s.Contact
			}) {
				return fmt.Sprintf("M10: the history of %s does not have the %s", id, said)
			}
		}
		if last := o.History[len(o.History)-1].State; last != o.State {
			return fmt.Sprintf("M10: %s is %s, its history ends with %s", id, o.State, last)
		}
	}
	return ""
}

// submittedDigest is over the values that the order was submitted with, whatever was confirmed since.
func submittedDigest(o order.Order) string {
	if o.First != nil {
		return merge.Digest(o.Salt, o.First.Survivor.Record, order.Order{Sources: o.First.Sources}.Merging())
	}
	return merge.Digest(o.Salt, o.Survivor.Record, o.Merging())
}

func hasKey(m map[string]string, k string) bool { _, ok := m[k]; return ok }

// orders are those there are, oldest first.
func (w *witness) orders() []order.Order {
	var all []order.Order
	w.fake.Locked(func() { all = slices.Collect(maps.Values(w.see().orders)) })
	slices.SortFunc(all, func(a, b order.Order) int {
		if c := a.SubmittedAt.Compare(b.SubmittedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all
}

// snapshot is all tables but drafts as text.
func (w *witness) snapshot() string {
	var lines []string
	w.fake.Locked(func() {
		for _, name := range []string{fakeNames.Customers, fakeNames.Credentials, fakeNames.MergeOrders, fakeNames.Audit, fakeNames.Outbox} {
			w.fake.Items(name, func(item tablefake.Item) {
				raw, _ := json.Marshal(item)
				lines = append(lines, string(raw))
			})
		}
	})
	return strings.Join(lines, "\n")
}
