package table

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// BatchKeys is the number of keys that BatchGetItem takes.
const BatchKeys = 100

// Waits between two requests for the keys that BatchGetItem left out. AWS asks for an exponential back-off, since the
// table is throttled then (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html).
const (
	firstBatchWait = 25 * time.Millisecond
	batchTries     = 7 // 25 + 50 + ... + 800 ms, less than a handler has (L4)
)

// errBusy: DynamoDB left keys of a batch out however often they were asked for.
var errBusy = Busy("table: too busy to read all keys of a batch")

// busy is an error that is over in a moment. Pages tell it from one that is not by Temporary.
type busy string

// Busy makes an error after which the same may well succeed.
func Busy(what string) error { return busy(what) }

func (b busy) Error() string { return string(b) }

// Temporary is always true.
func (busy) Temporary() bool { return true }

// Batch reads the items of different keys consistently, in no order, without those that do not exist.
func (s Store) Batch(ctx context.Context, tableName string, keys []Key) ([]Item, error) {
	var items []Item
	for part := range slices.Chunk(keys, BatchKeys) {
		found, err := s.batch(ctx, tableName, part)
		if err != nil {
			return nil, fmt.Errorf("batch of %d keys from %s: %w", len(part), tableName, err)
		}
		items = append(items, found...)
	}
	return items, nil
}

func (s Store) batch(ctx context.Context, tableName string, keys []Key) ([]Item, error) {
	var items []Item
	request := map[string]types.KeysAndAttributes{tableName: {ConsistentRead: aws.Bool(true)}}
	for _, k := range keys {
		r := request[tableName]
		r.Keys = append(r.Keys, k)
		request[tableName] = r
	}
	for try := range batchTries {
		out, err := s.DB.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: request})
		if err != nil {
			return nil, err
		}
		items = append(items, out.Responses[tableName]...)
		if request = out.UnprocessedKeys; len(request) == 0 {
			return items, nil
		}
		if err := wait(ctx, jittered(firstBatchWait<<try)); err != nil {
			return nil, err
		}
	}
	return nil, errBusy
}

// jittered is between a half and the whole of d, so that functions throttled together do not come again together.
func jittered(d time.Duration) time.Duration { return d/2 + rand.N(d/2) }

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
