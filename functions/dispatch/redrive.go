package dispatch

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

const (
	duePage = 25
	// enough is the time that must be left to begin another item.
	enough = margin + 6*time.Second
	// glance is how many open orders are looked at in one minute; DescribeExecution allows 15 a second in the long run.
	glance = 200
	// openOrders bounds the list of open orders; more than this many wait their turn.
	openOrders = 5000
)

// drivenStates are the states in which an execution must be under way.
var drivenStates = []merge.State{merge.Submitted, merge.InReview, merge.Stale, merge.Approved}

func driven(o order.Order) bool { return slices.Contains(drivenStates, o.State) }

// redrive handles what the stream did not: items that are due, and orders whose workflow execution died. Its error is
// for the log only; whatever failed is tried again in a minute.
func (d Dispatcher) redrive(ctx context.Context) error {
	return errors.Join(d.redriveItems(ctx), d.redriveOrders(ctx))
}

// redriveItems asks all shards of the index at once, each page by page, until nothing is due or time is up.
func (d Dispatcher) redriveItems(ctx context.Context) error {
	free := make(chan struct{}, parallel)
	group, groupCtx := errgroup.WithContext(ctx)
	for shard := range table.Shards {
		group.Go(func() error { return d.redriveShard(groupCtx, shard, free) })
	}
	return group.Wait()
}

func (d Dispatcher) redriveShard(ctx context.Context, shard int, free chan struct{}) error {
	seen := map[string]bool{} // the index lags: an item done a moment ago may come again
	for timeLeft(ctx) {
		ids, err := d.outbox().Due(ctx, shard, d.Now(), duePage)
		if err != nil {
			return err
		}
		full := len(ids) == duePage
		fresh := slices.DeleteFunc(ids, func(id string) bool { return seen[id] })
		var group errgroup.Group
		for _, id := range fresh {
			seen[id] = true
			group.Go(func() error {
				free <- struct{}{}
				defer func() { <-free }()
				if timeLeft(ctx) {
					d.item(ctx, id)
				}
				return nil
			})
		}
		_ = group.Wait()
		if len(fresh) == 0 || !full {
			return nil
		}
	}
	return nil
}

// redriveOrders revives open orders whose execution has ended. With very many of them a part is looked at each minute.
func (d Dispatcher) redriveOrders(ctx context.Context) error {
	all, err := d.Orders.Queue(ctx, openOrders, append([]merge.State{merge.Failed}, drivenStates...)...)
	if err != nil {
		return err
	}
	d.count(ctx, all)
	open := slices.DeleteFunc(all, func(o order.Order) bool { return !driven(o) })
	turns := (len(open) + glance - 1) / glance
	var group errgroup.Group
	group.SetLimit(parallel)
	for i, o := range open {
		if !timeLeft(ctx) {
			break
		}
		if turns > 1 && i%turns != int(d.Now().Unix()/60)%turns {
			continue
		}
		group.Go(func() error {
			o, err := d.Orders.Get(ctx, o.ID) // the index lags
			if err == nil {
				err = d.revive(ctx, o)
			}
			return err
		})
	}
	return group.Wait()
}

func timeLeft(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() == nil && (!ok || time.Until(deadline) > enough)
}
