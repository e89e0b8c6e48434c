package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// moving is what is done to an item: it is held, or released.
type moving func(ctx context.Context, id string, now time.Time) error

// effectOf says in a word what an item would do when it is sent.
func effectOf(item outbox.Item) string {
	switch {
	case item.Parent != "":
		return "mail"
	case item.Event == outbox.OrderSubmitted || item.Event == outbox.OrderRestarted:
		return "workflow start"
	case len(item.Recipients) > 0:
		return "event and mails"
	}
	return "event"
}

// waiting reads what waits in the outbox, or is held.
func (t tool) waiting(ctx context.Context, held bool) (all []outbox.Item, err error) {
	for shard := range table.Shards {
		of, err := t.outbox().Waiting(ctx, shard, held)
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
	}
	return all, nil
}

// listOutbox counts what would go out and what is held, by event and effect. It prints no address and no number.
func (t tool) listOutbox(ctx context.Context) error {
	for _, held := range []bool{false, true} {
		all, err := t.waiting(ctx, held)
		if err != nil {
			return err
		}
		counts := map[string]int{}
		for _, item := range all {
			counts[item.Event+": "+effectOf(item)]++
		}
		word := "would be sent"
		if held {
			word = "held, not to be sent"
		}
		t.say("%d items %s", len(all), word)
		for _, what := range slices.Sorted(maps.Keys(counts)) {
			t.say("  %6d  %s", counts[what], what)
		}
	}
	return nil
}

// hold keeps back all that waits.
func (t tool) hold(ctx context.Context) error { return t.moveAll(ctx, false, "", t.outbox().Hold) }

// release lets held items of one event go out.
func (t tool) release(ctx context.Context, event string) error {
	return t.moveAll(ctx, true, event, t.outbox().Release)
}

func (t tool) moveAll(ctx context.Context, held bool, event string, move moving) error {
	all, err := t.waiting(ctx, held)
	if err != nil {
		return err
	}
	moved, left := 0, 0
	for _, item := range all {
		if event != "" && item.Event != event {
			continue
		}
		err := move(ctx, item.ID, t.now())
		switch {
		case errors.Is(err, outbox.ErrNotClaimed):
			left++
		case err != nil:
			return err
		default:
			moved++
		}
	}
	if held {
		t.say("%d items go out with the next round of the schedule, %d were not held any more.", moved, left)
	} else {
		t.say("%d items are held, %d are being sent at this moment.", moved, left)
	}
	return nil
}
