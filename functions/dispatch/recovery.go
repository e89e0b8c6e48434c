package dispatch

import (
	"context"
	"errors"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// profileTries is how often the end of a recovery is tried whose customer changes at the same moment.
const profileTries = 3

// endRecovery removes the second factor whose recovery has waited long enough. When the recovery was stopped, or
// ended by a sign-in a moment earlier, nothing is left to do (M9). The recovery of a number that was merged meanwhile
// is left alone: its factor protects nothing now, and after an undo the next sign-in ends it.
func (d Dispatcher) endRecovery(ctx context.Context, item outbox.Item) error {
	number, id := item.Values[outbox.ValueNumber], item.Values[secondfactor.ValueID]
	var err error
	for range profileTries {
		var p customer.Profile
		p, err = customer.Store{Store: d.Tables}.Profile(ctx, number)
		if errors.Is(err, customer.ErrNotFound) || err == nil && p.MergedInto != "" {
			return nil
		}
		if err != nil {
			return err
		}
		items := secondfactor.EndRecovery(d.Tables.Names, p, id, item.Values[secondfactor.ValueBy], d.Now(), d.Rand)
		err = d.Tables.Transact(ctx, items, "")
		var cancelled *table.Cancelled
		if errors.As(err, &cancelled) && cancelled.Failed(len(items)-1) {
			return nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return err
		}
	}
	return err
}

// waitOf is how long a customer has to stop the recovery that an item warns of.
func waitOf(item outbox.Item) time.Duration {
	return timeOf(item, secondfactor.ValueEnd).Sub(item.CreatedAt)
}

// warned begins the waiting time of a recovery, and writes the item that ends it. The time counts from when the
// warning was really sent, like the veto period of an order. The mail is noted by the id that SES gave it, so that a
// bounce finds the recovery.
func (d Dispatcher) warned(ctx context.Context, item outbox.Item, messageID string) error {
	number, now := item.Values[outbox.ValueNumber], d.Now()
	r := secondfactor.Recovery{ID: item.Values[secondfactor.ValueID], By: item.Values[secondfactor.ValueBy], WarnedAt: now, EndAt: now.Add(waitOf(item))}
	failed, err := d.Orders.NoteAnnouncement(ctx, messageID, order.Announcement{Item: item.ID, Numbers: []string{number}, Recovery: r.ID})
	if err != nil {
		return err
	}
	if failed != "" { // it came back before we knew it by its id
		return d.stopRecovery(ctx, number, r.ID)
	}
	err = d.Tables.Transact(ctx, secondfactor.Warned(d.Tables.Names, number, r), "")
	if errors.Is(err, table.ErrCondition) {
		return nil // stopped meanwhile, or noted by an earlier try
	}
	return err
}

// stopRecovery ends a recovery whose warning reached nobody, since nobody could stop it. The service team can begin
// another one once there is another address.
func (d Dispatcher) stopRecovery(ctx context.Context, number, id string) error {
	p, err := customer.Store{Store: d.Tables}.Profile(ctx, number)
	if errors.Is(err, customer.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	items := append(secondfactor.Tell(d.Tables.Names, p, secondfactor.Happened{Event: outbox.FactorRecoveryStopped, Actor: audit.BySystem, Key: id,
		Values: map[string]string{secondfactor.ValueBy: secondfactor.ByBounce}}, d.Now(), d.Rand),
		secondfactor.StopRecovery(d.Tables.Names, number, id))
	err = d.Tables.Transact(ctx, items, "")
	if errors.Is(err, table.ErrCondition) {
		return nil // ended or stopped already
	}
	return err
}
