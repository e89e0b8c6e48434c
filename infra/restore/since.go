package main

import (
	"maps"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

// since is what happened between the instant and the present and must not be undone by going back: whoever said no to a merge, took a
// password or a passkey out of use, or used a code up. It is read from an export of the present.
type since struct {
	known bool // there is a present; without one nothing is known

	credentials map[string]secret       // by key: of numbers, of packages
	factors     map[string]factor       // by key
	epochs      map[string]int64        // of profiles, by number
	versions    map[string]int64        // of profiles and of settings, by key
	emails      map[string]string       // hashes of addresses, by number
	orders      map[string]order.Order  // all of the present, without values
	saidNo      map[string]table.Item   // orders that ended by a no, or have a new objection
	refused     map[string]order.Order  // orders that ran at the instant, and were carried out and then undone or objected to
	locks       map[string]table.Item   // by key
	sent        map[string]table.Item   // what waited at the instant and was sent since
	more        map[string][]table.Item // by table: what the instant does not have and must be there

	notices notices            // cancellations of contracts
	gone    map[string]bool    // numbers that were forgotten, by key
	waiting map[string]bool    // at the instant, in the outbox; or given up on
	atThe   map[string]*merged // orders at the instant
	before  map[string]factor  // at the instant
}

type (
	secret struct {
		changedAt      string
		hash           bool
		epoch, version int64
	}
	factor struct {
		since    string
		codesAt  string
		codes    []string
		passkeys []string // ids
	}
	merged struct {
		state   merge.State
		opposed int
	}
)

func newSince() *since {
	return &since{credentials: map[string]secret{}, factors: map[string]factor{}, epochs: map[string]int64{}, versions: map[string]int64{}, emails: map[string]string{},
		orders: map[string]order.Order{}, saidNo: map[string]table.Item{}, refused: map[string]order.Order{}, locks: map[string]table.Item{}, sent: map[string]table.Item{}, more: map[string][]table.Item{},
		notices: newNotices(), gone: map[string]bool{}, waiting: map[string]bool{}, atThe: map[string]*merged{}, before: map[string]factor{}}
}

// instant takes up what has to be known of an item of the instant before the present is read.
func (s *since) instant(of string, item table.Item) error {
	pk, sk := table.String(item, table.AttrPK), table.String(item, table.AttrSK)
	switch {
	case of == "Customers" && strings.HasPrefix(sk, table.PrefixPackage):
		s.notices.instant[pk+" "+sk] = true
	case of == "Outbox" && table.String(item, "due") != "":
		s.waiting[pk] = true
	case of == "MergeOrders" && strings.HasPrefix(pk, "ORDER#"):
		var o order.Order
		if err := table.Unmarshal(item, &o); err != nil {
			return err
		}
		s.atThe[o.ID] = &merged{o.State, len(o.Opposed)}
	case of == "Credentials" && strings.HasPrefix(pk, "F#"):
		f, err := factorOf(item)
		if err != nil {
			return err
		}
		s.before[pk] = f
	}
	return nil
}

func waits(item table.Item) bool { return strings.HasPrefix(table.String(item, "due"), "DUE#") }

func factorOf(item table.Item) (factor, error) {
	var f struct {
		Codes    []string `dynamodbav:"codes,stringset"`
		Passkeys []struct {
			ID string `dynamodbav:"id"`
		} `dynamodbav:"passkeys"`
	}
	if err := table.Unmarshal(item, &f); err != nil {
		return factor{}, err
	}
	of := factor{since: table.String(item, "since"), codesAt: table.String(item, "codesAt"), codes: f.Codes}
	for _, k := range f.Passkeys {
		of.passkeys = append(of.passkeys, k.ID)
	}
	return of, nil
}

// present takes up an item of the present.
func (s *since) present(of string, item table.Item) error {
	s.known = true
	pk, sk := table.String(item, table.AttrPK), table.String(item, table.AttrSK)
	if ofCancellation(of, pk, item) {
		s.more[of] = append(s.more[of], item)
		return nil
	}
	switch of {
	case "Customers":
		if err := s.notices.present(pk, sk, item); err != nil {
			return err
		}
		s.versions[pk+" "+sk] = versionOf(item)
		if sk == table.SKProfile {
			number := strings.TrimPrefix(pk, table.Customer(""))
			s.epochs[number], s.emails[number] = table.Int(item, "epoch"), table.Hash(table.String(item, "email"))
		}
		if sk == table.SKGone {
			s.gone[pk] = true
			s.more[of] = append(s.more[of], item)
		}
	case "Credentials":
		switch {
		case strings.HasPrefix(pk, "F#"):
			f, err := factorOf(item)
			s.factors[pk] = f
			return err
		case !strings.HasPrefix(pk, "H#"):
			s.credentials[pk] = secretOf(item)
		}
	case "Tokens":
		if mustStay(item) {
			if _, ours := s.atThe[table.String(item, "subject")]; ours || table.String(item, "purpose") != token.PurposeVeto {
				s.more[of] = append(s.more[of], item)
			}
		}
	case "MergeOrders":
		return s.presentOrder(of, pk, item)
	case "Audit":
		if _, no := s.saidNo[table.String(item, "order")]; no {
			s.more[of] = append(s.more[of], item)
		}
	case "Outbox":
		if s.waiting[pk] && table.String(item, "doneAt") != "" && table.String(item, "event") != outbox.OrderAnnounced {
			s.sent[pk] = item
		}
	}
	return nil
}

// saidNo are the states that an order ends in by somebody's no, and which change no customer.
var saidNo = []merge.State{merge.Vetoed, merge.Withdrawn, merge.Rejected, merge.Expired}

func (s *since) presentOrder(of, pk string, item table.Item) error {
	switch {
	case strings.HasPrefix(pk, "BAR#"):
		s.more[of] = append(s.more[of], item)
	case strings.HasPrefix(pk, "LOCK#"):
		s.locks[pk] = item
	case strings.HasPrefix(pk, "ORDER#"):
		var o order.Order
		if err := table.Unmarshal(item, &o); err != nil {
			return err
		}
		s.orders[o.ID] = order.Order{State: o.State}
		then := s.atThe[o.ID]
		if then == nil {
			return nil
		}
		ended := slices.Contains(saidNo, o.State) && then.state != o.State
		objected := o.State == merge.Executed && then.state == merge.Executed && len(o.Opposed) > then.opposed
		switch {
		case ended || objected:
			s.saidNo[o.ID] = item
		case then.state.Open() && (o.State == merge.Undone || o.State == merge.Executed && len(o.Opposed) > then.opposed):
			s.refused[o.ID] = o
		}
	}
	return nil
}

func secretOf(item table.Item) secret {
	return secret{table.String(item, "changedAt"), table.String(item, "hash") != "", table.Int(item, "epoch"), table.Int(item, "version")}
}

// mustStay are the mailed links by which somebody says no: to a merge, to another e-mail address. All others are void.
func mustStay(item table.Item) bool {
	return slices.Contains([]string{token.PurposeVeto, token.PurposeStopEmail}, table.String(item, "purpose"))
}

// noted is one line of the report.
type noted struct {
	What   string `json:"what"`
	Number string `json:"number,omitempty"`
	Order  string `json:"order,omitempty"`
	Key    string `json:"package,omitempty"`
	From   string `json:"from,omitempty"` // state of the order in the present
	To     string `json:"to,omitempty"`   // and after going back
}

// back gives the item of the instant as it is written, nil for one that is left out, and what is to be known of it.
func (s *since) back(of string, item table.Item, kept time.Duration, now time.Time) (table.Item, []noted) {
	pk, sk := table.String(item, table.AttrPK), table.String(item, table.AttrSK)
	switch of {
	case "Sessions", "StaffSessions":
		return nil, nil
	case "Tokens":
		if !mustStay(item) {
			return nil, nil
		}
	case "Throttle":
		if s.known {
			return nil, nil // those of the present stay: they know of more tries
		}
	case "Customers":
		next, told := s.version(pk, sk, item)
		var all []noted
		switch {
		case sk == table.SKProfile:
			next, all = s.profile(next)
		case strings.HasPrefix(sk, table.PrefixPackage):
			next, all = s.notices.back(pk, sk, next)
		}
		return next, append(told, all...)
	case "Credentials":
		switch {
		case strings.HasPrefix(pk, "F#"):
			return s.factor(pk, item)
		case !strings.HasPrefix(pk, "H#"):
			return s.credential(pk, item)
		}
	case "MergeOrders":
		return s.order(pk, item)
	case "Outbox":
		return s.effect(pk, item, kept, now)
	}
	return item, nil
}

// versionOf is the version of a profile or of a package's settings that events tell; 0 for anything else.
func versionOf(item table.Item) int64 {
	return max(table.Int(item, "version"), table.Int(item, "settingsVersion"))
}

// version is past the present's where that is another one: the operator's other systems keep the highest, and would pass over all
// that is changed from here on until it is reached again. They have to read these customers anew.
func (s *since) version(pk, sk string, item table.Item) (table.Item, []noted) {
	now := s.versions[pk+" "+sk]
	if now <= versionOf(item) {
		return item, nil
	}
	next, name := table.With(nil, item), "version"
	said := noted{What: "data.back", Number: strings.TrimPrefix(pk, table.Customer(""))}
	if sk != table.SKProfile {
		name, said.Key = "settingsVersion", strings.TrimPrefix(sk, table.PrefixPackage)
	}
	next[name] = table.N(now + 1)
	return next, []noted{said}
}

// profile voids all sessions and addresses that wait, by an epoch that never was.
func (s *since) profile(item table.Item) (table.Item, []noted) {
	var p customer.Profile
	if err := table.Unmarshal(item, &p); err != nil {
		return item, []noted{{What: "unreadable"}}
	}
	next := table.With(nil, item)
	next["epoch"] = table.N(max(p.Epoch, s.epochs[p.Number]) + 1)
	var all []noted
	if s.gone[goneKey(p.Number)] {
		all = append(all, noted{What: "customer.to-be-forgotten-again", Number: p.Number})
	}
	if address, there := s.emails[p.Number]; s.known && there && address != table.Hash(p.Email) {
		all = append(all, noted{What: "email.back", Number: p.Number})
	}
	return next, all
}

func goneKey(number string) string { return table.String(table.Gone(number), table.AttrPK) }

// credential voids sessions by the epoch, and the password that somebody replaced since: it may be known to who should not know it,
// and the one after it may be a thief's.
func (s *since) credential(pk string, item table.Item) (table.Item, []noted) {
	then, now := secretOf(item), s.credentials[pk]
	next := table.With(nil, item)
	next["version"], next["epoch"] = table.N(max(then.version, now.version)+1), table.N(max(then.epoch, now.epoch)+1)
	number, isCustomer := strings.CutPrefix(pk, table.Customer(""))
	if !isCustomer {
		next["version"], next["epoch"] = item["version"], item["epoch"] // a proof names the version
	}
	factorKey := table.String(table.SecondFactor(number), table.AttrPK)
	// Neither passwords nor second factors are ever deleted but with the customer: what the present lacks was lost, and is what a restore is for.
	_, stillThere := s.credentials[pk]
	_, factorThere := s.factors[factorKey]
	changed := (stillThere || s.gone[goneKey(number)]) && (now.changedAt != then.changedAt || now.hash != then.hash) ||
		isCustomer && factorThere && s.factors[factorKey].since != s.before[factorKey].since
	if !s.known || !changed || !then.hash {
		return next, nil
	}
	next["hash"], next["version"] = table.S(""), table.N(max(then.version, now.version)+1)
	if isCustomer {
		return next, []noted{{What: "password.void", Number: number}}
	}
	return next, []noted{{What: "package-password.void", Key: strings.TrimPrefix(pk, table.PackageSubject(""))}}
}

// factor takes away what was used up or removed since, and a recovery that waits: its warning may have been answered since.
func (s *since) factor(pk string, item table.Item) (table.Item, []noted) {
	next, all := table.With(nil, item), []noted(nil)
	number := strings.TrimPrefix(pk, table.String(table.SecondFactor(""), table.AttrPK))
	if _, waits := next["recovery"]; waits {
		delete(next, "recovery")
		all = append(all, noted{What: "recovery.ended", Number: number})
	}
	if !s.known {
		return next, all
	}
	then := s.before[pk]
	now, stillThere := s.factors[pk]
	if !stillThere { // lost
		return next, all
	}
	if then.since != now.since || then.codesAt != now.codesAt {
		all = append(all, noted{What: "second-step.back", Number: number})
	} else if codes := both(then.codes, now.codes); len(codes) < len(then.codes) {
		next = withSet(next, "codes", codes)
	}
	if keys := both(then.passkeys, now.passkeys); len(keys) < len(then.passkeys) {
		next = withPasskeys(next, keys)
		all = append(all, noted{What: "passkey.stays-removed", Number: number})
	}
	next["version"] = table.N(table.Int(item, "version") + 1)
	return next, all
}

// order takes the order of the present where somebody said no since, and tells of those that go back.
func (s *since) order(pk string, item table.Item) (table.Item, []noted) {
	switch {
	case strings.HasPrefix(pk, "DRAFT#"):
		return nil, nil // proofs by passwords that may be void; only choices are lost
	case strings.HasPrefix(pk, "LOCK#"):
		return s.lock(pk, item), nil
	case !strings.HasPrefix(pk, "ORDER#"):
		return item, nil
	}
	id := strings.TrimPrefix(pk, "ORDER#")
	if no, said := s.saidNo[id]; said {
		return no, []noted{{What: "order.no-stays", Order: id, To: table.String(no, "state")}}
	}
	state := merge.State(table.String(item, "state"))
	if no, said := s.refused[id]; said {
		next, err := vetoed(item, no)
		if err != nil {
			return item, []noted{{What: "unreadable", Order: id}}
		}
		return next, []noted{{What: "order.no-stays", Order: id, From: string(no.State), To: string(merge.Vetoed)}}
	}
	if now, there := s.orders[id]; there && now.State != state {
		return item, []noted{{What: "order.back", Order: id, From: string(now.State), To: string(state)}}
	}
	return item, nil
}

// vetoed is an order of the instant that must not be carried out again: somebody objected to the merge since, or it was undone. Who
// said so and when is the present's.
func vetoed(item table.Item, now order.Order) (table.Item, error) {
	var o order.Order
	if err := table.Unmarshal(item, &o); err != nil {
		return nil, err
	}
	step := order.Step{State: merge.Vetoed}
	if n := len(now.History); n > 0 {
		step.At, step.Actor, step.Numbers = now.History[n-1].At, now.History[n-1].Actor, now.History[n-1].Numbers
	}
	o.State, o.Opposed, o.History, o.Task = merge.Vetoed, now.Opposed, append(o.History, step), order.Task{}
	o.Rev++
	next, err := table.Marshal(o)
	for _, name := range []string{table.AttrPK, table.AttrSK, "submittedAt"} { // and not statePk: it lies on no desk
		if item[name] != nil && err == nil {
			next[name] = item[name]
		}
	}
	return next, err
}

func (s *since) lock(pk string, item table.Item) table.Item {
	now, next := s.locks[pk], table.With(nil, item)
	if no, said := s.saidNo[table.String(item, "order")]; said && table.String(no, "state") != string(merge.Executed) {
		next["order"] = table.S("")
	}
	if _, said := s.refused[table.String(item, "order")]; said {
		next["order"] = table.S("")
	}
	var held, new struct {
		Objections []string `dynamodbav:"objections,stringset"`
	}
	if table.Unmarshal(item, &held) != nil || table.Unmarshal(now, &new) != nil {
		return next
	}
	for _, id := range new.Objections {
		if _, said := s.saidNo[id]; said && !slices.Contains(held.Objections, id) {
			held.Objections = append(held.Objections, id)
		}
	}
	if len(held.Objections) > 0 {
		next = withSet(next, "objections", held.Objections)
	}
	return next
}

// effect holds what waits; what was sent since stays sent. The end of a recovery goes with it.
func (s *since) effect(pk string, item table.Item, kept time.Duration, now time.Time) (table.Item, []noted) {
	if sent, done := s.sent[pk]; done {
		return sent, nil
	}
	if waits(item) && table.String(item, "event") == outbox.FactorRecoveryDue {
		return nil, nil
	}
	return held(item, kept, now)
}

// held holds an effect that waits.
func held(item table.Item, kept time.Duration, now time.Time) (table.Item, []noted) {
	if !waits(item) {
		return item, nil
	}
	return outbox.Held(item, kept, now), []noted{{What: "outbox.held: " + table.String(item, "event")}}
}

// stays is what the instant does not have and must be there, by table; of the outbox what waits is held.
func (s *since) stays(kept time.Duration, now time.Time) (map[string][]table.Item, []noted, error) {
	laid, told, err := s.notices.lost()
	if err != nil {
		return nil, nil, err
	}
	all := maps.Clone(s.more)
	all["MergeOrders"] = append(slices.Clone(all["MergeOrders"]), laid...)
	all["Outbox"] = nil
	for _, item := range s.more["Outbox"] {
		next, of := held(item, kept, now)
		all["Outbox"], told = append(all["Outbox"], next), append(told, of...)
	}
	return all, told, nil
}

func both(a, b []string) (all []string) {
	for _, x := range a {
		if slices.Contains(b, x) {
			all = append(all, x)
		}
	}
	return all
}
