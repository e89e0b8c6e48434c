package order

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/table"
)

// Hold is what keeps a number from being merged: the one open order that it is part of (M8), and executed orders that
// somebody objects to. A number can have both at once, since an objection can come at any time. Without either the
// item is empty.
type Hold struct {
	Order      string   `dynamodbav:"order"`
	Objections []string `dynamodbav:"objections,stringset"`
}

// holdOf reads the hold of a number consistently.
func (s Store) holdOf(ctx context.Context, n string) (Hold, error) {
	item, err := s.Store.Get(ctx, s.Names.MergeOrders, table.Lock(n))
	if err != nil {
		return Hold{}, fmt.Errorf("hold of a number: %w", err)
	}
	var h Hold
	return h, table.Unmarshal(item, &h)
}

// OpenOrder is the id of the order that keeps a number from being merged: the open one, otherwise one that somebody
// objects to, "" when there is none.
func (s Store) OpenOrder(ctx context.Context, n string) (string, error) {
	h, err := s.holdOf(ctx, n)
	if h.Order == "" && len(h.Objections) > 0 {
		return h.Objections[0], err
	}
	return h.Order, err
}

// Objections names the orders that somebody objects to and that hold one of the numbers, which are read in parallel.
func (s Store) Objections(ctx context.Context, numbers ...string) ([]string, error) {
	holds := make([]Hold, len(numbers))
	group, ctx := errgroup.WithContext(ctx)
	for i, n := range numbers {
		group.Go(func() (err error) { holds[i], err = s.holdOf(ctx, n); return err })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var all []string
	for _, h := range holds {
		all = append(all, h.Objections...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// CheckNoObjection conditions a transaction on nobody objecting to a merge of the number.
func CheckNoObjection(names table.Names, n string) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &names.MergeOrders, Key: table.Lock(n), ConditionExpression: aws.String("attribute_not_exists(objections)"),
	}}
}

// CheckObjections conditions a transaction on the number having just these objections, so that none that came in
// between is missed (S12).
func CheckObjections(names table.Names, n string, read []string) types.TransactWriteItem {
	if len(read) == 0 {
		return CheckNoObjection(names, n)
	}
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &names.MergeOrders, Key: table.Lock(n), ConditionExpression: aws.String("objections = :read"),
		ExpressionAttributeValues: table.Item{":read": &types.AttributeValueMemberSS{Value: read}},
	}}
}

// TookIn reports whether this order merged a number into the survivor, directly or as an earlier member of a source.
func (o Order) TookIn(n string) bool { return slices.Contains(o.everyNumber()[1:], n) }

// lock reserves a number for this order while it is open, so that no other order can include it (M8).
func (s Store) lock(n, orderID string) types.TransactWriteItem {
	return s.updateHold(n, "SET #order = :order", "attribute_not_exists(#order) AND attribute_not_exists(objections)", table.S(orderID))
}

// unlock frees every number of the order for another merge; what somebody objects to stays held.
func (s Store) unlock(o Order) []types.TransactWriteItem {
	var items []types.TransactWriteItem
	for _, n := range o.Numbers() {
		condition := "attribute_not_exists(#order) OR #order = :order"
		if o.State == merge.Executed { // an objection filed in this very moment comes first (M4)
			condition = "(" + condition + ") AND attribute_not_exists(objections)"
		}
		items = append(items, s.updateHold(n, "REMOVE #order", condition, table.S(o.ID)))
	}
	return items
}

// heldBy are the numbers that an objection holds: the survivor, and the number that it was merged into since.
func heldBy(survivor customer.Profile) []string {
	if survivor.MergedInto == "" {
		return []string{survivor.Number}
	}
	return []string{survivor.Number, survivor.MergedInto}
}

// holdFor and releaseFrom begin and end what an objection does to the numbers it holds.
func (s Store) holdFor(o Order) []types.TransactWriteItem {
	return s.objections(o, "ADD objections :order")
}
func (s Store) releaseFrom(o Order) []types.TransactWriteItem {
	return s.objections(o, "DELETE objections :order")
}

func (s Store) objections(o Order, update string) []types.TransactWriteItem {
	var items []types.TransactWriteItem
	for _, n := range o.Held {
		items = append(items, s.updateHold(n, update, "", &types.AttributeValueMemberSS{Value: []string{o.ID}}))
	}
	return items
}

func (s Store) updateHold(n, update, condition string, orderID types.AttributeValue) types.TransactWriteItem {
	u := &types.Update{TableName: &s.Names.MergeOrders, Key: table.Lock(n), UpdateExpression: &update,
		ExpressionAttributeValues: table.Item{":order": orderID}}
	if condition != "" {
		u.ConditionExpression, u.ExpressionAttributeNames = &condition, map[string]string{"#order": "order"}
	}
	return types.TransactWriteItem{Update: u}
}
