package dispatch

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// noticeLetter is the mail about the cancellation of a contract; nil for any other event. An earlier address may be
// another person's by now, and is not told the reason.
func (d Dispatcher) noticeLetter(item outbox.Item, to outbox.Recipient) mail.Mail {
	v := item.Values
	n := mail.Notice{Number: numberOf(item, to), Package: v[outbox.ValuePackage], Name: v[outbox.ValueName], ID: v[outbox.ValueCancellation],
		Extraordinary: v[outbox.ValueKind] == customer.Extraordinary, Grounds: v[outbox.ValueGrounds], ReceivedAt: timeOf(item, outbox.ValueReceivedAt),
		Wished: dayOf(item, outbox.ValueWished), EndsOn: dayOf(item, outbox.ValueEndsOn),
		PackageLink: d.link("/account/packages/" + url.PathEscape(v[outbox.ValuePackage]))}
	if to.Earlier {
		n.Grounds = ""
	}
	switch item.Event {
	case outbox.ContractCancelled:
		return mail.ContractCancelled{Notice: n}
	case outbox.NoticeWithdrawn:
		return mail.CancellationWithdrawn{Notice: n, At: item.CreatedAt}
	case outbox.OwnerOfDeclared:
		return mail.CancellationOwner{Notice: n}
	case outbox.NoticeTakenUp:
		return mail.CancellationTakenUp{Notice: n}
	}
	return nil
}

// dayOf reads a day among the values; zero when it is not there.
func dayOf(item outbox.Item, key string) time.Time {
	day, err := contract.ParseDay(item.Values[key])
	if err != nil {
		return time.Time{}
	}
	return day
}

// declared presents a cancellation that was sent without a sign-in to the service team, and tells the owner of the
// contract it names, if there is one: at the account's own addresses, whatever address was stated. It can be repeated
// (M9).
func (d Dispatcher) declared(ctx context.Context, item outbox.Item) error {
	c := cancellation.DeclaredIn(item)
	p, owner, meant, err := cancellation.Meant(ctx, customer.Store{Store: d.Tables}, c.Stated)
	if err != nil {
		return err
	}
	w := cancellation.Waiting{Stated: c.Stated, Key: c.Key, ID: c.ID, ReceivedAt: c.ReceivedAt}
	if meant {
		w.Owner, w.Package = owner.Number, p.ID
	}
	items := []types.TransactWriteItem{cancellation.Lay(d.Tables.Names, w)}
	if meant {
		items = append(items,
			audit.Put(d.Tables.Names, audit.Event{Number: owner.Number, Action: audit.CancellationDeclared, Actor: audit.ByUnknown, At: c.ReceivedAt,
				New: map[string]string{outbox.ValuePackage: p.ID, outbox.ValueCancellation: c.ID}}, d.Rand))
		if to := emailchange.Owner(owner, d.Now()); len(to) > 0 {
			items = append(items, outbox.Put(d.Tables.Names, outbox.Item{Event: outbox.OwnerOfDeclared, Key: c.Key, CreatedAt: c.ReceivedAt, Recipients: to,
				Values: cancellation.Values(owner.Number, p, customer.Cancellation{ID: c.ID, Kind: c.Kind, Wished: c.Wished, ReceivedAt: c.ReceivedAt})}))
		}
	}
	err = d.Tables.Transact(ctx, items, "")
	if errors.Is(err, table.ErrCondition) {
		return nil // laid by an earlier try
	}
	return err
}

// declaredLetter confirms a cancellation to the stated address. Only to the customer's own address does it say when
// it ends which contract: to anybody else it reveals nothing about whether number and contract exist.
func (d Dispatcher) declaredLetter(ctx context.Context, item outbox.Item, to outbox.Recipient) (mail.Mail, error) {
	c := cancellation.DeclaredIn(item)
	m := mail.CancellationDeclared{ID: c.ID, Name: c.Name, Number: c.Number, Contract: c.Contract, Extraordinary: c.Kind == customer.Extraordinary,
		Grounds: c.Reason, ReceivedAt: c.ReceivedAt, Wished: dayOf(item, outbox.ValueWished), LoginLink: d.link("/login")}
	p, owner, meant, err := cancellation.Meant(ctx, customer.Store{Store: d.Tables}, c.Stated)
	if err != nil {
		return nil, err
	}
	if meant && owner.Reads(to.Address) && !p.Cancelled() {
		if end, ok := p.EndFor(c.Kind, contract.Day(c.ReceivedAt), m.Wished, owner.Consumer()); ok {
			m.EndsOn = end
		}
	}
	return m, nil
}
