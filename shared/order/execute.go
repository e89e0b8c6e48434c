package order

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// ErrTooEarly: the veto period is not over or has not begun, or somebody objects to an earlier merge of one of the
// numbers.
var ErrTooEarly = errors.New("order: too early to execute")

// Execute carries out an approved order in one transaction: all sources or none (M2). When data changed since they
// were shown, the order becomes STALE instead (M5). A number that is held by an objection to an earlier merge is not
// merged until that is decided (M4). A step of an older workflow run, or of an order in another state, changes
// nothing.
func (s Store) Execute(ctx context.Context, id string, run int) (Order, error) {
	for range table.Tries(ctx, attempts) {
		o, err := s.Get(ctx, id)
		if err != nil {
			return Order{}, err
		}
		if o.Run != run || o.State != merge.Approved {
			return o, nil
		}
		if end, ok := o.VetoUntil(); !ok || s.Now().Before(end) {
			return o, ErrTooEarly
		}
		objections, err := s.Objections(ctx, o.Numbers()...)
		if err != nil {
			return Order{}, err
		}
		if len(objections) > 0 {
			return o, fmt.Errorf("%w: objection to %v", ErrTooEarly, objections)
		}
		m, err := s.plan(ctx, o)
		if errors.Is(err, ErrDigest) {
			return s.stale(ctx, id, run)
		}
		if err != nil {
			return Order{}, err
		}
		err = s.Transact(ctx, m.items, "")
		if err == nil {
			return m.order, nil
		}
		// A failed condition means that the order or a record changed after it was read: read again and decide anew.
		if !errors.Is(err, table.ErrCondition) {
			return Order{}, fmt.Errorf("order %s: execute: %w", id, err)
		}
	}
	return Order{}, ErrBusy
}

// merging is an execution ready to be written.
type merging struct {
	order Order
	items []types.TransactWriteItem
}

// plan reads all records and composes the transaction.
func (s Store) plan(ctx context.Context, o Order) (merging, error) {
	profiles, err := s.families(ctx, o)
	if err != nil {
		return merging{}, err
	}
	if !o.unchanged(profiles) {
		return merging{}, ErrDigest
	}
	return s.compose(ctx, o, profiles)
}

// unchanged reports whether the records are still those that were shown, and whether nothing is due for a number that
// was merged earlier.
func (o Order) unchanged(profiles Profiles) bool {
	parties := []Party{o.Survivor}
	for _, source := range o.Sources {
		parties = append(parties, source.Party)
	}
	for _, p := range parties {
		now, ok := profiles[p.Record.Number]
		if !ok || now.Version != p.Version || now.MergedInto != "" || profiles.memberOwes(now) {
			return false
		}
	}
	return true
}

func (s Store) compose(ctx context.Context, o Order, profiles Profiles) (merging, error) {
	now := s.Now().UTC()
	if err := s.enter(&o, merge.Executed, audit.BySystem); err != nil {
		return merging{}, err
	}
	o.ExecutedAt = now
	o.Survivor, o.Sources = o.booked(profiles)
	o.Before = o.before(profiles)
	put, err := s.put(&o)
	if err != nil {
		return merging{}, err
	}
	items := []types.TransactWriteItem{put, s.adopt(o, profiles[o.Customer])}
	for _, source := range o.Sources {
		n := source.Record.Number
		gone := endSessions(profiles[n])
		gone.MergedBy = o.ID
		items = append(items, s.pointTo(gone, profiles[n], o.Customer), credential.Retire(s.Names, table.Customer(n)))
		for _, earlier := range source.Members {
			items = append(items, s.pointTo(profiles[earlier], profiles[earlier], o.Customer))
		}
	}
	effects, err := s.effects(ctx, o, audit.MergeExecuted, outbox.OrderExecuted, audit.BySystem)
	if err != nil {
		return merging{}, err
	}
	return merging{order: o, items: append(items, effects...)}, nil
}

// booked are both sides with their balances at this moment: a credit may have changed them since the submission.
func (o Order) booked(profiles Profiles) (Party, []Source) {
	o.Survivor.Balances = profiles.Balances(o.Customer)
	sources := slices.Clone(o.Sources)
	for i, s := range sources {
		sources[i].Balances = profiles.Balances(s.Record.Number)
	}
	return o.Survivor, sources
}

// AllNumbers lists all numbers of the order and what was merged into any of them before it was submitted.
func (o Order) AllNumbers() []string { return append(o.everyNumber(), o.Survivor.Members...) }

// everyNumber lists all numbers of the order and the sources' earlier numbers.
func (o Order) everyNumber() []string {
	all := o.Numbers()
	for _, source := range o.Sources {
		all = append(all, source.Members...)
	}
	return all
}

func (o Order) before(profiles map[string]customer.Profile) *Before {
	b := &Before{Survivor: RecordOf(profiles[o.Customer]), Members: map[string][]string{}, Into: map[string]string{}}
	for _, n := range o.everyNumber() {
		b.Members[n] = slices.Clone(profiles[n].Members)
		b.Into[n] = profiles[n].MergedInto
	}
	return b
}

// adopt writes the result and the new members to the surviving profile.
func (s Store) adopt(o Order, p customer.Profile) types.TransactWriteItem {
	result, next := o.Result(), p
	for _, g := range merge.Groups() {
		for _, f := range g.Fields() {
			setField(&next, f, result.Get(f))
		}
	}
	if next.Email != p.Email {
		next = next.EmailGiven(p.Email, o.ExecutedAt)
	}
	next.Members = append(slices.Clone(p.Members), o.everyNumber()[1:]...)
	slices.Sort(next.Members)
	return customer.Update(s.Names, p, next)
}

// endSessions raises the profile's epoch. The credential's epoch is raised in the same transaction, so that both are
// always equal (S8). Numbers that were merged earlier have no sessions, and keep their epoch.
func endSessions(p customer.Profile) customer.Profile {
	p.Epoch++
	return p
}

// pointTo sets the successor of a number. Chains are flattened: a number that was merged into a source earlier points
// at the survivor, too.
func (s Store) pointTo(next, p customer.Profile, to string) types.TransactWriteItem {
	next.MergedInto, next.Members = to, nil
	return customer.Update(s.Names, p, next)
}

// stale returns the order to its customer because the approved values changed.
func (s Store) stale(ctx context.Context, id string, run int) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.Run != run || !o.State.May(merge.Stale) {
			return nil, errNothing
		}
		return s.enterStale(ctx, o)
	})
}
