package dispatch

import (
	"context"
	"errors"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// profileTries is how often the end of a recovery is tried whose customer changes at the same moment.
const profileTries = 3

// endRecovery takes away the second factor whose recovery waited long enough. A recovery that was stopped, or that a sign-in ended a moment earlier, leaves nothing to do (M9). The one of a
// number that was merged meanwhile is left as it is: its factor guards nothing, and after an undo the next sign-in ends it.
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
