package cancellation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// Waiting is a declared cancellation as it lies before the service team. It is nobody's word but the sender's: a contract is not
// cancelled by it until the team has looked whose it is.
type Waiting struct {
	Stated
	Key        string    `dynamodbav:"key" json:"-"`
	ID         string    `dynamodbav:"id" json:"id"`
	ReceivedAt time.Time `dynamodbav:"receivedAt" json:"receivedAt"`
	Owner      string    `dynamodbav:"owner,omitempty" json:"owner,omitempty"`     // the number that the package belongs to, where there is one
	Package    string    `dynamodbav:"package,omitempty" json:"package,omitempty"` // the package that is meant
	SettledAt  time.Time `dynamodbav:"settledAt,omitempty" json:"settledAt,omitzero"`
	SettledBy  string    `dynamodbav:"settledBy,omitempty" json:"-"`
	Note       string    `dynamodbav:"note,omitempty" json:"note,omitempty"` // what the team did with it
}

// Settled says that the team is done with it.
func (w Waiting) Settled() bool { return !w.SettledAt.IsZero() }

// desk is the service team's desk of these, beside those of orders.
const desk = "DECLARED"

// Lay puts it before the service team, on condition that it is not there: of what comes twice one is laid.
func Lay(names table.Names, w Waiting) types.TransactWriteItem {
	item := table.With(table.Declared(w.Key), table.MustMarshal(w))
	item["statePk"], item["submittedAt"] = table.S(table.DeskShard(desk, w.Key)), table.Time(w.ReceivedAt)
	return types.TransactWriteItem{Put: &types.Put{TableName: &names.MergeOrders, Item: item, ConditionExpression: aws.String("attribute_not_exists(pk)")}}
}

// Settle notes what the team did with it and takes it from the desk, on condition that it lies there.
func Settle(names table.Names, w Waiting, by, note string, now time.Time) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.MergeOrders, Key: table.Declared(w.Key), ConditionExpression: aws.String("attribute_exists(statePk)"),
		UpdateExpression:          aws.String("SET settledAt = :now, settledBy = :by, note = :note REMOVE statePk, submittedAt"),
		ExpressionAttributeValues: table.Item{":now": table.Time(now), ":by": table.S(by), ":note": table.S(note)},
	}}
}

// Store reads what was declared.
type Store struct{ table.Store }

// ErrNotFound is a declaration that there is none of.
var ErrNotFound = errors.New("no such cancellation")

// Get reads one by its key.
func (s Store) Get(ctx context.Context, key string) (w Waiting, err error) {
	item, err := s.Store.Get(ctx, s.Names.MergeOrders, table.Declared(key))
	if err != nil {
		return w, err
	}
	if item == nil {
		return w, ErrNotFound
	}
	return w, table.Unmarshal(item, &w)
}

// Waiting lists up to limit of those on the desk that came after a time, the oldest first. next is the time to ask with for
// further ones, zero at the end.
func (s Store) Waiting(ctx context.Context, after time.Time, limit int) (all []Waiting, next time.Time, err error) {
	items, next, err := s.Oldest(ctx, table.ShardedIndex{Table: s.Names.MergeOrders, Name: table.IndexByState, Key: "statePk", At: "submittedAt",
		Shard: func(shard int) string { return table.DeskShardOf(desk, shard) }}, after, limit)
	if err != nil {
		return nil, next, fmt.Errorf("declared cancellations: %w", err)
	}
	for _, item := range items {
		var w Waiting
		if err := table.Unmarshal(item, &w); err != nil {
			return nil, next, err
		}
		all = append(all, w)
	}
	return all, next, nil
}

// Meant is the package that somebody means by what was stated, with who it belongs to now; ok is false when there is none, or
// when the number and the package that were stated are not of one customer.
func Meant(ctx context.Context, s customer.Store, stated Stated) (p customer.Package, owner customer.Profile, ok bool, err error) {
	ids := customer.ReadPackageID(stated.Contract)
	if stated.Number != "" {
		if folded, wrong := customer.FoldDomain(stated.Contract); wrong == nil {
			found, err := ownerOf(ctx, s, stated.Number)
			if err != nil || found.Number == "" {
				return p, owner, false, err
			}
			for _, number := range found.Numbers() {
				item, err := s.Get(ctx, s.Names.Customers, table.Domain(number, folded))
				if err != nil {
					return p, owner, false, err
				}
				if id := table.String(item, "packageId"); id != "" {
					ids = append(ids, id)
				}
			}
		}
	}
	for _, id := range ids {
		p, err := s.Package(ctx, id)
		if errors.Is(err, customer.ErrNotFound) {
			continue
		}
		if err != nil {
			return p, owner, false, err
		}
		owner, err := ownerOf(ctx, s, p.Number)
		if err != nil || owner.Number == "" {
			return p, owner, false, err
		}
		if stated.Number == "" || slices.Contains(owner.Numbers(), stated.Number) {
			return p, owner, true, nil
		}
	}
	return customer.Package{}, owner, false, nil
}

// ownerOf is the customer of a number, its successor where it was merged; without a number when there is none.
func ownerOf(ctx context.Context, s customer.Store, number string) (customer.Profile, error) {
	p, err := s.InCharge(ctx, number)
	if errors.Is(err, customer.ErrNotFound) {
		return customer.Profile{}, nil
	}
	return p, err
}
