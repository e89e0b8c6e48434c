package mergediff

import (
	"context"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// obstacles are what stands in the way of numbers beside their own data: an open order that holds one of them, and the
// bar that an earlier veto left between the own number and another.
type obstacles struct{ open, barred map[string]bool }

// obstacles looks for them in one round of parallel reads.
func (d Deps) obstacles(ctx context.Context, own string, others ...string) (obstacles, error) {
	numbers := append([]string{own}, others...)
	held, bars := make([]string, len(numbers)), make([]bool, len(others))
	group, ctx := errgroup.WithContext(ctx)
	for i, n := range numbers {
		group.Go(func() (err error) { held[i], err = d.Orders.OpenOrder(ctx, n); return err })
	}
	for i, n := range others {
		group.Go(func() (err error) { bars[i], err = d.Orders.Barred(ctx, own, n); return err })
	}
	if err := group.Wait(); err != nil {
		return obstacles{}, err
	}
	found := obstacles{open: map[string]bool{}, barred: map[string]bool{}}
	for i, n := range numbers {
		found.open[n] = held[i] != ""
	}
	for i, n := range others {
		found.barred[n] = bars[i]
	}
	return found, nil
}

// facts are what decides about a number.
func (o obstacles) facts(p customer.Profile) merge.Facts {
	f := order.FactsOf(p)
	f.OpenMerge, f.Barred = o.open[p.Number], o.barred[p.Number]
	return f
}
