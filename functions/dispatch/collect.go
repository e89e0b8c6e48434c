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

// Whoever has a session or a password could cause a mail by every click. Of the mails that only report a change, the
// first for a mailbox, number and kind is sent at once; what follows within ten minutes is collected into one more
// mail. So no mail is suppressed, and an important mail never waits behind an unimportant one, since it is of another
// kind: a thief gains nothing by harmless changes before or by many after.

// collectTries is how often a mail is placed anew because its window ended in that moment.
const collectTries = 5

// bankFields are the master data of which money depends.
var bankFields = []string{"iban", "bic", "accountNumber", "bankCode"}

// kindOf is the kind with which a mail is collected; "" for mails that are always sent by themselves: those with
// links, of orders, of recoveries and of a new e-mail address, which other limits keep few.
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

// split writes one item for each mailbox of an item with recipients, or adds it to a collecting item. It can be
// repeated (M9).
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
