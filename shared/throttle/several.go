package throttle

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// atOnce bounds the counters that one try writes at the same time.
const atOnce = 8

// TryAll counts a try in several buckets at once. The verdicts are in the order of the buckets; where one refuses, the
// others are to be taken back.
func (s Store) TryAll(ctx context.Context, now time.Time, buckets ...Bucket) ([]Verdict, error) {
	return s.TryAllAs(ctx, now, "", buckets...)
}

// TryAllAs is TryAll under a name: copies of one request count once, and only the one that counted takes its count back.
func (s Store) TryAllAs(ctx context.Context, now time.Time, name string, buckets ...Bucket) ([]Verdict, error) {
	verdicts := make([]Verdict, len(buckets))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, b := range buckets {
		group.Go(func() (err error) { verdicts[i], err = s.try(ctx, b, now, name, orMissing); return err })
	}
	return verdicts, group.Wait()
}

// Pause is the longest time that one of the verdicts refuses the try for, a second at least; 0 when none does.
func Pause(verdicts ...Verdict) time.Duration {
	var after time.Duration
	for _, v := range verdicts {
		if !v.Allowed {
			after = max(after, v.RetryAfter, time.Second)
		}
	}
	return after
}
