package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/table"
)

// orderEvents are the events by which the orders of a number are found: each number of an order, earlier ones included,
// has them once an order.
var orderEvents = []string{MergeSubmitted, MergeVetoed, MergeUndone}

// OrderRef is an order that a number was part of, and when the event about it was.
type OrderRef struct {
	ID string
	At time.Time
}

// Orders lists the orders with an event (MergeSubmitted: all; MergeVetoed, MergeUndone: those that were stopped or undone) about one of the
// numbers, newest first, each once. before is the next of the page before, the zero time for the first page; next is zero
// at the end. It reads an index of these events only, however much else happened to the numbers (L2), which is
// eventually consistent.
func (s Store) Orders(ctx context.Context, action string, numbers []string, before time.Time, limit int) (refs []OrderRef, next time.Time, err error) {
	found := make([][]OrderRef, len(numbers))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for i, n := range numbers {
		group.Go(func() (err error) { found[i], err = s.ordersOf(ctx, action, n, before, limit+1); return err })
	}
	if err := group.Wait(); err != nil {
		return nil, time.Time{}, err
	}
	refs = slices.Concat(found...)
	slices.SortFunc(refs, func(a, b OrderRef) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
	refs = slices.CompactFunc(refs, func(a, b OrderRef) bool { return a.ID == b.ID })
	if len(refs) > limit {
		refs = refs[:limit]
		next = refs[limit-1].At
	}
	return refs, next, nil
}

func (s Store) ordersOf(ctx context.Context, action, number string, before time.Time, limit int) ([]OrderRef, error) {
	in := &dynamodb.QueryInput{
		TableName: &s.Names.Audit, IndexName: aws.String(table.IndexByOrderEvent), KeyConditionExpression: aws.String(table.AttrOrderEvent + " = :key"),
		ExpressionAttributeValues: table.Item{":key": table.S(orderEvent(action, number))},
		ScanIndexForward:          aws.Bool(false), Limit: aws.Int32(int32(limit)),
	}
	if !before.IsZero() {
		in.KeyConditionExpression = aws.String(table.AttrOrderEvent + " = :key AND sk < :before")
		in.ExpressionAttributeValues[":before"] = table.Time(before)
	}
	out, err := s.DB.Query(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("orders of a number: %w", err)
	}
	var refs []OrderRef
	for _, item := range out.Items {
		var e Event
		if err := table.Unmarshal(item, &e); err != nil {
			return nil, err
		}
		refs = append(refs, OrderRef{ID: e.Order, At: e.At})
	}
	return refs, nil
}

// orderEvent is the key of an event in the index, "" for one that is not in it.
func orderEvent(action, number string) string {
	if !slices.Contains(orderEvents, action) {
		return ""
	}
	return table.Customer(number) + "#" + action
}
