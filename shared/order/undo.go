package order

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// ErrUndoPeriod: the merge was executed more than UndoPeriod ago.
var ErrUndoPeriod = errors.New("order: undo period is over")

// LaterMerges prevents an undo: the surviving number was merged into another one since. The orders are named newest
// first, and have to be undone first.
type LaterMerges struct{ Orders []string }

func (l *LaterMerges) Error() string {
	return "order: later merges in the way: " + strings.Join(l.Orders, ", ")
}

// Undoing is the service team's decision to take a merge back.
type Undoing struct {
	Reviewer string
	Reason   string // to the ordering customer
	// Abuse: the service team says that the owners did not want the merge. An undo after an objection always counts
	// as abuse.
	Abuse bool
}

// Undo reverses an executed merge exactly (M7): the numbers become independent again with their own credentials, and
// each adopted group of fields returns to its former value, unless it was edited since. Package passwords that were
// set meanwhile on packages that go back become void, because somebody else set them. After abuse all package
// passwords become void, and the numbers cannot be merged again. It is one transaction. Errors: ErrState,
// ErrUndoPeriod, *LaterMerges.
func (s Store) Undo(ctx context.Context, id string, u Undoing) (Order, error) {
	return s.undo(ctx, id, u, false)
}

// undo is Undo; inTheWay is a later merge of one that may be undone, whatever its own
// period.
func (s Store) undo(ctx context.Context, id string, u Undoing, inTheWay bool) (Order, error) {
	for range table.Tries(ctx, attempts) {
		o, err := s.Get(ctx, id)
		if err != nil {
			return Order{}, err
		}
		if err := s.mayUndo(o, inTheWay); err != nil {
			return o, err
		}
		// What follows is decided by the same profiles that the transaction is conditioned on (S12).
		profiles, err := s.profiles(ctx, o.everyNumber())
		if err != nil {
			return Order{}, err
		}
		later, err := s.laterOrders(ctx, profiles[o.Customer])
		if err != nil {
			return Order{}, err
		}
		if len(later) > 0 {
			return o, &LaterMerges{Orders: later}
		}
		if !o.stillMerged(profiles) {
			continue // read while another undo was under way
		}
		undone, items, err := s.composeUndo(ctx, o, profiles, u)
		if err != nil {
			return Order{}, err
		}
		err = s.Transact(ctx, items, "")
		if err == nil {
			return undone, nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return Order{}, fmt.Errorf("order %s: undo: %w", id, err)
		}
	}
	return Order{}, ErrBusy
}

// stillMerged reports whether every number of the order still points at the survivor.
func (o Order) stillMerged(profiles map[string]customer.Profile) bool {
	for _, n := range o.everyNumber()[1:] {
		if profiles[n].MergedInto != o.Customer {
			return false
		}
	}
	return profiles[o.Customer].MergedInto == ""
}

// UndoAll undoes an order together with the later merges that prevent it, newest first, as one decision. Only the
// order itself can count as abuse. Each undo is a transaction of its own; calling it again continues where it
// stopped.
func (s Store) UndoAll(ctx context.Context, id string, u Undoing) (Order, error) {
	o, err := s.Undo(ctx, id, u)
	var in *LaterMerges
	if !errors.As(err, &in) {
		return o, err
	}
	for _, later := range in.Orders {
		if _, err := s.undo(ctx, later, Undoing{Reviewer: u.Reviewer, Reason: u.Reason}, true); err != nil {
			return o, fmt.Errorf("undo of later order %s: %w", later, err)
		}
	}
	return s.Undo(ctx, id, u)
}

func (s Store) mayUndo(o Order, inTheWay bool) error {
	if o.State != merge.Executed {
		return fmt.Errorf("%w: %s was not executed", ErrState, o.State)
	}
	if !o.MayUndo(s.Now()) && !inTheWay {
		return ErrUndoPeriod
	}
	return nil
}

// MayUndo reports whether the merge can be undone: within UndoPeriod, and as long as an objection waits that came
// within it. Otherwise an objection of the last day could only be dismissed.
func (o Order) MayUndo(now time.Time) bool {
	return o.State == merge.Executed && (!now.After(o.ExecutedAt.Add(UndoPeriod)) || o.Objected())
}

// laterOrders lists the executed orders that merged the number into another one, that one into the next, and so on,
// newest first. Each merged number names its order, and is read consistently: an index could miss an order of a
// second ago.
func (s Store) laterOrders(ctx context.Context, p customer.Profile) ([]string, error) {
	var later []string
	for p.MergedInto != "" {
		if p.MergedBy == "" || len(later) > merge.MaxCustomerNumbers {
			return nil, fmt.Errorf("undo: no order tells how %s came to %s", p.Number, p.MergedInto)
		}
		o, err := s.Get(ctx, p.MergedBy)
		if err != nil {
			return nil, fmt.Errorf("undo: order %s, which merged %s: %w", p.MergedBy, p.Number, err)
		}
		next, err := s.profiles(ctx, []string{o.Customer})
		if err != nil {
			return nil, err
		}
		later, p = append(later, o.ID), next[o.Customer]
	}
	slices.Reverse(later)
	return later, nil
}

func (s Store) composeUndo(ctx context.Context, o Order, profiles map[string]customer.Profile, u Undoing) (Order, []types.TransactWriteItem, error) {
	locked := o.Objected()
	if err := s.enter(&o, merge.Undone, u.Reviewer); err != nil {
		return Order{}, nil, err
	}
	o.Reason, o.last().Reason, o.Abuse = u.Reason, u.Reason, u.Abuse
	if locked {
		o.ObjectionEnded = s.Now().UTC()
	}
	put, err := s.put(&o)
	if err != nil {
		return Order{}, nil, err
	}
	later, err := s.successors(ctx, o, profiles[o.Customer])
	if err != nil {
		return Order{}, nil, err
	}
	replaced, heirs, err := s.rebaseLaterUndo(o, later)
	if err != nil {
		return Order{}, nil, err
	}
	now := profiles[o.Customer]
	until := latest(s.Now().UTC(), now.PackagePasswordChangedAt)
	next := s.givenBack(o, now, replaced)
	if o.Abused() {
		next = next.VoidPackagePasswords(until)
	}
	items := append([]types.TransactWriteItem{put, customer.Update(s.Names, now, next)}, heirs...)
	for _, source := range o.Sources {
		n := source.Record.Number
		free := endSessions(profiles[n])
		free.MergedBy = ""
		items = append(items, s.detach(o, free, profiles[n], until), credential.Restore(s.Names, table.Customer(n)))
		for _, earlier := range source.Members {
			items = append(items, s.detach(o, profiles[earlier], profiles[earlier], until))
		}
	}
	to, err := s.addresses(ctx, o)
	if err != nil {
		return Order{}, nil, err
	}
	heard := s.event(o, outbox.OrderUndone, "", to)
	heard.Values[outbox.ValueVersion] = strconv.FormatInt(now.Version+1, 10) // the members change
	items = append(items, outbox.Put(s.Names, heard))
	if locked {
		items = append(items, s.releaseFrom(o)...)
	}
	for _, n := range o.Barring() {
		items = append(items, s.bar(o, n))
	}
	happened := audit.Event{Action: audit.MergeUndone, Actor: u.Reviewer}
	if o.Abuse {
		happened.New = map[string]string{audit.KeyAbuse: "yes"}
	}
	return o, append(items, s.auditsOf(o, happened, RecordOf(now), RecordOf(next))...), nil
}

// Abused reports whether the merge was against an owner's will: somebody objected to it, or the service team says so.
// An undo then voids all package passwords of its numbers, which the abuser may know or have set.
func (o Order) Abused() bool { return o.Abuse || len(o.Opposed) > 0 }

// Barring lists the sources that may not be merged into the surviving number again until the service team allows it:
// those whose owners said no, or all of them when the team calls it abuse.
func (o Order) Barring() []string {
	switch {
	case o.State != merge.Vetoed && o.State != merge.Undone:
		return nil
	case o.Abuse:
		return o.SourceNumbers()
	}
	return o.Opposed
}

// givenBack is the survivor as the undo leaves it: without this order's members, and with the former values of the
// adopted groups that still have this order's values and that no later merge replaced.
func (s Store) givenBack(o Order, p customer.Profile, replaced map[merge.Group]bool) customer.Profile {
	wrote, before, next := o.Result(), o.Before.Survivor, p
	now := RecordOf(p)
	for _, g := range merge.Adopted(o.Merging()) {
		if !replaced[g] && sameGroup(g, now, wrote) {
			for _, f := range g.Fields() {
				setField(&next, f, before.Get(f))
			}
		}
	}
	if next.Email != p.Email {
		next = next.EmailGiven(p.Email, s.Now().UTC())
	}
	gone := o.everyNumber()[1:]
	next.Members = slices.DeleteFunc(slices.Clone(p.Members), func(n string) bool { return slices.Contains(gone, n) })
	return next
}

func sameGroup(g merge.Group, a, b merge.Record) bool {
	for _, f := range g.Fields() {
		if a.Get(f) != b.Get(f) {
			return false
		}
	}
	return true
}

// detach makes a number independent again, or a member of what it belonged to before. The surviving side could set
// its package passwords since the execution, so these become void.
func (s Store) detach(o Order, next, p customer.Profile, until time.Time) types.TransactWriteItem {
	if o.Abused() {
		next = next.VoidPackagePasswords(until)
	} else {
		next = next.VoidPackagePasswordsOf(customer.VoidSpan{From: o.ExecutedAt, To: until})
	}
	next.MergedInto, next.Members = o.Before.Into[p.Number], slices.Clone(o.Before.Members[p.Number])
	return customer.Update(s.Names, p, next)
}
