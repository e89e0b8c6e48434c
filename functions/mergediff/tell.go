package mergediff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/berlin"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// tellProof writes a good proof into the histories of both numbers, and once a day tells the owner of the proven one by
// mail: who knows the package password may not be who should (M3, M10). Nothing of the number is shown before it is
// written. It is a pausedError when the customer gave too many today.
func (d Deps) tellProof(ctx context.Context, asker string, p proof, now time.Time) error {
	if p.profile.MergedInto == asker {
		return nil // the own number under an older name
	}
	counts, err := d.Throttle.TryAll(ctx, now, throttle.GoodProofs(asker, p.profile.Number))
	if err != nil {
		return err
	}
	if after := throttle.Pause(counts...); after > 0 {
		return pausedError{after}
	}
	owner, err := d.Customers.Successor(ctx, p.profile)
	if err != nil && !errors.Is(err, customer.ErrNotFound) { // without an owner the events are enough
		return fmt.Errorf("owner of a proven number: %w", err)
	}
	return d.writeProof(ctx, asker, p, owner, now)
}

// writeProof leaves the mail out when there was one today, which its key decides (M9).
func (d Deps) writeProof(ctx context.Context, asker string, p proof, owner customer.Profile, now time.Time) error {
	number := p.profile.Number
	items := []types.TransactWriteItem{
		audit.Put(d.Tables.Names, audit.Event{Number: asker, Action: audit.ProofGiven, Actor: asker, At: now,
			New: map[string]string{audit.KeyProven: number}}, d.Rand),
		audit.Put(d.Tables.Names, audit.Event{Number: number, Action: audit.NumberProven, Actor: audit.ByUnknown, At: now,
			New: map[string]string{audit.KeyAsker: asker, outbox.ValuePackage: p.packageID}}, d.Rand),
	}
	told := items
	if readers := emailchange.Owner(owner, now); len(readers) > 0 {
		told = append(told, outbox.Put(d.Tables.Names, outbox.Item{
			Event: outbox.NumberProven, Key: number + "#" + now.In(berlin.Zone).Format(time.DateOnly), CreatedAt: now,
			Values: map[string]string{outbox.ValueNumber: number, outbox.ValuePackage: p.packageID}, Recipients: readers,
		}))
	}
	err := d.Tables.Transact(ctx, told, "")
	var cancelled *table.Cancelled
	if errors.As(err, &cancelled) && cancelled.Failed(len(items)) {
		err = d.Tables.Transact(ctx, items, "")
	}
	if err != nil {
		return fmt.Errorf("write a proof down: %w", err)
	}
	return nil
}

// provenTooOften refuses one more proof of a number that was proven all day.
func provenTooOften(after time.Duration, now time.Time) *web.Error {
	next := now.Add(after + time.Minute - time.Nanosecond).Truncate(time.Minute)
	return web.TooMany(after, lang.T("Diese Kundennummer wurde heute schon sehr oft belegt. Ab %s geht es wieder.", lang.Moment(next)))
}
