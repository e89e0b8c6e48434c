package customer

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// withEmailKey is the profile as an item, with the key of index byEmail. It is written wherever the address is, in the
// same item, so that the two are never apart; a profile without an address is not in the index.
func withEmailKey(p Profile) table.Item {
	p.EmailKey = emailKey(p.Email)
	return table.MustMarshal(p)
}

// Indexed tells whether the index byEmail knows the profile, as it was read, by its address. One that was written before
// the index existed is not in it.
func (p Profile) Indexed() bool { return p.EmailKey == emailKey(p.Email) }

// Index brings the key of the index byEmail up to date and nothing else, on condition that the address is still the one
// that was read. It is no change of the profile: the version stays.
func Index(names table.Names, p Profile) types.TransactWriteItem {
	change := table.NewChange(table.Item{":email": table.S(p.Email)})
	change.Set(table.AttrEmailKey, withEmailKey(p)[table.AttrEmailKey])
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Profile(p.Number), UpdateExpression: aws.String(change.Expression()),
		ConditionExpression: aws.String("email = :email"), ExpressionAttributeNames: change.Names, ExpressionAttributeValues: change.Values,
	}}
}
