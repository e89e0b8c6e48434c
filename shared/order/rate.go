package order

import (
	"context"
	"fmt"
	"time"

	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// TooMany refuses an order of a customer who submitted many today, or about a number
// that many were about: each of them writes to its owner.
type TooMany struct{ After time.Duration }

func (t *TooMany) Error() string { return "order: too many today, next in " + t.After.String() }

// countSubmission counts an order for its customer and for each source before it is written (S2). A refused order
// counts nowhere, and copies of one submission count once (M9).
func (s Store) countSubmission(ctx context.Context, o Order, sub Submission) ([]throttle.Verdict, error) {
	buckets := []throttle.Bucket{throttle.MergeOrders(o.Customer)}
	for _, n := range o.SourceNumbers() {
		buckets = append(buckets, throttle.MergeTarget(n))
	}
	counts, err := throttle.Store{Store: s.Store}.TryAllAs(ctx, s.Now(), table.Hash(sub.Customer + "#" + sub.IdempotencyKey)[:16], buckets...)
	if err != nil {
		return nil, fmt.Errorf("submission: count: %w", err)
	}
	if after := throttle.Pause(counts...); after > 0 {
		s.takeBack(ctx, counts)
		return nil, &TooMany{After: after}
	}
	return counts, nil
}

// takeBack undoes the counts of an order that was not written. When it fails, the customer has one order less for
// today, nothing worse.
func (s Store) takeBack(ctx context.Context, counts []throttle.Verdict) {
	_ = throttle.Store{Store: s.Store}.TakeBack(ctx, counts...)
}
