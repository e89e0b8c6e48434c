package order

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// UndoPeriod is how long an executed merge can be undone and objected to.
const UndoPeriod = 30 * 24 * time.Hour

// Veto handles the "no" of the owner of some of the order's numbers, given by the link in the mail; no numbers means
// all sources.
//
// Before the execution it ends the order, voids the package passwords that proved these numbers, and keeps them from
// being merged into the surviving number until the service team allows it. After the execution, within UndoPeriod, it
// files an objection that the service team decides.
//
// The link's token is not used up: saying it again changes nothing (M9). The owner of another number of the order is
// heard, too, as part of the objection that waits or with a new one once that is decided. ErrState when it is too
// late, or when this owner's objection was decided already.
func (s Store) Veto(ctx context.Context, id string, numbers []string) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		said := o.hear(numbers)
		switch {
		case (o.Objected() || o.State == merge.Vetoed) && len(said) == 0:
			return nil, errNothing
		case o.State == merge.Vetoed:
			return append(s.consequences(*o, said), s.audits(*o, audit.MergeVetoed, audit.ByVetoLink)...), nil
		case o.Objected():
			return s.join(ctx, o, said)
		case o.MayObject(s.Now()) && len(said) > 0:
			return s.object(ctx, o, said)
		}
		if err := s.enter(o, merge.Vetoed, audit.ByVetoLink); err != nil {
			return nil, err
		}
		o.History[len(o.History)-1].Numbers = said
		items, err := s.effects(ctx, *o, audit.MergeVetoed, outbox.OrderVetoed, audit.ByVetoLink)
		return append(items, s.consequences(*o, said)...), err
	})
}

// MayObject reports whether the merge was executed and can still be objected to.
func (o Order) MayObject(now time.Time) bool {
	return o.State == merge.Executed && now.Before(o.ExecutedAt.Add(UndoPeriod))
}

// hear records which sources' owners said no, and returns those that are new.
func (o *Order) hear(numbers []string) []string {
	said := o.unheard(numbers)
	o.Opposed = append(o.Opposed, said...)
	return said
}

func (o Order) unheard(numbers []string) []string {
	var said []string
	for _, n := range o.SourceNumbers() {
		if (len(numbers) == 0 || slices.Contains(numbers, n)) && !slices.Contains(o.Opposed, n) {
			said = append(said, n)
		}
	}
	return said
}

// Heard reports whether the owner of these numbers (none means all) said no before, so that saying it again changes
// nothing.
func (o Order) Heard(numbers []string) bool { return len(o.unheard(numbers)) == 0 }

// consequences are the writes of a veto for the numbers of the owner who gave it.
func (s Store) consequences(o Order, numbers []string) []types.TransactWriteItem {
	var items []types.TransactWriteItem
	for _, source := range o.Sources {
		if n := source.Record.Number; slices.Contains(numbers, n) {
			items = append(items, s.bar(o, n), credential.Void(s.Names, table.PackageSubject(source.Package)))
		}
	}
	return items
}

func (s Store) bar(o Order, n string) types.TransactWriteItem {
	item := table.Bar(o.Customer, n)
	item["order"], item["at"] = table.S(o.ID), table.Time(s.Now())
	return types.TransactWriteItem{Put: &types.Put{TableName: &s.Names.MergeOrders, Item: item}}
}

// checkNoBar conditions a submission on the two numbers not being kept apart by a veto (S12).
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

// ReleaseBar lets two numbers be merged again after a veto. The reason stays inside,
// in the audit of both.
func (s Store) ReleaseBar(ctx context.Context, own, other, reviewer, reason string) error {
	items := []types.TransactWriteItem{{Delete: &types.Delete{TableName: &s.Names.MergeOrders, Key: table.Bar(own, other)}}}
	for _, n := range []string{own, other} {
		items = append(items, audit.Put(s.Names, audit.Event{Number: n, Action: audit.BarReleased, Actor: reviewer, At: s.Now(),
			New: map[string]string{audit.KeyReason: reason}}, s.Rand))
	}
	if err := s.Transact(ctx, items, ""); err != nil {
		return fmt.Errorf("release bar: %w", err)
	}
	return nil
}

// Objected reports whether an objection after the execution waits for a decision.
func (o Order) Objected() bool { return !o.ObjectedAt.IsZero() && o.ObjectionEnded.IsZero() }

// object files the objection. The order moves to the top of the queue. Until the service team decides, the surviving
// number can neither be merged further, nor change its e-mail address, nor export its data. The same holds for a
// number that it was merged into since: its customer has the data now.
func (s Store) object(ctx context.Context, o *Order, said []string) ([]types.TransactWriteItem, error) {
	o.ObjectedAt, o.ObjectionEnded = s.Now().UTC(), time.Time{}
	items, err := s.join(ctx, o, said)
	if err != nil {
		return nil, err
	}
	profiles, err := s.profiles(ctx, []string{o.Customer})
	if err != nil {
		return nil, err
	}
	o.Held = heldBy(profiles[o.Customer])
	// A merge of the survivor between reading and writing makes this start over.
	return append(append(items, s.holdFor(*o)...), customer.Check(s.Names, profiles[o.Customer])), nil
}

// join adds the owners of these numbers to the objection, and tells both sides.
func (s Store) join(ctx context.Context, o *Order, said []string) ([]types.TransactWriteItem, error) {
	o.History = append(o.History, Step{At: s.Now().UTC(), State: merge.Executed, Actor: audit.ByVetoLink, Event: Objection, Numbers: said})
	to, err := s.addresses(ctx, *o)
	if err != nil {
		return nil, err
	}
	return append(s.audits(*o, audit.MergeObjected, audit.ByVetoLink), outbox.Put(s.Names, s.event(*o, outbox.OrderObjected, itoa(len(o.History)), to))), nil
}

// Objectors are the numbers whose owners object in the objection that waits.
func (o Order) Objectors() []string {
	var numbers []string
	for _, step := range o.History {
		if o.Objected() && step.Event == Objection && !step.At.Before(o.ObjectedAt) {
			numbers = append(numbers, step.Numbers...)
		}
	}
	return numbers
}

// MoreObjections prevents a dismissal: the owners of these numbers object, too, which the reviewer has not seen.
type MoreObjections struct{ Numbers []string }

func (m *MoreObjections) Error() string {
	return "order: more objections came: " + strings.Join(m.Numbers, ", ")
}

// Dismiss ends an objection without an undo: the merge stays. It decides only about the owners whose objections the
// reviewer saw (M4). Errors: ErrState, *MoreObjections.
func (s Store) Dismiss(ctx context.Context, id, reviewer, reason string, seen []string) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if !o.Objected() {
			return nil, fmt.Errorf("%w: no objection waits", ErrState)
		}
		if more := slices.DeleteFunc(o.Objectors(), func(n string) bool { return slices.Contains(seen, n) }); len(more) > 0 {
			return nil, &MoreObjections{Numbers: more}
		}
		o.ObjectionEnded, o.Reason = s.Now().UTC(), reason
		o.History = append(o.History, Step{At: o.ObjectionEnded, State: merge.Executed, Actor: reviewer, Event: ObjectionDismissed, Reason: reason})
		to, err := s.addresses(ctx, *o)
		if err != nil {
			return nil, err
		}
		told := outbox.Put(s.Names, s.event(*o, outbox.OrderObjectionDismissed, itoa(len(o.History)), to))
		return append(append(s.audits(*o, audit.MergeObjectionDismissed, reviewer), told), s.releaseFrom(*o)...), nil
	})
}
