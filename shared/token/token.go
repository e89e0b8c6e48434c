// Package token keeps one-time tokens that are mailed as links: hashed at rest, with a purpose, consumed by a condition
// in the transaction that does what they allow (S6). Looking one up never consumes it.
package token

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// What a token allows.
const (
	PurposeReset        = "reset"
	PurposeVeto         = "veto"
	PurposeConfirmEmail = "confirm-email"
	PurposeStopEmail    = "stop-email"
	PurposeStopRecovery = "stop-recovery" // of a second factor
)

// ResetLifetime is how long a link for a new password is good (S6).
const ResetLifetime = 60 * time.Minute

// Lifetimes of the links of a changed e-mail address: the one that confirms the new address, and the one at the old
// address that stops the change. The second lives longer, since whoever changed the address in secret confirms it fast.
const (
	ConfirmLifetime = 24 * time.Hour
	StopLifetime    = 7 * 24 * time.Hour
)

// VetoLifetime lets the link of a merge order outlive the review (14 days), a veto period and the 30 days in which a merge
// can be undone: after execution it is how the other side objects.
const VetoLifetime = 60 * 24 * time.Hour

// ErrNotFound is a token that does not exist, is used, has expired or is for something else. All look the same.
var ErrNotFound = errors.New("token: not found")

// Token is what a secret stands for. Subject is a customer number (reset, confirm) or an order id (veto). Epoch binds a
// reset token to the credential's epoch: a new password voids all that were mailed before. Address is the mailbox that the
// link went to: whether it still speaks for the customer is looked at when the link is used (S6).
type Token struct {
	Purpose string            `dynamodbav:"purpose"`
	Subject string            `dynamodbav:"subject"`
	Address string            `dynamodbav:"address,omitempty"`
	Epoch   int64             `dynamodbav:"epoch"`
	Expires time.Time         `dynamodbav:"expires"`
	Values  map[string]string `dynamodbav:"values,omitempty"`
}

// Store reads and writes the Tokens table.
type Store struct{ table.Store }

// secretBytes is 256 bit (S6).
const secretBytes = 32

// Make stores a token and returns its secret, which goes into the mail and nowhere else.
func (s Store) Make(ctx context.Context, rand io.Reader, t Token) (secret string, err error) {
	raw := make([]byte, secretBytes)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return "", fmt.Errorf("token secret: %w", err)
	}
	secret = base64.RawURLEncoding.EncodeToString(raw)
	item := table.With(table.Token(secret), table.MustMarshal(t))
	item[table.AttrTTL] = table.N(t.Expires.Add(24 * time.Hour).Unix())
	if _, err := s.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Names.Tokens, Item: item}); err != nil {
		return "", fmt.Errorf("put token: %w", err)
	}
	return secret, nil
}

// Find looks a token up without consuming it. key is what Consume wants.
func (s Store) Find(ctx context.Context, secret, purpose string, now time.Time) (t Token, key string, err error) {
	item, err := s.Get(ctx, s.Names.Tokens, table.Token(secret))
	if err != nil {
		return Token{}, "", fmt.Errorf("find token: %w", err)
	}
	if item == nil {
		return Token{}, "", ErrNotFound
	}
	if err := table.Unmarshal(item, &t); err != nil {
		return Token{}, "", err
	}
	if t.Purpose != purpose || !now.Before(t.Expires) {
		return Token{}, "", ErrNotFound
	}
	return t, table.Hash(secret), nil
}

// Consume deletes the token on condition that it is still there and good, in the transaction that does what it allows.
func Consume(names table.Names, key string, now time.Time) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName: &names.Tokens, Key: table.TokenByHash(key),
		ConditionExpression:       aws.String("attribute_exists(pk) AND expires > :now"),
		ExpressionAttributeValues: table.Item{":now": table.Time(now)},
	}}
}
