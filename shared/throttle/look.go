package throttle

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/table"
)

// Look says whether a try would be allowed now, and counts none. It is for those who tell of a pause; who makes a try asks
// Try, which decides in the write.
func (s Store) Look(ctx context.Context, b Bucket, now time.Time) (Verdict, error) {
	out, err := s.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.Names.Throttle, Key: b.key(), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return Verdict{}, fmt.Errorf("look at %s: %w", b.Kind, err)
	}
	if out.Item == nil || b.rule.over(out.Item, now) {
		return Verdict{Bucket: b, Allowed: true, Known: out.Item != nil}, nil
	}
	if v := b.rule.refusal(out.Item, now); !b.rule.allows(out.Item, now) {
		return v, nil
	}
	return Verdict{Bucket: b, Allowed: true, Known: true, Tries: int(table.Int(out.Item, "n"))}, nil
}

// allows is condition, for an item that was read and is not over.
func (r rule) allows(item table.Item, now time.Time) bool {
	n := table.Int(item, "n")
	if !r.steps {
		return n < r.limit && (r.wrong == 0 || table.Int(item, "wrong") < r.wrong)
	}
	return !now.Before(time.UnixMilli(table.Int(item, "last")).Add(pauseAfter(n)))
}
