package order

import (
	"context"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/merge"
)

// Between knows which numbers an open order locks, and which an earlier veto keeps apart. Store is one.
type Between interface {
	OpenOrder(ctx context.Context, number string) (id string, err error)
	Barred(ctx context.Context, own, other string) (bool, error)
}

// Obstacles are what stands in the way of numbers beside their own data: an open order that holds one of them, and the
// bar that an earlier veto left between the own number and another.
type Obstacles struct{ open, barred map[string]bool }

// ObstaclesOf looks for them in one round of parallel reads.
func ObstaclesOf(ctx context.Context, between Between, own string, others ...string) (Obstacles, error) {
	numbers := append([]string{own}, others...)
	held, bars := make([]string, len(numbers)), make([]bool, len(others))
	group, ctx := errgroup.WithContext(ctx)
	for i, n := range numbers {
		group.Go(func() (err error) { held[i], err = between.OpenOrder(ctx, n); return err })
	}
	for i, n := range others {
		group.Go(func() (err error) { bars[i], err = between.Barred(ctx, own, n); return err })
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
