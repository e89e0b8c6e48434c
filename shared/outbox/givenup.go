package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/table"
)

// ErrNotFound: there is no such item.
var ErrNotFound = errors.New("outbox: no such item")

// Find reads one item.
func (s Store) Find(ctx context.Context, id string) (Item, error) {
	image, err := s.Get(ctx, s.Names.Outbox, table.Outbox(id))
	if err != nil {
		return Item{}, err
	}
	if image == nil {
		return Item{}, ErrNotFound
	}
	return FromImage(image)
}

// GivenUp lists up to limit items that were given up on before a time (zero: all), the latest first, from all shards at
// once (L2). next is the time to ask with for further ones, zero when there are none. The index is eventually consistent.
func (s Store) GivenUp(ctx context.Context, before time.Time, limit int) (items []Item, next time.Time, err error) {
	var found [table.Shards][]Item
	group, groupCtx := errgroup.WithContext(ctx)
	for shard := range table.Shards {
		group.Go(func() (err error) { found[shard], err = s.givenUpOf(groupCtx, shard, before, limit+1); return err })
	}
	if err := group.Wait(); err != nil {
		return nil, next, err
	}
	items = slices.Concat(found[:]...)
	slices.SortFunc(items, func(a, b Item) int { return b.GivenUpAt.Compare(a.GivenUpAt) })
	if len(items) > limit {
		items = items[:limit]
		next = items[limit-1].GivenUpAt
	}
	return items, next, nil
}

func (s Store) givenUpOf(ctx context.Context, shard int, before time.Time, limit int) ([]Item, error) {
	in := &dynamodb.QueryInput{
		TableName: &s.Names.Outbox, IndexName: aws.String(table.IndexDue), Limit: aws.Int32(int32(limit)), ScanIndexForward: aws.Bool(false),
		KeyConditionExpression:    aws.String("due = :due"),
		ExpressionAttributeValues: table.Item{":due": table.S(table.GivenUpShardOf(shard))},
	}
	if !before.IsZero() {
		in.KeyConditionExpression = aws.String("due = :due AND nextTry < :before")
		in.ExpressionAttributeValues[":before"] = table.N(before.UnixNano())
	}
	out, err := s.DB.Query(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("query items given up on: %w", err)
	}
	return fromImages(out.Items)
}

func fromImages(images []table.Item) (items []Item, err error) {
	for _, image := range images {
		item, err := FromImage(image)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// lastDays before its deletion an item can no longer be put back: it may take a day until it is done or given up on
// again, and DynamoDB deletes expired items within a few days.
const lastDays = 2 * 24 * time.Hour

// TooOld says whether an item that was given up on is about to be deleted, or should have been.
func (item Item) TooOld(now time.Time) bool {
	return item.TTL > 0 && !now.Add(lastDays).Before(time.Unix(item.TTL, 0))
}

// Again puts a given-up item back to be sent, if it is still as it was read: the schedule takes it in its next round,
// and a second call changes nothing (M9). What is known of earlier tries is kept, so that a mail that SES took is not
// sent again. The time to live is removed. An item that is TooOld must not be put back.
func Again(names table.Names, item Item, now time.Time) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Outbox, Key: table.Outbox(item.ID),
		UpdateExpression:         aws.String("SET due = :due, nextTry = :now, tries = :none REMOVE givenUpAt, #ttl"),
		ExpressionAttributeNames: map[string]string{"#ttl": table.AttrTTL},
		ConditionExpression:      aws.String("due = :given AND givenUpAt = :at"),
		ExpressionAttributeValues: table.Item{
			":due": table.S(table.DueShard(item.ID)), ":now": table.N(now.Unix()), ":none": table.N(0),
			":given": table.S(table.GivenUpShard(item.ID)), ":at": table.Time(item.GivenUpAt),
		},
	}}
}
