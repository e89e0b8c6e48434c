package table

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	mathrand "math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// ErrCondition is what errors.Is finds when a condition of a write did not hold.
var ErrCondition = errors.New("condition failed")

// MaxItems is DynamoDB's limit of items in a transaction (L2).
const MaxItems = 100

// Cancelled is a transaction that was refused as a whole because of at least one of its items. The reasons stand in the
// order of the items.
type Cancelled struct {
	Reasons []types.CancellationReason
	cause   error
}

func (c *Cancelled) Error() string {
	codes := make([]string, len(c.Reasons))
	for i, r := range c.Reasons {
		codes[i] = aws.ToString(r.Code)
	}
	return fmt.Sprintf("transaction cancelled: %v", codes)
}

// Unwrap gives the SDK's error.
func (c *Cancelled) Unwrap() error { return c.cause }

// Is says that a failed condition is ErrCondition.
func (c *Cancelled) Is(target error) bool {
	if target != ErrCondition {
		return false
	}
	for i := range c.Reasons {
		if c.Failed(i) {
			return true
		}
	}
	return false
}

// Failed says whether the condition of item i did not hold.
func (c *Cancelled) Failed(i int) bool {
	return i < len(c.Reasons) && aws.ToString(c.Reasons[i].Code) == "ConditionalCheckFailed"
}

// Old is item i as it stood, when its condition failed and it asked for it (ReturnValuesOnConditionCheckFailure); nil
// when there was none.
func (c *Cancelled) Old(i int) Item {
	if i >= len(c.Reasons) {
		return nil
	}
	return c.Reasons[i].Item
}

// Back-off between two tries of a transaction: full jitter below a doubling limit.
const (
	backoffBase = 20 * time.Millisecond
	backoffMax  = 600 * time.Millisecond
	maxTries    = 15
)

// Transact writes all items or none. Conflicts with other transactions and throttling are tried again until the
// context's deadline. token makes a repeated call have one effect for ten minutes (M9): give the same one for the same
// items; "" takes a random one, which still covers the retries in here. A failed condition gives *Cancelled.
func (s Store) Transact(ctx context.Context, items []types.TransactWriteItem, token string) error {
	in := &dynamodb.TransactWriteItemsInput{TransactItems: items, ClientRequestToken: aws.String(requestToken(token))}
	for try := 0; ; try++ {
		_, err := s.DB.TransactWriteItems(ctx, in)
		if err == nil {
			return nil
		}
		if cancelled := asCancelled(err); cancelled != nil && errors.Is(cancelled, ErrCondition) {
			return cancelled
		}
		if !again(err) || try+1 >= maxTries || !pause(ctx, try) {
			return fmt.Errorf("transaction of %d items: %w", len(items), err)
		}
	}
}

// requestToken fits a token into the 36 characters that DynamoDB takes.
func requestToken(token string) string {
	switch {
	case token == "":
		return rand.Text()
	case len(token) > 36:
		return Hash(token)[:36]
	}
	return token
}

func asCancelled(err error) *Cancelled {
	var refused *types.TransactionCanceledException
	if !errors.As(err, &refused) {
		return nil
	}
	return &Cancelled{Reasons: refused.CancellationReasons, cause: err}
}

// again says whether nothing was written and another try may succeed.
func again(err error) bool {
	var (
		conflict   *types.TransactionConflictException
		inProgress *types.TransactionInProgressException
		throughput *types.ProvisionedThroughputExceededException
		limit      *types.RequestLimitExceeded
		throttling *types.ThrottlingException
	)
	if errors.As(err, &conflict) || errors.As(err, &inProgress) || errors.As(err, &throughput) ||
		errors.As(err, &limit) || errors.As(err, &throttling) {
		return true
	}
	cancelled := asCancelled(err)
	if cancelled == nil {
		return false
	}
	for _, r := range cancelled.Reasons {
		switch aws.ToString(r.Code) {
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			return true
		}
	}
	return false
}

// pause waits before the next try and says whether there is time for one.
func pause(ctx context.Context, try int) bool {
	limit := min(backoffBase<<min(try, 10), backoffMax)
	wait := time.Duration(mathrand.Int64N(int64(limit)))
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// Tries is up to n turns for who reads again and decides anew when another writer was faster, with a pause before each but
// the first. They end sooner when the context has no time left.
func Tries(ctx context.Context, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for try := range n {
			if try > 0 && !pause(ctx, try-1) || !yield(try) {
				return
			}
		}
	}
}

// ConditionFailed says whether a single write (not a transaction) was refused by its condition, and gives the item as it
// stood when the write asked for it.
func ConditionFailed(err error) (Item, bool) {
	var refused *types.ConditionalCheckFailedException
	if !errors.As(err, &refused) {
		return nil, false
	}
	return refused.Item, true
}
