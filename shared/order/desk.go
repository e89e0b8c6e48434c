package order

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
)

// Claim shows the others that a reviewer works on the order, and takes it over from whoever claimed it before. A
// claim is only a courtesy: the decision itself is what has conditions.
func (s Store) Claim(ctx context.Context, id, reviewer, reason string) (Order, error) {
	return s.claim(ctx, id, audit.Event{Action: audit.MergeClaimed, Actor: reviewer}, reviewer, reason)
}

// Release gives the order back to everybody.
func (s Store) Release(ctx context.Context, id, reviewer, reason string) (Order, error) {
	return s.claim(ctx, id, audit.Event{Action: audit.MergeReleased, Actor: reviewer}, "", reason)
}

func (s Store) claim(ctx context.Context, id string, happened audit.Event, by, reason string) (Order, error) {
	if reason != "" {
		happened.New = map[string]string{audit.KeyReason: reason}
	}
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.ClaimedBy == by {
			return nil, errNothing
		}
		if o.State.Final() {
			return nil, fmt.Errorf("%w: %s has no reviewer", ErrState, o.State)
		}
		o.ClaimedBy, o.ClaimedAt = by, s.Now().UTC()
		return s.auditsOf(*o, happened, merge.Record{}, merge.Record{}), nil
	})
}

// Retry moves a failed order back to the state in which it failed, and starts a new workflow execution.
func (s Store) Retry(ctx context.Context, id, reviewer, reason string) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.State != merge.Failed {
			return nil, fmt.Errorf("%w: %s did not fail", ErrState, o.State)
		}
		if err := s.enter(o, o.CameFrom(), reviewer); err != nil {
			return nil, err
		}
		o.Note, o.last().Note, o.Failure = reason, reason, ""
		o.Run++
		o.Task = Task{}
		restarted := outbox.Put(s.Names, s.event(*o, outbox.OrderRestarted, itoa(o.Run), nil))
		return append(s.audits(*o, audit.MergeRetried, reviewer), restarted), nil
	})
}
