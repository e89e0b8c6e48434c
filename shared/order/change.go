package order

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/table"
	"kundenkonto/shared/workday"
)

// Store reads and changes drafts and orders.
type Store struct {
	table.Store
	Now     func() time.Time
	Rand    io.Reader
	Speller merge.Speller
	// VetoHours is the length of the veto period of new orders.
	VetoHours int
	// Workdays are the service team's working days, by which the customer is promised a review.
	Workdays workday.Calendar
}

// attempts bounds how often a change is tried again when another writer was faster.
const attempts = 6

// errNothing ends a change whose work is done already (M9).
var errNothing = errors.New("order: nothing to change")

// Get reads an order consistently.
func (s Store) Get(ctx context.Context, id string) (Order, error) {
	out, err := s.DB.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &s.Names.MergeOrders, Key: table.Order(id), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return Order{}, fmt.Errorf("order %s: read: %w", id, err)
	}
	if out.Item == nil {
		return Order{}, ErrNotFound
	}
	return decode(out.Item)
}

func decode(item table.Item) (Order, error) {
	var o Order
	if err := table.Unmarshal(item, &o); err != nil {
		return Order{}, fmt.Errorf("order: decode: %w", err)
	}
	return o, nil
}

// change reads the order, lets f alter it and return the writes that belong to the alteration, and writes all of it
// in one transaction. The transaction fails when somebody else changed the order, or what f's writes depend on;
// change then starts over with the new order.
func (s Store) change(ctx context.Context, id string, f func(*Order) ([]types.TransactWriteItem, error)) (Order, error) {
	return s.changeWith(ctx, id, f, func(*table.Cancelled) {})
}

// changeWith is change for an f that needs to know why an attempt was refused: item 0 of the error is the order, the
// others are f's own writes.
func (s Store) changeWith(ctx context.Context, id string, f func(*Order) ([]types.TransactWriteItem, error), refused func(*table.Cancelled)) (Order, error) {
	for range table.Tries(ctx, attempts) {
		o, err := s.Get(ctx, id)
		if err != nil {
			return Order{}, err
		}
		extra, err := f(&o)
		if errors.Is(err, errNothing) {
			return o, nil
		}
		if err != nil {
			return o, err
		}
		put, err := s.put(&o)
		if err != nil {
			return Order{}, err
		}
		err = s.Transact(ctx, append([]types.TransactWriteItem{put}, extra...), "")
		var cancelled *table.Cancelled
		if errors.As(err, &cancelled) && errors.Is(err, table.ErrCondition) {
			refused(cancelled)
			continue // the order, a record or a lock is another by now: decide anew
		}
		if err != nil {
			return o, fmt.Errorf("order %s: change: %w", id, err)
		}
		return o, nil
	}
	return Order{}, ErrBusy
}

// put raises the revision and writes the whole order on condition of the previous one.
func (s Store) put(o *Order) (types.TransactWriteItem, error) {
	before := o.Rev
	o.Rev++
	item, err := o.Item()
	if err != nil {
		return types.TransactWriteItem{}, err
	}
	put := &types.Put{TableName: &s.Names.MergeOrders, Item: item}
	if before == 0 {
		put.ConditionExpression = aws.String("attribute_not_exists(pk)")
		return types.TransactWriteItem{Put: put}, nil
	}
	put.ConditionExpression = aws.String("#rev = :before")
	put.ExpressionAttributeNames = map[string]string{"#rev": "rev"}
	put.ExpressionAttributeValues = table.Item{":before": table.N(before)}
	return types.TransactWriteItem{Put: put}, nil
}

// Item is the order as the table has it, with the keys of its indexes.
func (o Order) Item() (table.Item, error) {
	item, err := table.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("order %s: encode: %w", o.ID, err)
	}
	maps.Copy(item, table.Order(o.ID))
	if desk, ok := deskOf[o.queue()]; ok {
		item["statePk"] = table.S(table.DeskShard(desk, o.ID))
	}
	item["submittedAt"] = table.Time(o.SubmittedAt)
	return item, nil
}

// ObjectionQueue is where orders with an objection wait, beside the states.
const ObjectionQueue merge.State = "OBJECTION"

// queue is the part of the service team's queue that the order is in.
func (o Order) queue() merge.State {
	if o.Objected() {
		return ObjectionQueue
	}
	return o.State
}

// The desks are the partitions of index byState: one for what waits for a decision of the service team, one for all
// other open orders. There are few, since the queue reads all of them for its counts. An order on no desk is listed
// for its customer only.
const (
	deskReview = "REVIEW"
	deskOpen   = "OPEN"
)

var deskOf = map[merge.State]string{
	merge.Submitted: deskReview, merge.InReview: deskReview,
	merge.Approved: deskOpen, merge.Stale: deskOpen, merge.Failed: deskOpen, ObjectionQueue: deskOpen,
}

// desksOf are the desks on which orders in these states lie, each once.
func desksOf(states []merge.State) []string {
	desks := map[string]bool{}
	for _, state := range states {
		desks[deskOf[state]] = true
	}
	delete(desks, "")
	return slices.Sorted(maps.Keys(desks))
}

// enter moves the order to a state and records who did it.
func (s Store) enter(o *Order, to merge.State, actor string) error {
	if !o.State.May(to) {
		return fmt.Errorf("%w: %s to %s", ErrState, o.State, to)
	}
	o.State, o.FirstApproval = to, nil
	o.History = append(o.History, Step{At: s.Now().UTC(), State: to, Actor: actor})
	return nil
}

// audits notes the event for every number of the order, including numbers that were merged into the sources earlier.
func (s Store) audits(o Order, action, actor string) []types.TransactWriteItem {
	if action == audit.MergeExecuted {
		return s.auditsOf(o, audit.Event{Action: action, Actor: actor}, o.Before.Survivor, o.Result())
	}
	return s.auditsOf(o, audit.Event{Action: action, Actor: actor}, merge.Record{}, merge.Record{})
}

// auditsOf is audits for an event that changed the surviving number's data. Everything in event that is the same for
// each number is copied to each.
func (s Store) auditsOf(o Order, happened audit.Event, before, after merge.Record) []types.TransactWriteItem {
	var items []types.TransactWriteItem
	now := s.Now() // one moment for all: lists over several numbers tell an order once by it
	for _, n := range o.everyNumber() {
		e := happened
		e.Number, e.At, e.Order, e.New = n, now, o.ID, map[string]string{"digest": o.Digest}
		maps.Copy(e.New, happened.New)
		if n == o.Customer {
			e.Old = changed(e.New, before, after)
		}
		items = append(items, audit.Put(s.Names, e, s.Rand))
	}
	return items
}

// changed puts the new values of fields that differ beside what an event has, bank
// data masked (S20), and returns the old ones.
func changed(values map[string]string, before, after merge.Record) map[string]string {
	old := map[string]string{}
	for _, g := range merge.Groups() {
		for _, f := range g.Fields() {
			if was, is := before.Get(f), after.Get(f); was != is {
				old[string(f)], values[string(f)] = merge.MaskBank(f, was), merge.MaskBank(f, is)
			}
		}
	}
	return old
}
