package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Store reads and marks the Outbox table.
type Store struct{ table.Store }

// ErrNotClaimed: somebody else works on the item, it is not due yet, it is done, given up on, or does not exist.
var ErrNotClaimed = errors.New("outbox: not to be claimed")

// Claim reserves an item until the lease ends. The lease must be longer than the claimer's time-out, so that two
// never work on one item at once. leaseID names the claim: Done and Failed are refused without it.
func (s Store) Claim(ctx context.Context, id, leaseID string, now time.Time, lease time.Duration) (Item, error) {
	out, err := s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.Outbox, Key: table.Outbox(id),
		UpdateExpression: aws.String("SET leaseUntil = :until, leaseId = :lease, tries = tries + :one, nextTry = :next"),
		ConditionExpression: aws.String("due = :due AND" +
			" (attribute_not_exists(leaseUntil) OR leaseUntil < :now) AND" +
			" (attribute_not_exists(notBefore) OR notBefore <= :unix)"),
		ExpressionAttributeValues: table.Item{
			":until": table.Time(now.Add(lease)), ":lease": table.S(leaseID), ":one": table.N(1),
			":now": table.Time(now), ":unix": table.N(now.Unix()), ":next": table.N(now.Add(lease + time.Second).Unix()), ":due": table.S(table.DueShard(id)),
		},
		ReturnValues: "ALL_OLD",
	})
	if _, refused := table.ConditionFailed(err); refused {
		return Item{}, ErrNotClaimed
	}
	if err != nil {
		return Item{}, fmt.Errorf("claim %s: %w", id, err)
	}
	item, err := FromImage(out.Attributes)
	item.Abandoned = !item.LeaseUntil.IsZero()
	item.Tries, item.LeaseID, item.LeaseUntil = item.Tries+1, leaseID, now.Add(lease)
	return item, err
}

// Done marks a claimed item as delivered. It succeeds, too, when an earlier call did so and only its answer was lost.
// messageID may be "".
func (s Store) Done(ctx context.Context, item Item, messageID string, now time.Time) error {
	return s.mark(ctx, item, "SET doneAt = :now, messageId = :text"+s.expiring()+" REMOVE due, nextTry, leaseUntil, leaseId",
		table.Item{":now": table.Time(now), ":text": table.S(messageID), ":ttl": table.Until(now, s.Names.Kept.Outbox)})
}

// expiring sets the time to live in an update, if there is one.
func (s Store) expiring() string {
	if s.Names.Kept.Outbox <= 0 {
		return ""
	}
	return ", #ttl = :ttl"
}

// Failed notes a failure on a claimed item, and when the schedule shall try it again.
func (s Store) Failed(ctx context.Context, item Item, reason string, next time.Time) error {
	return s.mark(ctx, item, "SET lastError = :text, nextTry = :next REMOVE leaseUntil, leaseId",
		table.Item{":text": table.S(reason), ":next": table.N(next.Unix())})
}

// GiveUp marks a claimed item as undeliverable, which the service team sees. Its time to live counts from its
// creation, so that it is deleted before the items that were split from it: put back without those, it would write to
// everybody again (M9).
func (s Store) GiveUp(ctx context.Context, item Item, reason string, now time.Time) error {
	return s.mark(ctx, item, "SET givenUpAt = :now, lastError = :text, due = :due, nextTry = :nano"+s.expiring()+" REMOVE leaseUntil, leaseId",
		table.Item{":now": table.Time(now), ":text": table.S(reason), ":due": table.S(table.GivenUpShard(item.ID)), ":nano": table.N(now.UnixNano()),
			":ttl": table.Until(item.CreatedAt, s.Names.Kept.Outbox)})
}

func (s Store) mark(ctx context.Context, item Item, update string, values table.Item) error {
	values[":lease"] = table.S(item.LeaseID)
	var aliases map[string]string
	if values[":ttl"] == nil {
		delete(values, ":ttl")
	} else {
		aliases = map[string]string{"#ttl": table.AttrTTL}
	}
	_, err := s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.Outbox, Key: table.Outbox(item.ID), UpdateExpression: &update, ExpressionAttributeNames: aliases,
		ConditionExpression: aws.String("leaseId = :lease"), ExpressionAttributeValues: values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if now, refused := table.ConditionFailed(err); refused {
		if at, given := values[":now"].(*types.AttributeValueMemberS); given && table.String(now, "doneAt") == at.Value {
			return nil
		}
		return ErrNotClaimed
	}
	if err != nil {
		return fmt.Errorf("mark %s: %w", item.ID, err)
	}
	return nil
}

// maxBackoff bounds the time between two tries.
const maxBackoff = 6 * time.Hour

// Backoff is how long to wait after the given number of tries: a minute, doubling, at most six hours.
func Backoff(tries int64) time.Duration {
	return min(time.Minute<<min(max(tries-1, 0), 16), maxBackoff)
}

// Due lists the ids of up to limit items of a shard (0 to table.Shards-1) that are due, oldest first. The index is
// eventually consistent; Claim decides.
func (s Store) Due(ctx context.Context, shard int, now time.Time, limit int) ([]string, error) {
	out, err := s.DB.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.Names.Outbox, IndexName: aws.String(table.IndexDue), Limit: aws.Int32(int32(limit)),
		KeyConditionExpression: aws.String("due = :due AND nextTry <= :now"),
		ExpressionAttributeValues: table.Item{
			":due": table.S(table.DueShardOf(shard)), ":now": table.N(now.Unix()),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("query due items: %w", err)
	}
	var ids []string
	for _, item := range out.Items {
		ids = append(ids, table.String(item, table.AttrPK))
	}
	return ids, nil
}
