package passkey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// ErrNoChallenge is a challenge that was never made, was answered before or took too long.
var ErrNoChallenge = errors.New("passkey: no challenge")

// Challenges keeps what was asked of a browser, in the Sessions table, until it answers: once (S12).
type Challenges struct{ table.Store }

type kept struct {
	Data    string    `dynamodbav:"data"`
	Expires time.Time `dynamodbav:"expires"`
}

// Keep stores a challenge for its holder: the value of a cookie, or the id of a session. A holder has one at a time.
func (c Challenges) Keep(ctx context.Context, holder, data string, now time.Time) error {
	k := kept{Data: data, Expires: now.Add(ceremonyLasts)}
	item := table.With(table.Challenge(holder), table.MustMarshal(k))
	item[table.AttrTTL] = table.N(k.Expires.Unix())
	if _, err := c.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &c.Names.Sessions, Item: item}); err != nil {
		return fmt.Errorf("keep challenge: %w", err)
	}
	return nil
}

// Take gives the challenge of a holder and deletes it in the same write, so that only one answer counts.
func (c Challenges) Take(ctx context.Context, holder string, now time.Time) (data string, err error) {
	if holder == "" {
		return "", ErrNoChallenge
	}
	out, err := c.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &c.Names.Sessions, Key: table.Challenge(holder), ReturnValues: types.ReturnValueAllOld})
	if err != nil {
		return "", fmt.Errorf("take challenge: %w", err)
	}
	var k kept
	if err := table.Unmarshal(out.Attributes, &k); err != nil {
		return "", err
	}
	if !now.Before(k.Expires) { // also when there was none
		return "", ErrNoChallenge
	}
	return k.Data, nil
}
