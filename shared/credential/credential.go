// Package credential keeps the passwords of customer numbers and packages: hashing, verifying, the policy, and the
// conditional writes. Credentials are never deleted; those of merged numbers are retired, so that an undo finds them.
package credential

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// ErrCorrupt is a stored hash that cannot be read or whose parameters are out of bounds: a refused sign-in and an alarm,
// never a crash (S4).
var ErrCorrupt = errors.New("credential: stored hash is corrupt")

// Alarm is what the log of a request says of a corrupt hash, under "alarm"; template.yaml counts it (S4).
const Alarm = "corrupt_credential"

// Credential is the password of a subject: table.Customer(number) or table.PackageSubject(id). Version counts writes of
// the hash, Epoch is the session epoch (S8). Exists is false for a subject that never had a password.
type Credential struct {
	Subject   string    `dynamodbav:"-"`
	Hash      string    `dynamodbav:"hash"`
	Version   int64     `dynamodbav:"version"`
	Epoch     int64     `dynamodbav:"epoch"`
	Retired   bool      `dynamodbav:"retired"`
	ChangedAt time.Time `dynamodbav:"changedAt,omitempty"` // not touched by a rehash
	Exists    bool      `dynamodbav:"-"`
}

// EverSet says whether there was ever a password, in force or taken away since.
func (c Credential) EverSet() bool { return c.Hash != "" || !c.ChangedAt.IsZero() }

// Store reads the Credentials table.
type Store struct{ table.Store }

// Get reads a credential, consistently. One that does not exist comes back empty and without an error: its callers do
// the same work for it as for any other (S1).
func (s Store) Get(ctx context.Context, subject string) (Credential, error) {
	item, err := s.Store.Get(ctx, s.Names.Credentials, table.Credential(subject))
	if err != nil {
		return Credential{}, fmt.Errorf("credential: %w", err)
	}
	c := Credential{}
	if err := table.Unmarshal(item, &c); err != nil {
		return Credential{}, err
	}
	c.Subject, c.Exists = subject, item != nil
	return c, nil
}

// unchanged is the condition that a credential is still the one that was read and not retired.
func unchanged(c Credential) (condition string, values table.Item) {
	if !c.Exists {
		return "attribute_not_exists(pk)", nil
	}
	return "version = :version AND epoch = :epoch AND retired = :false", table.Item{
		":version": table.N(c.Version), ":epoch": table.N(c.Epoch), ":false": table.B(false),
	}
}

// SetPassword writes a new hash on condition that the credential is as it was read and not retired. raiseEpoch voids all
// sessions and reset tokens made before; the profile's epoch must go up in the same transaction.
func SetPassword(names table.Names, c Credential, newHash string, raiseEpoch bool, now time.Time) types.TransactWriteItem {
	next := Credential{Hash: newHash, Version: c.Version + 1, Epoch: c.Epoch, ChangedAt: now}
	if raiseEpoch {
		next.Epoch++
	}
	return put(names, c, next)
}

// Rehash writes the same password under today's parameters. Nobody's session ends by it.
func Rehash(names table.Names, c Credential, newHash string) types.TransactWriteItem {
	return put(names, c, Credential{Hash: newHash, Version: c.Version + 1, Epoch: c.Epoch, ChangedAt: c.ChangedAt})
}

// RaiseEpoch voids all sessions and reset tokens made before and leaves the password as it is; the profile's epoch must go
// up in the same transaction.
func RaiseEpoch(names table.Names, c Credential) types.TransactWriteItem {
	return put(names, c, Credential{Hash: c.Hash, Version: c.Version + 1, Epoch: c.Epoch + 1, ChangedAt: c.ChangedAt})
}

// EndSessions is RaiseEpoch for who does not read hashes.
func EndSessions(names table.Names, subject string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Credentials, Key: table.Credential(subject),
		UpdateExpression:          aws.String("SET version = version + :one, epoch = epoch + :one"),
		ConditionExpression:       aws.String("retired = :false"),
		ExpressionAttributeValues: table.Item{":one": table.N(1), ":false": table.B(false)},
	}}
}

func put(names table.Names, old, next Credential) types.TransactWriteItem {
	condition, values := unchanged(old)
	values = table.With(values, table.Item{":hash": table.S(next.Hash), ":nextVersion": table.N(next.Version),
		":nextEpoch": table.N(next.Epoch), ":changed": table.Time(next.ChangedAt), ":false": table.B(false)})
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Credentials, Key: table.Credential(old.Subject), ConditionExpression: &condition,
		UpdateExpression: aws.String("SET #hash = :hash, version = :nextVersion, epoch = :nextEpoch," +
			" changedAt = :changed, retired = :false"),
		ExpressionAttributeNames: map[string]string{"#hash": "hash"}, ExpressionAttributeValues: values,
	}}
}

// CheckUnchanged conditions a transaction on the credential being as it was read and not retired.
func CheckUnchanged(names table.Names, c Credential) types.TransactWriteItem {
	condition, values := unchanged(c)
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &names.Credentials, Key: table.Credential(c.Subject),
		ConditionExpression: &condition, ExpressionAttributeValues: values,
	}}
}

// Retire takes a merged number's credential out of use and raises its epoch; the hash stays for an undo. It works for a
// subject that never had a password, too, so that none can be set later. It does not name the hash, which the roles of its
// callers may neither read nor write.
func Retire(names table.Names, subject string) types.TransactWriteItem {
	return setRetired(names, subject, true)
}

// Restore puts a retired credential back into use after an undo.
func Restore(names table.Names, subject string) types.TransactWriteItem {
	return setRetired(names, subject, false)
}

// Void takes the password away: nothing matches until a new one is set. A merge that was vetoed voids the package
// password that served as proof.
func Void(names table.Names, subject string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Credentials, Key: table.Credential(subject),
		UpdateExpression: aws.String("SET #hash = :none, version = if_not_exists(version, :zero) + :one," +
			" epoch = if_not_exists(epoch, :zero), retired = if_not_exists(retired, :false)"),
		ExpressionAttributeNames: map[string]string{"#hash": "hash"},
		ExpressionAttributeValues: table.Item{
			":none": table.S(""), ":zero": table.N(0), ":one": table.N(1), ":false": table.B(false),
		},
	}}
}

func setRetired(names table.Names, subject string, retired bool) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Credentials, Key: table.Credential(subject),
		UpdateExpression: aws.String("SET retired = :retired," +
			" version = if_not_exists(version, :zero) + :one, epoch = if_not_exists(epoch, :zero) + :one"),
		ExpressionAttributeValues: table.Item{":retired": table.B(retired), ":zero": table.N(0), ":one": table.N(1)},
	}}
}
