package order

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
)

// successors reads the later orders that merged further numbers into the same survivor, oldest first. They are found
// by the survivor's members, each of which names its order.
func (s Store) successors(ctx context.Context, o Order, survivor customer.Profile) ([]Order, error) {
	profiles, err := s.profiles(ctx, survivor.Members)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, n := range survivor.Members {
		if id := profiles[n].MergedBy; id != "" && id != o.ID && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	orders := make([]Order, len(ids))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for i, id := range ids {
		group.Go(func() (err error) { orders[i], err = s.Get(ctx, id); return err })
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("undo of %s: later merges of %s: %w", o.ID, o.Customer, err)
	}
	orders = slices.DeleteFunc(orders, func(later Order) bool {
		return later.Customer != o.Customer || later.State != merge.Executed || later.Survivor.Version < o.Survivor.Version
	})
	// Each execution raises the survivor's version and is conditioned on it, so that versions are in the order of
	// executions.
	slices.SortFunc(orders, func(a, b Order) int { return cmp.Compare(a.Survivor.Version, b.Survivor.Version) })
	return orders, nil
}

// rebaseLaterUndo changes what the undo of a later merge would restore. That merge replaced fields that this order
// had adopted, and its undo would bring back this order's values, which must not return once this order is undone
// (M7). From now on it restores the values from before both merges, unless the fields were edited in between.
func (s Store) rebaseLaterUndo(o Order, later []Order) (replaced map[merge.Group]bool, puts []types.TransactWriteItem, err error) {
	replaced, changed := map[merge.Group]bool{}, map[int]bool{}
	for _, g := range merge.Adopted(o.Merging()) {
		i := slices.IndexFunc(later, func(l Order) bool { return slices.Contains(merge.Adopted(l.Merging()), g) })
		if i < 0 {
			continue
		}
		replaced[g] = true
		if heir := later[i].Before; sameGroup(g, heir.Survivor, o.Result()) {
			heir.Survivor, changed[i] = heir.Survivor.Taking(g, o.Before.Survivor), true
		}
	}
	for i := range later {
		if !changed[i] {
			continue
		}
		put, err := s.put(&later[i])
		if err != nil {
			return nil, nil, err
		}
		puts = append(puts, put)
	}
	return replaced, puts, nil
}
