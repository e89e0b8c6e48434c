package customers

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// Accounts changes customers for the service team: each change with its audit event, and only if the customer is still as
// it was read (S12); table.ErrCondition otherwise.
type Accounts struct {
	table.Store
	Rand io.Reader
}

// entries are the counts that pause sign-ins to a customer number by password or code. Known browsers have counts of
// their own, which cannot be found without their cookie.
func entries(number string) []throttle.Bucket {
	return []throttle.Bucket{throttle.Login(number), throttle.SecondFactor(number, ""), throttle.Password(number)}
}

// EndPause resets the failed tries of the event's number, including those that block codes of the app. It touches no
// password hash.
func (a Accounts) EndPause(ctx context.Context, e audit.Event) error {
	items := []types.TransactWriteItem{audit.Put(a.Names, e, a.Rand)}
	for _, b := range append(entries(e.Number), throttle.WrongCodes(e.Number)) {
		items = append(items, throttle.Clear(a.Names, b))
	}
	if err := a.Transact(ctx, items, ""); err != nil {
		return fmt.Errorf("end pause: %w", err)
	}
	return nil
}

// EndSessions ends all sessions of a customer, and voids what was mailed to them under the epoch of these (S8). It reads no hash.
func (a Accounts) EndSessions(ctx context.Context, p customer.Profile, e audit.Event) error {
	err := a.Transact(ctx, []types.TransactWriteItem{
		customer.EpochRaised(a.Names, p), credential.EndSessions(a.Names, table.Customer(p.Number)), audit.Put(a.Names, e, a.Rand),
	}, "")
	if err != nil {
		return fmt.Errorf("end all sessions: %w", err)
	}
	return nil
}

// SetLocked keeps a customer from being merged, or no longer. The operator's other systems hear of it, and a running order
// of the number, which it stops (M5); the customer gets no mail.
func (a Accounts) SetLocked(ctx context.Context, p customer.Profile, locked bool, e audit.Event) error {
	next := p
	next.Locked = locked
	values := map[string]string{outbox.ValueNumber: p.Number}
	outbox.SetChange(values, outbox.Change{Field: "locked", Old: strconv.FormatBool(p.Locked), New: strconv.FormatBool(locked)})
	heard := outbox.Item{Event: outbox.MasterDataChanged, Key: fmt.Sprintf("%s#%d", p.Number, p.Version+1), Values: values, CreatedAt: e.At}
	err := a.Transact(ctx, []types.TransactWriteItem{
		customer.Update(a.Names, p, next), audit.Put(a.Names, e, a.Rand), outbox.Put(a.Names, heard),
	}, "")
	if err != nil {
		return fmt.Errorf("lock or unlock for merging: %w", err)
	}
	return nil
}

// CorrectEmail asks for another address as the customer could, and tells the one in force (S7). While an objection to a
// merge is open, nobody changes it.
func (a Accounts) CorrectEmail(ctx context.Context, p customer.Profile, q emailchange.Request) error {
	pending, items, err := emailchange.Ask(a.Names, p, q, a.Rand)
	if err != nil {
		return err
	}
	next := p
	next.Pending = pending
	items = append(items, customer.UpdateMasterData(a.Names, p, next), order.CheckNoObjection(a.Names, p.Number))
	if err := a.Transact(ctx, items, ""); err != nil {
		return fmt.Errorf("correct e-mail address: %w", err)
	}
	return nil
}
