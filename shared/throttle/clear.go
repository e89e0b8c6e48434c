package throttle

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Clear forgets a bucket's count, in the transaction of the success that clears it.
func Clear(names table.Names, b Bucket) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{TableName: &names.Throttle, Key: b.key()}}
}

// attrProven says of a device that it finished a whole sign-in.
const attrProven = "proven"

// ProveDevice is PutDevice in the transaction of a sign-in that showed both: the password and the second step, or a
// passkey.
func ProveDevice(names table.Names, hash, number string, now time.Time) types.TransactWriteItem {
	put := PutDevice(names, hash, number, now)
	*put.Update.UpdateExpression += ", " + attrProven + " = :yes"
	put.Update.ExpressionAttributeValues[":yes"] = table.B(true)
	return put
}

// PutDevice makes a device known for a number, or clears its count, in the transaction of a sign-in or reset. What it
// proved before stays.
func PutDevice(names table.Names, hash, number string, now time.Time) types.TransactWriteItem {
	b := Device(hash, number)
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Throttle, Key: b.key(),
		UpdateExpression:         aws.String("SET #n = :zero, #last = :now, #since = :now, #ttl = :ttl"),
		ExpressionAttributeNames: aliases("n", "last", "since", "ttl"),
		ExpressionAttributeValues: table.Item{
			":zero": table.N(0), ":now": table.N(now.UnixMilli()), ":ttl": table.N(b.expires(now)),
		},
	}}
}
