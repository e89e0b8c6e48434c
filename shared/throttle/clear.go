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

// PutDevice makes a device known for a number, or clears its count, in the transaction of a sign-in or reset.
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
