package dispatch

import (
	"context"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/metrics"
	"kundenkonto/shared/order"
)

// countedStates are those of orders that somebody waits for.
var countedStates = map[merge.State]metrics.Name{merge.Submitted: metrics.OrdersSubmitted, merge.InReview: metrics.OrdersInReview,
	merge.Stale: metrics.OrdersStale, merge.Approved: metrics.OrdersApproved, merge.Failed: metrics.OrdersStuck}

// count tells how many orders wait in each state, and how long the oldest has waited for its review. It speaks of no order.
func (d Dispatcher) count(ctx context.Context, orders []order.Order) {
	found := map[metrics.Name]int64{}
	var oldest time.Duration
	for _, o := range orders {
		found[countedStates[o.State]]++
		if o.State == merge.InReview {
			oldest = max(oldest, d.Now().Sub(o.SubmittedAt))
		}
	}
	values := []metrics.Value{{Name: metrics.OldestReview, Value: int64(oldest / time.Second)}}
	for _, name := range countedStates {
		values = append(values, metrics.Value{Name: name, Value: found[name]})
	}
	if args := d.Meter.Args(d.Now(), values...); args != nil {
		d.Log.InfoContext(ctx, "orders", append(args, "event", "orders.counted")...)
	}
}
