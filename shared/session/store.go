package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// Store reads and ends sessions; it reads the profiles they belong to. Rand is the system's if nil.
type Store struct {
	table.Store
	Rand io.Reader
}

// Load finds the session of a cookie and its customer. ErrNone when it does not exist, has reached a limit, was made
// under another epoch, or its number was merged since. The last use is written at most every five minutes.
func (s Store) Load(ctx context.Context, cookieValue string, now time.Time) (Session, customer.Profile, error) {
	found, err := s.find(ctx, cookieValue, now)
	if err != nil {
		return Session{}, customer.Profile{}, err
	}
	p, err := customer.Store{Store: s.Store}.Profile(ctx, found.Number)
	if errors.Is(err, customer.ErrNotFound) {
		return Session{}, customer.Profile{}, ErrNone
	}
	if err != nil {
		return Session{}, customer.Profile{}, fmt.Errorf("load session: %w", err)
	}
	if p.Epoch != found.Epoch || p.MergedInto != "" {
		return Session{}, customer.Profile{}, ErrNone
	}
	if now.Sub(found.LastUsed) >= touchEvery {
		if err := touch(ctx, s.Store, s.Names.Sessions, found.ID, now); err != nil {
			return Session{}, customer.Profile{}, err
		}
		found.LastUsed = now
	}
	return found, p, nil
}

// find reads a session that is within its limits.
func (s Store) find(ctx context.Context, cookieValue string, now time.Time) (Session, error) {
	if cookieValue == "" {
		return Session{}, ErrNone
	}
	return s.byID(ctx, table.Hash(cookieValue), now)
}

// byID reads the session of an id that is within its limits.
func (s Store) byID(ctx context.Context, id string, now time.Time) (Session, error) {
	item, err := s.Get(ctx, s.Names.Sessions, table.Session(id))
	if err != nil {
		return Session{}, fmt.Errorf("load session: %w", err)
	}
	if item == nil {
		return Session{}, ErrNone
	}
	found := Session{ID: id}
	if err := table.Unmarshal(item, &found); err != nil {
		return Session{}, err
	}
	if !now.Before(found.Ends()) {
		return Session{}, ErrNone
	}
	return found, nil
}

// endedOf is the customer of a session that reached a limit, or whose epoch became old, in the last hours: its item
// still exists. "" when there is none, somebody ended it, or it ended longer ago.
func (s Store) endedOf(ctx context.Context, cookieValue string, now time.Time) (number string, err error) {
	if cookieValue == "" {
		return "", nil
	}
	item, err := s.Get(ctx, s.Names.Sessions, table.Session(table.Hash(cookieValue)))
	if err != nil {
		return "", fmt.Errorf("look for an ended session: %w", err)
	}
	var ended Session
	if err := table.Unmarshal(item, &ended); err != nil {
		return "", err
	}
	if !now.Before(ended.Ends().Add(remembered)) {
		return "", nil
	}
	return ended.Number, nil
}

// touch writes the last use, on condition that the session was not ended meanwhile.
func touch(ctx context.Context, s table.Store, tableName, id string, now time.Time) error {
	_, err := s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &tableName, Key: table.Session(id),
		UpdateExpression:          aws.String("SET lastUsed = :now"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeValues: table.Item{":now": table.Time(now)},
	})
	if _, refused := table.ConditionFailed(err); refused {
		return ErrNone
	}
	if err != nil {
		return fmt.Errorf("touch session: %w", err)
	}
	return nil
}

// End ends the session of a cookie; one that does not exist is no error.
func (s Store) End(ctx context.Context, cookieValue string) error {
	return end(ctx, s.Store, s.Names.Sessions, table.Hash(cookieValue))
}

func end(ctx context.Context, s table.Store, tableName, id string) error {
	_, err := s.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &tableName, Key: table.Session(id)})
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}
