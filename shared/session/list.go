package session

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

// Limits of a list: sessions read from the index, and reads at once.
const (
	maxListed     = 100
	parallelReads = 16
)

// List finds the sessions of a customer that are valid under an epoch, the last used first. The index gives the
// candidates and can lag; each candidate is then read itself, so that a session that ended a moment ago is not
// listed.
func (s Store) List(ctx context.Context, number string, epoch int64, now time.Time) ([]Session, error) {
	out, err := s.DB.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.Names.Sessions, IndexName: aws.String(table.IndexByNumber),
		KeyConditionExpression:   aws.String("#number = :number AND createdAt > :from"),
		ExpressionAttributeNames: map[string]string{"#number": "number"},
		ExpressionAttributeValues: table.Item{
			":number": table.S(number), ":from": table.Time(now.Add(-Absolute)),
		},
		ScanIndexForward: aws.Bool(false), Limit: aws.Int32(maxListed),
	})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	found := make([]Session, len(out.Items))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelReads)
	for i, item := range out.Items {
		group.Go(func() (err error) {
			found[i], err = s.byID(ctx, table.SessionID(item), now)
			if errors.Is(err, ErrNone) {
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(one Session) bool { return one.ID == "" || one.Epoch != epoch || one.Number != number })
	slices.SortFunc(found, func(a, b Session) int { return b.LastUsed.Compare(a.LastUsed) })
	return found, nil
}

// Of reads one session of a customer by its id. ErrNone when it is not this customer's or has ended: the answer does
// not tell the two apart (S11).
func (s Store) Of(ctx context.Context, number, id string, now time.Time) (Session, error) {
	one, err := s.byID(ctx, id, now)
	if err == nil && one.Number != number {
		return Session{}, ErrNone
	}
	return one, err
}

// EndOf ends one session in a transaction, on condition that it is still there and the customer's.
func EndOf(names table.Names, number, id string) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName: &names.Sessions, Key: table.Session(id), ConditionExpression: aws.String("#number = :number"),
		ExpressionAttributeNames:  map[string]string{"#number": "number"},
		ExpressionAttributeValues: table.Item{":number": table.S(number)},
	}}
}
