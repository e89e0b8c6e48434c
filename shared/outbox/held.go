package outbox

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/table"
)

// After a restore to an earlier instant the outbox contains effects that were delivered long ago. Items that wait are
// held until somebody has looked at them: they are moved to index partitions of their own, which the schedule does
// not read, and cannot be claimed.

// Held is the image of a waiting item that is held from now on. It expires like a given-up item.
func Held(image table.Item, kept time.Duration, now time.Time) table.Item {
	held := table.With(nil, image)
	held["due"] = table.S(table.HeldShard(table.String(image, table.AttrPK)))
	delete(held, "leaseId")
	delete(held, "leaseUntil")
	if ttl := table.Until(now, kept); ttl != nil {
		held[table.AttrTTL] = ttl
	}
	return held
}

// Hold holds a waiting item. ErrNotClaimed when it does not wait, or somebody works on it.
func (s Store) Hold(ctx context.Context, id string, now time.Time) error {
	values := table.Item{":due": table.S(table.DueShard(id)), ":held": table.S(table.HeldShard(id)), ":now": table.Time(now)}
	update := "SET due = :held" + s.expiring() + " REMOVE leaseUntil, leaseId"
	if ttl := table.Until(now, s.Names.Kept.Outbox); ttl != nil {
		values[":ttl"] = ttl
	}
	return s.move(ctx, id, update, "due = :due AND (attribute_not_exists(leaseUntil) OR leaseUntil < :now)", values)
}

// Release lets an item that was held go out with the next round of the schedule.
func (s Store) Release(ctx context.Context, id string, now time.Time) error {
	return s.move(ctx, id, "SET due = :due, nextTry = :now, tries = :none REMOVE #ttl", "due = :held", table.Item{
		":due": table.S(table.DueShard(id)), ":held": table.S(table.HeldShard(id)), ":now": table.N(now.Unix()), ":none": table.N(0)})
}

func (s Store) move(ctx context.Context, id, update, condition string, values table.Item) error {
	in := &dynamodb.UpdateItemInput{TableName: &s.Names.Outbox, Key: table.Outbox(id), UpdateExpression: &update, ConditionExpression: &condition, ExpressionAttributeValues: values}
	if values[":ttl"] != nil || values[":none"] != nil {
		in.ExpressionAttributeNames = map[string]string{"#ttl": table.AttrTTL}
	}
	_, err := s.DB.UpdateItem(ctx, in)
	if _, refused := table.ConditionFailed(err); refused {
		return ErrNotClaimed
	}
	if err != nil {
		return fmt.Errorf("move %s: %w", table.Hash(id)[:12], err)
	}
	return nil
}

// Waiting reads all items of a shard that wait, or those that are held. The index is eventually consistent: Hold and Release decide.
func (s Store) Waiting(ctx context.Context, shard int, held bool) (items []Item, err error) {
	due := table.DueShardOf(shard)
	if held {
		due = table.HeldShardOf(shard)
	}
	pages := dynamodb.NewQueryPaginator(s.DB, &dynamodb.QueryInput{
		TableName: &s.Names.Outbox, IndexName: aws.String(table.IndexDue), KeyConditionExpression: aws.String("due = :due"),
		ExpressionAttributeValues: table.Item{":due": table.S(due)}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read what waits: %w", err)
		}
		more, err := fromImages(page.Items)
		if err != nil {
			return nil, err
		}
		items = append(items, more...)
	}
	return items, nil
}
