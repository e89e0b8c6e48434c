package order

import (
	"context"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/merge"
)

// Obstacles are what stands in the way of numbers beside their own data: an open order that holds one of them, and the
// bar that an earlier veto left between the own number and another.
type Obstacles struct{ open, barred map[string]bool }

// Obstacles looks for them in one round of parallel reads.
func (s Store) Obstacles(ctx context.Context, own string, others ...string) (Obstacles, error) {
	numbers := append([]string{own}, others...)
	held, bars := make([]string, len(numbers)), make([]bool, len(others))
	group, ctx := errgroup.WithContext(ctx)
	for i, n := range numbers {
		group.Go(func() (err error) { held[i], err = s.OpenOrder(ctx, n); return err })
	}
	for i, n := range others {
		group.Go(func() (err error) { bars[i], err = s.Barred(ctx, own, n); return err })
	}
	if err := group.Wait(); err != nil {
		return Obstacles{}, err
	}
	found := Obstacles{open: map[string]bool{}, barred: map[string]bool{}}
	for i, n := range numbers {
		found.open[n] = held[i] != ""
	}
	for i, n := range others {
		found.barred[n] = bars[i]
	}
	return found, nil
}

// Facts are what decides about a number.
func (o Obstacles) Facts(profiles Profiles, number string) merge.Facts {
	f := profiles.Facts(number)
	f.OpenMerge, f.Barred = o.open[number], o.barred[number]
	return f
}
