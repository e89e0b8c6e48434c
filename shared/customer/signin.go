package customer

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// SignedIn writes the last login, on condition that the number was not merged and its epoch not raised since it was
// read. Unlike Update it does not mind other changes: a nightly import must not refuse a sign-in.
func SignedIn(names table.Names, p Profile, now time.Time) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Profile(p.Number), UpdateExpression: aws.String("SET lastLogin = :now"),
		ConditionExpression:       aws.String("attribute_exists(pk) AND epoch = :epoch AND attribute_not_exists(mergedInto)"),
		ExpressionAttributeValues: table.Item{":now": table.Time(now), ":epoch": table.N(p.Epoch)},
	}}
}

// PasswordSet raises the profile's epoch, in the transaction that sets the password and raises the credential's (S8). It
// holds only while the e-mail address is the one that was read: a mailed link is good no longer than the address it went
// to (S6), and the word of the new password goes to the one in force (S7).
func PasswordSet(names table.Names, p Profile, now time.Time) types.TransactWriteItem {
	values := table.Item{":next": table.N(p.Epoch + 1), ":now": table.Time(now), ":epoch": table.N(p.Epoch)}
	address := "attribute_not_exists(email)"
	if p.Email != "" {
		address, values[":email"] = "email = :email", table.S(p.Email)
	}
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Profile(p.Number),
		UpdateExpression:          aws.String("SET epoch = :next, passwordChangedAt = :now"),
		ConditionExpression:       aws.String("attribute_exists(pk) AND epoch = :epoch AND attribute_not_exists(mergedInto) AND " + address),
		ExpressionAttributeValues: values,
	}}
}

// EpochRaised raises the profile's epoch, in the transaction that raises the credential's: all sessions end (S8).
func EpochRaised(names table.Names, p Profile) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Profile(p.Number), UpdateExpression: aws.String("SET epoch = :next"),
		ConditionExpression:       aws.String("attribute_exists(pk) AND epoch = :epoch AND attribute_not_exists(mergedInto)"),
		ExpressionAttributeValues: table.Item{":next": table.N(p.Epoch + 1), ":epoch": table.N(p.Epoch)},
	}}
}

// FactorChanged is EpochRaised for a change of the second factor. It says nothing against a new e-mail address that waits
// for its confirmation, which goes on waiting under the new epoch.
func FactorChanged(names table.Names, p Profile, now time.Time) types.TransactWriteItem {
	raised := EpochRaised(names, p)
	if waiting := p.Waiting(now); waiting != nil {
		*raised.Update.UpdateExpression += ", " + attrPending + ".epoch = :next"
		*raised.Update.ConditionExpression += " AND " + attrPending + ".id = :pending"
		raised.Update.ExpressionAttributeValues[":pending"] = table.S(waiting.ID)
	}
	return raised
}
