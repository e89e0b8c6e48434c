package table

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// throttled answers a batch with its first keys only, as DynamoDB does when the table is busy.
type throttled struct {
	DB
	most, asked int // keys that one request answers; requests so far
}

func (d *throttled) BatchGetItem(_ context.Context, in *dynamodb.BatchGetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	d.asked++
	out := &dynamodb.BatchGetItemOutput{Responses: map[string][]Item{}}
	for name, r := range in.RequestItems {
		if len(r.Keys) > BatchKeys {
			return nil, fmt.Errorf("%d keys", len(r.Keys))
		}
		n := min(d.most, len(r.Keys))
		out.Responses[name] = append(out.Responses[name], r.Keys[:n]...)
		if r.Keys = r.Keys[n:]; len(r.Keys) > 0 {
			out.UnprocessedKeys = map[string]types.KeysAndAttributes{name: r}
		}
	}
	return out, nil
}

func someKeys(n int) (keys []Key) {
	for i := range n {
		keys = append(keys, Key{AttrPK: S(fmt.Sprintf("k%d", i))})
	}
	return keys
}

// L1: what DynamoDB leaves out of a batch is asked for again, ever more slowly.
func TestKeysThatABatchLeavesOutAreAskedForAgainWithPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := &throttled{most: 40}
		begun := time.Now()
		items, err := Store{DB: db}.Batch(t.Context(), "T", someKeys(250))
		if err != nil || len(items) != 250 || db.asked != 3+3+2 {
			t.Errorf("%d items after %d requests, %v", len(items), db.asked, err)
		}
		seen := map[string]bool{}
		for _, item := range items {
			seen[String(item, AttrPK)] = true
		}
		if len(seen) != 250 {
			t.Errorf("%d different items", len(seen))
		}
		if took := time.Since(begun); took < 2*(firstBatchWait/2+firstBatchWait) || took > time.Second {
			t.Errorf("it paused %v", took)
		}
	})
}

func TestABatchOfABusyTableEndsWithAnErrorInsteadOfHalfTheItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := &throttled{}
		items, err := Store{DB: db}.Batch(t.Context(), "T", someKeys(3))
		if !errors.Is(err, errBusy) || items != nil || db.asked != batchTries {
			t.Errorf("%d items after %d requests, %v", len(items), db.asked, err)
		}
	})
}

// L4: a pause ends with the request's deadline.
func TestABatchStopsAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
		defer cancel()
		if _, err := (Store{DB: &throttled{}}).Batch(ctx, "T", someKeys(1)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}
