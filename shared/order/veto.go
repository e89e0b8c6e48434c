package order

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// UndoPeriod is how long an executed merge can be undone and objected to.
const UndoPeriod = 30 * 24 * time.Hour

// vetoActor is who acts by a link from a mail: whoever reads that mailbox.
const vetoActor = "veto link"

// Veto is what the owner of some of the numbers says by the link from the mail.
// Before the execution it ends the order, voids the package passwords that served
// as proof for these numbers, and bars them from the surviving number until the
// service team releases the bar. After it, within UndoPeriod, it files an
// objection that the service team decides. numbers empty means all sources. The
// link's token is not used up; repeating it changes nothing (M9). ErrState when
// it is too late for either.
func (s Store) Veto(ctx context.Context, id string, numbers []string) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		switch {
		case o.State == merge.Vetoed || o.Objected():
			return nil, errNothing
		case o.State == merge.Executed && s.Now().Before(o.ExecutedAt.Add(UndoPeriod)):
			return s.object(ctx, o)
		}
		if err := s.enter(o, merge.Vetoed, vetoActor); err != nil {
			return nil, err
		}
		items, err := s.effects(ctx, *o, audit.MergeVetoed, outbox.OrderVetoed, vetoActor)
		return append(items, s.consequences(*o, numbers)...), err
	})
}

// consequences are what a veto leaves behind on the numbers of its sender.
func (s Store) consequences(o Order, numbers []string) []types.TransactWriteItem {
	var items []types.TransactWriteItem
	for _, source := range o.Sources {
		n := source.Record.Number
		if len(numbers) > 0 && !slices.Contains(numbers, n) {
			continue
		}
		items = append(items, s.bar(o, n), credential.Void(s.Names, table.PackageSubject(source.Package)))
	}
	return items
}

func (s Store) bar(o Order, n string) types.TransactWriteItem {
	item := table.Bar(o.Customer, n)
	item["order"], item["at"] = table.S(o.ID), table.Time(s.Now())
	return types.TransactWriteItem{Put: &types.Put{TableName: &s.Names.MergeOrders, Item: item}}
}

// checkNoBar conditions a submission on no bar between the two numbers (S12).
func (s Store) checkNoBar(own, other string) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &s.Names.MergeOrders, Key: table.Bar(own, other), ConditionExpression: aws.String("attribute_not_exists(pk)"),
	}}
}

// Barred reports whether an earlier veto stands between the two numbers.
func (s Store) Barred(ctx context.Context, own, other string) (bool, error) {
	item, err := s.Store.Get(ctx, s.Names.MergeOrders, table.Bar(own, other))
	if err != nil {
		return false, fmt.Errorf("bar between two numbers: %w", err)
	}
	return item != nil, nil
}

// ReleaseBar lets two numbers be merged again after a veto.
func (s Store) ReleaseBar(ctx context.Context, own, other, reviewer string) error {
	items := []types.TransactWriteItem{{Delete: &types.Delete{TableName: &s.Names.MergeOrders, Key: table.Bar(own, other)}}}
	for _, n := range []string{own, other} {
		items = append(items, audit.Put(s.Names, audit.Event{Number: n, Action: audit.BarReleased, Actor: reviewer, At: s.Now()}, s.Rand))
	}
	if err := s.Transact(ctx, items, ""); err != nil {
		return fmt.Errorf("release bar: %w", err)
	}
	return nil
}

// Objected reports whether an objection after the execution waits for a decision.
func (o Order) Objected() bool { return !o.ObjectedAt.IsZero() && o.ObjectionEnded.IsZero() }

// object files the objection: the order comes on top of the queue, and the
// surviving number is locked, so that it cannot merge on, nor change its e-mail or
// take its data out, until the service team decides.
func (s Store) object(ctx context.Context, o *Order) ([]types.TransactWriteItem, error) {
	o.ObjectedAt, o.ObjectionEnded = s.Now().UTC(), time.Time{}
	o.History = append(o.History, Step{At: o.ObjectedAt, State: merge.Executed, Actor: vetoActor, Event: Objection})
	to, err := s.addresses(ctx, *o)
	if err != nil {
		return nil, err
	}
	told := outbox.Put(s.Names, s.event(*o, outbox.OrderObjected, itoa(len(o.History)), to))
	return append(s.audits(*o, audit.MergeObjected, vetoActor), told, s.lock(o.Customer, o.ID)), nil
}

// Dismiss ends an objection without an undo: the merge stays.
func (s Store) Dismiss(ctx context.Context, id, reviewer, reason string) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if !o.Objected() {
			return nil, fmt.Errorf("%w: no objection waits", ErrState)
		}
		o.ObjectionEnded, o.Reason = s.Now().UTC(), reason
		o.History = append(o.History, Step{At: o.ObjectionEnded, State: merge.Executed, Actor: reviewer, Event: ObjectionDismissed})
		to, err := s.addresses(ctx, *o)
		if err != nil {
			return nil, err
		}
		told := outbox.Put(s.Names, s.event(*o, outbox.OrderObjectionDismissed, itoa(len(o.History)), to))
		return append(s.audits(*o, audit.MergeObjectionDismissed, reviewer), told, s.unlockOne(o.Customer, o.ID)), nil
	})
}
