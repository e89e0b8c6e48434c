package dispatch

import (
	"context"
	"errors"
	"slices"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// Whoever has a session or a password could cause a mail by each click. Of the mails that only tell of a change, one a
// mailbox, number and kind goes out at once, and what follows within ten minutes is told in one more at their end. So none
// is suppressed, and what matters more never waits behind what matters less, since it is of another kind: a thief gains
// nothing by harmless changes before, nor by many after.

// collectTries is how often a mail is placed anew because its window ended in that moment.
const collectTries = 5

// bankFields are the master data of which money depends.
var bankFields = []string{"iban", "bic", "accountNumber", "bankCode"}

// kindOf is what a mail is collected with; "" for one that always goes out by itself: those with links, those of orders and
// of recoveries, and those of another e-mail address, which are few by other limits.
func kindOf(item outbox.Item) string {
	switch item.Event {
	case outbox.PasswordChanged, outbox.PackagePassword, outbox.SecondFactorSetUp, outbox.SecondFactorRemoved, outbox.RecoveryCodesRenewed,
		outbox.RecoveryCodeUsed, outbox.PasskeyAdded, outbox.PasskeyRemoved, outbox.OwnerOfDeclared:
		return item.Event
	case outbox.SecondStepFailed:
		if item.Values[secondfactor.ValueBlocked] != "" {
			return item.Event + ".blocked"
		}
		return item.Event
	case outbox.MasterDataChanged:
		changed := outbox.ChangedFields(item.Values, merge.DataFields()...)
		switch {
		case slices.Contains(changed, "email"):
			return ""
		case slices.ContainsFunc(changed, func(f string) bool { return slices.Contains(bankFields, f) }):
			return item.Event + ".bank"
		}
		return item.Event
	}
	return ""
}

// split writes one item a mailbox for an item with recipients, or lays it to those of its window. It can be repeated (M9).
func (d Dispatcher) split(ctx context.Context, item outbox.Item) error {
	for _, r := range outbox.Mailboxes(item.Recipients) {
		if err := d.place(ctx, item, r); err != nil {
			return err
		}
	}
	return nil
}

func (d Dispatcher) place(ctx context.Context, item outbox.Item, r outbox.Recipient) error {
	mail, kind, number := item.For(r), kindOf(item), numberOf(item, r)
	if kind == "" {
		return d.outbox().PutOnce(ctx, mail)
	}
	for range table.Tries(ctx, collectTries) {
		// Under the mail's own name: who repeats the first one of a window is allowed it again.
		counted, err := (throttle.Store{Store: d.Tables}).TryAllAs(ctx, d.Now(), table.Hash(mail.Key)[:16], throttle.Notices(kind, number, r.Address))
		if err != nil {
			return err
		}
		if counted[0].Allowed {
			return d.outbox().PutOnce(ctx, mail)
		}
		window := outbox.Window{Name: throttle.NoticesOf(kind, number, r.Address), Until: counted[0].Until}
		if err := d.outbox().Collect(ctx, mail, window); !errors.Is(err, outbox.ErrWindowOver) {
			return err
		}
	}
	return outbox.ErrWindowOver
}
