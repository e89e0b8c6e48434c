package customer

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
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
	w := write{names: map[string]string{"#email": "email"}, values: table.Item{":email": table.S(p.Email)}}
	w.set(table.AttrEmailKey, withEmailKey(p)[table.AttrEmailKey])
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Profile(p.Number), UpdateExpression: aws.String(w.expression()),
		ConditionExpression: aws.String("#email = :email"), ExpressionAttributeNames: w.names, ExpressionAttributeValues: w.values,
	}}
}

// emailKey folds an address coarsely; who looks up compares the addresses themselves.
func emailKey(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// NumbersByEmail looks up which numbers have an address in force, at most limit of them. The index is eventually
// consistent: read the profiles before anything follows from it.
func (s Store) NumbersByEmail(ctx context.Context, address string, limit int32) ([]string, error) {
	key := emailKey(address)
	if key == "" {
		return nil, nil
	}
	out, err := s.DB.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.Names.Customers, IndexName: aws.String(table.IndexByEmail), Limit: &limit,
		KeyConditionExpression:    aws.String(table.AttrEmailKey + " = :key"),
		ExpressionAttributeValues: table.Item{":key": table.S(key)},
	})
	if err != nil {
		return nil, fmt.Errorf("numbers of an e-mail address: %w", err)
	}
	var numbers []string
	for _, item := range out.Items {
		numbers = append(numbers, strings.TrimPrefix(table.String(item, table.AttrPK), table.Customer("")))
	}
	return numbers, nil
}
