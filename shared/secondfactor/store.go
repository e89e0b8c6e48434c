package secondfactor

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Store reads second factors.
type Store struct{ table.Store }

// Get reads what a number has set up, consistently. A number without anything, or one that does not exist, is no error:
// the sign-in does the same work for all (S1).
func (s Store) Get(ctx context.Context, number string) (Factor, error) {
	item, err := s.Store.Get(ctx, s.Names.Credentials, table.SecondFactor(number))
	if err != nil {
		return Factor{}, fmt.Errorf("second factor: %w", err)
	}
	var f Factor
	if err := table.Unmarshal(item, &f); err != nil {
		return Factor{}, err
	}
	f.Number, f.Exists = number, item != nil
	return f, nil
}

// CheckUnchanged conditions a transaction on the factor being as it was read: a sign-in without a second step must not
// pass while one is being set up.
func CheckUnchanged(names table.Names, f Factor) types.TransactWriteItem {
	condition, values := unchanged(f)
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &names.Credentials, Key: table.SecondFactor(f.Number),
		ConditionExpression: &condition, ExpressionAttributeValues: values,
	}}
}

// Save writes what differs, on condition that the factor is as it was read. The item itself is never deleted.
func Save(names table.Names, old, changed Factor) types.TransactWriteItem {
	changed.Version = old.Version + 1
	before, after := attributes(old), attributes(changed)
	condition, values := unchanged(old)
	change := table.NewChange(values)
	for _, name := range table.Differing(before, after) { // the version at least
		change.Set(name, after[name])
	}
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Credentials, Key: table.SecondFactor(old.Number),
		UpdateExpression: aws.String(change.Expression()), ConditionExpression: &condition,
		ExpressionAttributeNames: change.Names, ExpressionAttributeValues: change.Values,
	}}
}

func unchanged(f Factor) (condition string, values table.Item) {
	if !f.Exists {
		return "attribute_not_exists(pk)", nil
	}
	return "version = :version", table.Item{":version": table.N(f.Version)}
}

// attributes leaves out what is empty, an empty recovery too.
func attributes(f Factor) table.Item {
	item := table.MustMarshal(f)
	if !f.Recovery.Running() {
		delete(item, "recovery")
	}
	return item
}

// OfHandle finds the number that a user handle of WebAuthn stands for; "" for an unknown one.
func (s Store) OfHandle(ctx context.Context, handle string) (number string, err error) {
	item, err := s.Store.Get(ctx, s.Names.Credentials, table.PasskeyHandle(handle))
	if err != nil {
		return "", fmt.Errorf("user handle: %w", err)
	}
	return table.String(item, "number"), nil
}

// PutHandle writes the number of a new user handle.
func PutHandle(names table.Names, handle, number string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Credentials, Key: table.PasskeyHandle(handle),
		UpdateExpression:          aws.String("SET #number = :number"),
		ConditionExpression:       aws.String("attribute_not_exists(pk)"),
		ExpressionAttributeNames:  map[string]string{"#number": "number"},
		ExpressionAttributeValues: table.Item{":number": table.S(number)},
	}}
}
