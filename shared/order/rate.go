package order

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/throttle"
)

// TooMany refuses an order of a customer who submitted many today, or about a number
// that many were about: each of them writes to its owner.
type TooMany struct{ After time.Duration }

func (t *TooMany) Error() string { return "order: too many today, next in " + t.After.String() }

// counted is what a submission counted in.
type counted struct {
	bucket  throttle.Bucket
	verdict throttle.Verdict
}

// countSubmission counts an order by its customer and by each source before it is
// written (S2). One that is refused counts nowhere.
func (s Store) countSubmission(ctx context.Context, o Order) ([]counted, error) {
	counts := []counted{{bucket: throttle.MergeOrders(o.Customer)}}
	for _, n := range o.SourceNumbers() {
		counts = append(counts, counted{bucket: throttle.MergeTarget(n)})
	}
	counter, now := throttle.Store{Store: s.Store}, s.Now()
	group, in := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for i := range counts {
		group.Go(func() (err error) {
			counts[i].verdict, err = counter.Try(in, counts[i].bucket, now)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("submission: count: %w", err)
	}
	var after time.Duration
	for _, c := range counts {
		if !c.verdict.Allowed {
			after = max(after, c.verdict.RetryAfter)
		}
	}
	if after == 0 {
		return counts, nil
	}
	s.takeBack(ctx, counts)
	return nil, &TooMany{After: after}
}

// takeBack undoes the counts of an order that was not written. A count that stays
// because the tables do not answer costs one of today's orders, no more.
func (s Store) takeBack(ctx context.Context, counts []counted) {
	var all sync.WaitGroup
	for _, c := range counts {
		if c.verdict.Allowed {
			all.Go(func() { _ = throttle.Store{Store: s.Store}.TakeBack(ctx, c.bucket, c.verdict) })
		}
	}
	all.Wait()
}
