package dispatch

import (
	"context"
	"errors"
	"time"

	"kundenkonto/shared/outbox"
)

// Whether a mail is sent twice depends on one write after SES's answer (M9). That write is repeated as long as the
// claim and the invocation last, with doubling pauses; an attempt that hangs is cut off.
const (
	firstPause = 50 * time.Millisecond
	maxPause   = time.Second
	oneMark    = 2 * time.Second
	// lastMoment is left of the lease and of the invocation.
	lastMoment = 300 * time.Millisecond
)

// insist repeats the write of a mark until it succeeds. It has its own context, since that of the work may be over
// when SES answers. It stops when somebody else has the claim.
func (d Dispatcher) insist(ctx context.Context, item outbox.Item, mark func(context.Context) error) error {
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), d.lastChance(ctx, item))
	defer cancel()
	pause := firstPause
	for tries := 1; ; tries++ {
		err := once(ctx, mark)
		if err == nil || errors.Is(err, outbox.ErrNotClaimed) {
			if tries > 1 {
				d.Log.WarnContext(ctx, "outbox", "event", "outbox.mark-repeated", "kind", item.Event, "item", short(item.ID), "tries", tries)
			}
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
			pause = min(2*pause, maxPause)
		}
	}
}

func once(ctx context.Context, mark func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, oneMark)
	defer cancel()
	return mark(ctx)
}

// lastChance is when the mark must have been written: before the lease ends or the invocation does. There is always
// time for one attempt, which succeeds only under this claim.
func (d Dispatcher) lastChance(ctx context.Context, item outbox.Item) time.Time {
	last := time.Now().Add(item.LeaseUntil.Sub(d.Now()))
	if end, ok := endOf(ctx); ok && end.Before(last) {
		last = end
	}
	one := time.Now().Add(oneMark)
	last = last.Add(-lastMoment)
	if last.Before(one) {
		return one
	}
	return last
}

// keep notes on a claimed item that it went out, before what else there is to do for it.
func (d Dispatcher) keep(ctx context.Context, item outbox.Item, id string) error {
	return d.marked(ctx, item, d.insist(ctx, item, func(ctx context.Context) error { return d.outbox().Sent(ctx, item, id) }))
}

// finish marks an item as done.
func (d Dispatcher) finish(ctx context.Context, item outbox.Item, id string) error {
	at := d.Now() // the same for each try, so that one whose answer was lost is known again
	return d.marked(ctx, item, d.insist(ctx, item, func(ctx context.Context) error { return d.outbox().Done(ctx, item, id, at) }))
}

// marked counts a mark that could not be written: the mail may be sent again.
func (d Dispatcher) marked(ctx context.Context, item outbox.Item, err error) error {
	if err != nil {
		d.Log.ErrorContext(ctx, "outbox", "event", "outbox.mark-failed", "kind", item.Event, "item", short(item.ID), "mail", item.Parent != "",
			"class", classOf(err).name)
	}
	return err
}
