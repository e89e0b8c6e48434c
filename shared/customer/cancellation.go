package customer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Kinds of a cancellation.
const (
	Ordinary      = "ordinary"      // with the notice period
	Extraordinary = "extraordinary" // for an important reason, without it (BGB section 314)
)

// CancellationKinds are all of them, the usual one first.
var CancellationKinds = []string{Ordinary, Extraordinary}

// Cancellation is a customer's notice that ends the contract of a package. The customer may take it back until the operator
// has taken it up; it goes from the package when the operator's data name the end of the contract. Days are YYYY-MM-DD.
type Cancellation struct {
	ID         string    `dynamodbav:"id" json:"id"`
	Kind       string    `dynamodbav:"kind" json:"kind"` // one of CancellationKinds
	Reason     string    `dynamodbav:"reason,omitempty" json:"reason,omitempty"`
	Wished     string    `dynamodbav:"wished,omitempty" json:"wishedEnd,omitempty"` // "" is: as early as possible
	EndsOn     string    `dynamodbav:"endsOn,omitempty" json:"endsOn,omitempty"`    // "" where the start of the contract is not known
	ReceivedAt time.Time `dynamodbav:"receivedAt" json:"receivedAt"`
	By         string    `dynamodbav:"by" json:"byCustomerNumber"` // who gave it: the own number, or the one it was merged into by then
	TakenUpAt  time.Time `dynamodbav:"takenUpAt,omitempty" json:"takenUpAt,omitzero"`
}

// TakenUp says that the operator's team has taken it up: it is past taking back.
func (c Cancellation) TakenUp() bool { return !c.TakenUpAt.IsZero() }

// CancellationAttributes are the attributes of a package that a cancellation puts there.
var CancellationAttributes = []string{"cancellation", table.AttrNoticeKey, table.AttrNoticeAt}

// EndFor is the last day of a contract when notice is given on a day of package contract; ok is false when it is not known. An
// extraordinary one ends it at once, or on the day wished. Without a wish (the zero time) it is the earliest possible.
func (p Package) EndFor(kind string, today, wished time.Time, consumer bool) (end time.Time, ok bool) {
	if kind == Extraordinary {
		if wished.After(today) {
			return wished, true
		}
		return today, true
	}
	terms, _ := p.Terms(consumer)
	return terms.EndFor(today, wished)
}

// PutCancellation gives notice, on condition that none is given and that the operator knows no end of the contract (S12). It
// goes beside what an import and the settings write, and makes no order stale.
func PutCancellation(names table.Names, p Package, c Cancellation) types.TransactWriteItem {
	item := table.MustMarshal(Package{Cancellation: &c})
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Package(p.Number, p.ID),
		ConditionExpression:      aws.String("attribute_exists(pk) AND attribute_not_exists(#c) AND attribute_not_exists(endedAt)"),
		UpdateExpression:         aws.String("SET #c = :c, " + table.AttrNoticeKey + " = :key, " + table.AttrNoticeAt + " = :at"),
		ExpressionAttributeNames: map[string]string{"#c": "cancellation"},
		ExpressionAttributeValues: table.Item{":c": item["cancellation"], ":key": table.S(table.NoticeShard(p.ID)),
			":at": table.Time(c.ReceivedAt)},
	}}
}

// waits is the condition that a cancellation still is the one that was read, and that nobody has taken it up.
const waits = "#c.#id = :id AND attribute_not_exists(#c.takenUpAt)"

// WithdrawCancellation takes a cancellation back, on condition that it waits.
func WithdrawCancellation(names table.Names, p Package) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Package(p.Number, p.ID), ConditionExpression: aws.String(waits),
		UpdateExpression:          aws.String("REMOVE #c, " + table.AttrNoticeKey + ", " + table.AttrNoticeAt),
		ExpressionAttributeNames:  map[string]string{"#c": "cancellation", "#id": "id"},
		ExpressionAttributeValues: table.Item{":id": table.S(p.Cancellation.ID)},
	}}
}

// TakeUpCancellation notes that the operator's team has taken a cancellation up, on condition that it waits. It is on no list
// of the team any more.
func TakeUpCancellation(names table.Names, p Package, now time.Time) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Package(p.Number, p.ID), ConditionExpression: aws.String(waits),
		UpdateExpression:          aws.String("SET #c.takenUpAt = :now REMOVE " + table.AttrNoticeKey + ", " + table.AttrNoticeAt),
		ExpressionAttributeNames:  map[string]string{"#c": "cancellation", "#id": "id"},
		ExpressionAttributeValues: table.Item{":id": table.S(p.Cancellation.ID), ":now": table.Time(now)},
	}}
}

// Cancelling lists up to limit packages whose cancellation waits for the operator, from those that came after a time on, the
// oldest first. next is the time to ask with for further ones, zero at the end. What the index names is read.
func (s Store) Cancelling(ctx context.Context, after time.Time, limit int) (packages []Package, next time.Time, err error) {
	waiting, next, err := s.Oldest(ctx, table.ShardedIndex{Table: s.Names.Customers, Name: table.IndexNotices,
		Key: table.AttrNoticeKey, At: table.AttrNoticeAt, Shard: table.NoticeShardOf}, after, limit)
	if err != nil {
		return nil, next, fmt.Errorf("cancellations: %w", err)
	}
	keys := make([]table.Key, len(waiting))
	for i, item := range waiting {
		keys[i] = table.Key{table.AttrPK: item[table.AttrPK], table.AttrSK: item[table.AttrSK]}
	}
	items, err := s.Batch(ctx, s.Names.Customers, keys)
	if err != nil {
		return nil, next, fmt.Errorf("cancelled packages: %w", err)
	}
	for _, item := range items {
		var p Package
		if err := table.Unmarshal(item, &p); err != nil {
			return nil, next, err
		}
		if p.Cancellation != nil && !p.Cancellation.TakenUp() {
			packages = append(packages, p)
		}
	}
	slices.SortFunc(packages, func(a, b Package) int {
		return cmp.Or(a.Cancellation.ReceivedAt.Compare(b.Cancellation.ReceivedAt), cmp.Compare(a.ID, b.ID))
	})
	return packages, next, nil
}
