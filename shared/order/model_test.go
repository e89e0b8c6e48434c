package order_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// disturbances is how many edits, bounces and failures there are at most on a way through any world. With the flag all worlds
// are gone through, which takes minutes; without it the first two.
var disturbances = flag.Int("model.disturbances", -1, "edits, bounces and failures on each way of the explorer of orders, in every world")

// world is the customers and the orders that they want: nothing else happens in it but what can happen to these.
type world struct {
	name         string
	orders       []wish
	disturbances int
}

// wish is an order as its customer fills it in, by the places of the numbers.
type wish struct{ own, source int }

// One order with all that can come between, and two that have a number in common, in each way that two can.
var worlds = []world{
	{"one order, disturbed", []wish{{0, 1}}, 1},
	{"the survivor is taken in", []wish{{0, 1}, {2, 0}}, 0},
	{"two want the same number", []wish{{0, 1}, {2, 1}}, 0},
	{"one takes in two", []wish{{0, 1}, {0, 2}}, 0},
	{"each wants the other", []wish{{0, 1}, {1, 0}}, 0},
	{"the source takes in another", []wish{{0, 1}, {1, 2}}, 0},
}

// node is a state of a world: the tables as they are, and the time.
type node struct {
	held      *witness
	now       time.Time
	made      map[string]int // which wish an order is of
	did       map[string]int // how often each deed was done
	disturbed int
	path      []string
	open      []string // orders that have not ended
	ends      map[string]bool
	from      []*node // by the workflow, the clock, or the service team's help for a failed order
}

// deed is something that can happen in a world. alone says that nobody but the workflow, the clock
// and, for orders that failed or that somebody objects to, the service team is needed.
type deed struct {
	name     string
	once     bool
	disturbs bool
	alone    bool
	do       func(s order.Store) error
}

// explorer goes through the states of a world, nearest first, each by the real transitions on tables in memory. A state that
// only differs in names and times from one that was seen is not gone on from.
type explorer struct {
	t     *testing.T
	world world
	seen  map[string]*node
	todo  []*node
	deeds int
}

func TestEveryStateThatOrdersCanReachKeepsThePromises(t *testing.T) { // M2, M4, M5, M7, M8, M9, M10
	if testing.Short() {
		t.Skip("goes through thousands of states")
	}
	for i, w := range worlds {
		if *disturbances < 0 && i > 1 {
			break
		}
		w.disturbances = max(w.disturbances, *disturbances)
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // waiting between the tries of a transaction costs nothing in there
				e := explorer{t: t, world: w, seen: map[string]*node{}}
				e.explore()
				e.everyOrderEnds()
				e.isWorthwhile()
			})
		})
	}
}

func (e *explorer) explore() {
	h := newHistory(3, 1, 0)
	e.visit(nil, &node{held: h.held, now: h.now(), made: map[string]int{}, did: map[string]int{}, ends: map[string]bool{}}, deed{})
	for i := 0; i < len(e.todo); i++ {
		n := e.todo[i]
		for _, d := range e.possible(n) {
			e.try(n, d)
			if e.t.Failed() {
				return
			}
		}
		n.held.fake = nil // the tables of a state that was gone on from are not needed any more
	}
}

// try does a deed on a copy of a state.
func (e *explorer) try(from *node, d deed) {
	e.deeds++
	to := &node{now: from.now, disturbed: from.disturbed, made: maps.Clone(from.made), did: maps.Clone(from.did), ends: map[string]bool{}, path: append(slices.Clip(from.path), d.name)}
	to.did[d.name]++
	if d.disturbs {
		to.disturbed++
	}
	fake := from.held.fake.Clone()
	to.held = from.held.clone(fake)
	fake.After = to.held.look
	h := &history{fake: fake, held: to.held, numbers: from.held.numbers}
	h.clock.now = from.now
	h.calm = h.store(fake.Client(nil))
	err := d.do(h.calm)
	to.now = h.now()
	if d.name == "wait" {
		to.now = e.next(from)
	}
	if to.held.broken != "" {
		e.t.Errorf("%s\nafter %s", to.held.broken, strings.Join(to.path, ", "))
	}
	if unforeseen(err) {
		e.t.Errorf("%v\nafter %s", err, strings.Join(to.path, ", "))
	}
	e.visit(from, to, d)
}

// unforeseen tells errors that no caller has an answer to.
func unforeseen(err error) bool {
	var blocked *order.Blocked
	var later *order.LaterMerges
	var more *order.MoreObjections
	for _, known := range []error{order.ErrState, order.ErrDigest, order.ErrTooEarly, order.ErrNotFound, order.ErrUndoPeriod} {
		if errors.Is(err, known) {
			return false
		}
	}
	return err != nil && !errors.As(err, &blocked) && !errors.As(err, &later) && !errors.As(err, &more)
}

// visit notes a state that is new, and the way to it.
func (e *explorer) visit(from, to *node, d deed) {
	s := to.sight()
	for id, o := range s.orders {
		if _, known := to.made[id]; !known {
			to.made[id] = slices.IndexFunc(e.world.orders, func(w wish) bool {
				return o.Customer == to.held.numbers[w.own] && o.Sources[0].Record.Number == to.held.numbers[w.source]
			})
		}
		if o.State.Open() {
			to.open = append(to.open, id)
		}
	}
	key := e.key(to, s)
	known, old := e.seen[key]
	if !old {
		known = to
		e.seen[key] = to
		e.todo = append(e.todo, to)
	}
	if from != nil && d.alone && known != from {
		known.from = append(known.from, from)
	}
}

func (n *node) sight() (s sight) {
	n.held.fake.Locked(func() { s = n.held.see() })
	return s
}

// key is all that decides what can happen next: states, what is held, what was edited, which deadlines are over.
func (e *explorer) key(n *node, s sight) string {
	var b strings.Builder
	over := func(at time.Time) bool { return !at.IsZero() && !n.now.Before(at) }
	ids := slices.SortedFunc(maps.Keys(n.made), func(a, b string) int { return cmp.Compare(n.made[a], n.made[b]) })
	for _, id := range ids {
		o := s.orders[id]
		fmt.Fprintln(&b, "order", n.made[id], o.State)
		switch o.State {
		case merge.Executed:
			fmt.Fprintln(&b, o.Objected(), o.Opposed, o.Held, over(o.ExecutedAt.Add(order.UndoPeriod)), o.Before.Into, o.Before.Members, o.Before.Survivor.Phone)
		default:
			if o.State.Open() {
				fmt.Fprintln(&b, openKey(o, n.now, s.profiles))
			}
		}
	}
	for _, number := range n.held.numbers {
		p, hold := s.profiles[number], s.locks[number]
		objections := []int{}
		for _, id := range hold.Objections {
			objections = append(objections, n.made[id])
		}
		fmt.Fprintln(&b, number, p.MergedInto, p.Members, p.Phone, hold.Order != "", objections, p.Version == 1)
		c := s.credentials[table.PackageSubject("P-"+number+"-0")]
		fmt.Fprintln(&b, c.Hash == "", c.Version)
	}
	n.held.fake.Locked(func() {
		n.held.fake.Items(fakeNames.MergeOrders, func(item tablefake.Item) {
			if pk, _ := item["pk"]["S"].(string); strings.HasPrefix(pk, "BAR#") {
				fmt.Fprintln(&b, pk, item["sk"]["S"])
			}
		})
	})
	for _, name := range slices.Sorted(maps.Keys(n.did)) {
		if strings.HasPrefix(name, "edit") || strings.HasPrefix(name, "submit") || strings.HasPrefix(name, "bounce") || strings.HasPrefix(name, "fail") {
			fmt.Fprintln(&b, name, n.did[name])
		}
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(b.String())))
}

// openKey is what decides how an open order goes on.
func openKey(o order.Order, now time.Time, profiles map[string]customer.Profile) string {
	end, known := o.VetoUntil()
	changed := []bool{}
	for _, p := range append([]order.Party{o.Survivor}, parties(o)...) {
		changed = append(changed, p.Record.Phone == profiles[p.Record.Number].Phone, p.Version == profiles[p.Record.Number].Version)
	}
	return fmt.Sprint(o.CameFrom(), o.Escalated, known && !now.Before(end), known, o.Lapsed(now), !now.Before(o.EscalateAt), o.Stopped(),
		len(o.Announced), o.ToAnnounce, changed)
}

func parties(o order.Order) []order.Party {
	var all []order.Party
	for _, s := range o.Sources {
		all = append(all, s.Party)
	}
	return all
}

// next is a moment after the first deadline that is still to come; the present one if there is none.
func (e *explorer) next(n *node) time.Time {
	first := n.now
	for _, o := range n.sight().orders {
		var ends []time.Time // as in the key: a wait that changes nothing would never end
		if o.State.Open() {
			ends = append(ends, o.EscalateAt)
			if end, ok := o.VetoUntil(); ok {
				ends = append(ends, end)
			}
			if end, ok := o.Deadline(); ok {
				ends = append(ends, end)
			}
		}
		if o.State == merge.Executed {
			ends = append(ends, o.ExecutedAt.Add(order.UndoPeriod))
		}
		for _, end := range ends {
			if end = end.Add(time.Second); end.After(n.now) && (first.Equal(n.now) || end.Before(first)) {
				first = end
			}
		}
	}
	return first
}

// possible is all that can happen in a state.
func (e *explorer) possible(n *node) []deed {
	ctx := context.Background()
	drop := func(_ order.Order, err error) error { return err }
	all := []deed{{name: "wait", alone: true, do: func(order.Store) error { return nil }}}
	for i, w := range e.world.orders {
		all = append(all, deed{name: fmt.Sprint("submit ", i), once: true, do: func(s order.Store) error { return e.submit(n, s, w) }})
	}
	for _, number := range n.held.numbers[:2] {
		all = append(all, deed{name: "edit " + number, once: true, disturbs: true, do: func(s order.Store) error { return edit(s, number) }})
	}
	for id, o := range n.sight().orders {
		name := func(what string) string { return fmt.Sprint(what, " ", n.made[id]) }
		decision := order.Decision{Reviewer: "staff:jana", Digest: o.Digest, Reason: "Grund", Contact: "am Telefon"}
		helped := o.State == merge.Failed
		all = append(all,
			deed{name: name("announce"), alone: true, do: func(s order.Store) error { return announce(s, id, o.Run) }},
			deed{name: name("mark announced"), alone: true, do: func(s order.Store) error { return markAnnounced(s, id, n.now) }},
			deed{name: name("bounce"), once: true, disturbs: true, do: func(s order.Store) error {
				return drop(s.AnnouncementFailed(ctx, id, order.Unreached{Numbers: o.SourceNumbers(), Why: order.Bounced, Item: "announcement"}))
			}},
			deed{name: name("escalate"), alone: true, do: func(s order.Store) error { return drop(s.Escalate(ctx, id, o.Run)) }},
			deed{name: name("expire"), alone: true, do: func(s order.Store) error { return drop(s.Expire(ctx, id, o.Run)) }},
			deed{name: name("execute"), alone: true, do: func(s order.Store) error { return drop(s.Execute(ctx, id, o.Run)) }},
			deed{name: name("recheck"), alone: true, do: func(s order.Store) error { return drop(s.Recheck(ctx, id)) }},
			deed{name: name("fail"), once: true, disturbs: true, do: func(s order.Store) error { return drop(s.Fail(ctx, id, o.Run, "Lambda.Unknown")) }},
			deed{name: name("approve"), do: func(s order.Store) error { return drop(s.Approve(ctx, id, decision)) }},
			deed{name: name("reject"), alone: helped, do: func(s order.Store) error { return drop(s.Reject(ctx, id, decision)) }},
			deed{name: name("retry"), alone: helped, do: func(s order.Store) error { return drop(s.Retry(ctx, id, "staff:jana", "noch einmal")) }},
			deed{name: name("withdraw"), do: func(s order.Store) error { return withdraw(s, id, o.Customer) }},
			deed{name: name("veto"), do: func(s order.Store) error { return drop(s.Veto(ctx, id, o.SourceNumbers())) }},
			deed{name: name("dismiss"), alone: o.Objected(), do: func(s order.Store) error {
				return drop(s.Dismiss(ctx, id, "staff:jana", "geklärt", o.SourceNumbers()))
			}},
			deed{name: name("undo"), alone: o.Objected(), do: func(s order.Store) error {
				return drop(s.UndoAll(ctx, id, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"}))
			}},
			deed{name: name("confirm"), do: func(s order.Store) error { return confirm(s, id, o.Customer) }},
		)
	}
	slices.SortFunc(all, func(a, b deed) int { return cmp.Compare(a.name, b.name) })
	return slices.DeleteFunc(all, func(d deed) bool {
		return d.once && n.did[d.name] > 0 || d.disturbs && n.disturbed >= e.world.disturbances
	})
}

// submit fills a draft in and sends it off.
func (e *explorer) submit(n *node, s order.Store, w wish) error {
	ctx := context.Background()
	own, source := n.held.numbers[w.own], n.held.numbers[w.source]
	p, err := customer.Store{Store: s.Store}.Profile(ctx, own)
	if err != nil || p.MergedInto != "" {
		return err // who is merged signs in as another
	}
	h := &history{calm: s, numbers: n.held.numbers, held: n.held}
	d, err := s.Draft(ctx, own)
	if err != nil {
		return err
	}
	d.Sources = nil
	d.Prove(h.proof(e.t, own, source), s.Now())
	d.Adopt(source, merge.Choices{merge.Address: merge.Other})
	if d, err = s.SaveDraft(ctx, d); err != nil {
		return err
	}
	profiles, err := s.Parties(ctx, d)
	if err != nil {
		return err
	}
	_, err = s.Submit(ctx, order.Submission{PasswordGiven: true, Customer: own, Epoch: p.Epoch, Digest: order.DigestOf(profiles[own], d, profiles),
		IdempotencyKey: fmt.Sprint("key ", w)})
	return err
}

// edit is a customer who changes the phone number, of which the open order hears later.
func edit(s order.Store, number string) error {
	p, err := customer.Store{Store: s.Store}.Profile(context.Background(), number)
	if err != nil || p.MergedInto != "" {
		return err
	}
	next := p
	next.Phone = "0171 " + number
	return s.Transact(context.Background(), []types.TransactWriteItem{customer.Update(fakeNames, p, next)}, "")
}

func withdraw(s order.Store, id, number string) error {
	p, err := customer.Store{Store: s.Store}.Profile(context.Background(), number)
	if err != nil {
		return err
	}
	_, err = s.Withdraw(context.Background(), id, number, p.Epoch)
	return err
}

// everyOrderEnds: from each state that was gone on from, each open order comes to an end without its customers.
func (e *explorer) everyOrderEnds() {
	reaches := map[*node]map[string]bool{}
	spread := func(n *node, id string) {
		for todo := []*node{n}; len(todo) > 0; {
			n, todo = todo[0], todo[1:]
			if reaches[n] == nil {
				reaches[n] = map[string]bool{}
			}
			if reaches[n][id] {
				continue
			}
			reaches[n][id] = true
			todo = append(todo, n.from...)
		}
	}
	for _, n := range e.todo {
		for id := range n.made {
			if !slices.Contains(n.open, id) {
				spread(n, fmt.Sprint(n.made[id]))
			}
		}
	}
	for _, n := range e.todo {
		for _, id := range n.open {
			if !reaches[n][fmt.Sprint(n.made[id])] {
				e.t.Errorf("order %d never ends by itself after %s", n.made[id], strings.Join(n.path, ", "))
			}
		}
	}
}

// isWorthwhile says what was seen: an explorer that reaches little proves little.
func (e *explorer) isWorthwhile() {
	reached := map[merge.State]int{}
	for _, n := range e.todo {
		for _, state := range n.held.state {
			reached[state]++
		}
	}
	e.t.Logf("%d states, %d deeds; orders in them: %v", len(e.todo), e.deeds, reached)
	want := []merge.State{merge.Executed, merge.Undone, merge.Vetoed, merge.Expired, merge.Rejected, merge.Withdrawn}
	if e.world.disturbances > 0 {
		want = append(want, merge.Stale, merge.Failed)
	}
	for _, state := range want {
		if reached[state] == 0 {
			e.t.Errorf("no way leads to %s: nothing is proven about it", state)
		}
	}
}

// clone is a witness that remembers the same and looks at another set of tables.
func (w *witness) clone(f *tablefake.Fake) *witness {
	return &witness{fake: f, numbers: w.numbers, seen: maps.Clone(w.seen), state: maps.Clone(w.state), origin: maps.Clone(w.origin), done: slices.Clone(w.done), email: maps.Clone(w.email)}
}
