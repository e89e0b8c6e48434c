package table

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"
)

// ShardedIndex is an index whose items lie in Shards partitions, each sorted by a time in TimeLayout.
type ShardedIndex struct {
	Table, Name string
	Key, At     string           // attributes: the partition, and the time
	Shard       func(int) string // a partition's key
}

// Oldest reads up to limit items of an index with a time after the one given, the oldest first, from all shards at once
// (L2). next is the time to ask with for further ones, zero at the end. The index is eventually consistent.
func (s Store) Oldest(ctx context.Context, x ShardedIndex, after time.Time, limit int) (items []Item, next time.Time, err error) {
	var found [Shards][]Item
	group, groupCtx := errgroup.WithContext(ctx)
	for shard := range Shards {
		group.Go(func() error {
			out, err := s.DB.Query(groupCtx, &dynamodb.QueryInput{
				TableName: &x.Table, IndexName: &x.Name, Limit: aws.Int32(int32(limit + 1)),
				KeyConditionExpression:    aws.String(x.Key + " = :key AND " + x.At + " > :after"),
				ExpressionAttributeValues: Item{":key": S(x.Shard(shard)), ":after": Time(after)},
			})
			if err != nil {
				return fmt.Errorf("index %s: %w", x.Name, err)
			}
			found[shard] = out.Items
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, next, err
	}
	items = slices.Concat(found[:]...)
	slices.SortFunc(items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(String(a, x.At), String(b, x.At)), cmp.Compare(String(a, AttrPK), String(b, AttrPK)))
	})
	if len(items) <= limit {
		return items, next, nil
	}
	if next, err = time.Parse(TimeLayout, String(items[limit-1], x.At)); err != nil {
		return nil, next, fmt.Errorf("index %s: %w", x.Name, err)
	}
	return items[:limit], next, nil
}
