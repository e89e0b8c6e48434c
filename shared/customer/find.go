package customer

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/table"
)

// emailKey folds an address coarsely; who looks up compares the addresses themselves.
func emailKey(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// NumbersByEmail looks up which numbers have an address in force, at most limit of them. The index is eventually
// consistent: read the profiles before anything follows from it.
func (s Store) NumbersByEmail(ctx context.Context, address string, limit int32) ([]string, error) {
	numbers, _, err := s.ByEmail(ctx, address, "", limit)
	return numbers, err
}

// ByEmail is NumbersByEmail page by page: after is the next of the page before, "" for the first; next is "" at the end.
func (s Store) ByEmail(ctx context.Context, address, after string, limit int32) (numbers []string, next string, err error) {
	return s.numbersAt(ctx, table.IndexByEmail, table.AttrEmailKey, emailKey(address), after, limit)
}

// ByDomain looks up which numbers have a package with a domain, page by page as ByEmail. A domain that left a package is
// in the index no more. Without a domain in field there is none.
func (s Store) ByDomain(ctx context.Context, field, after string, limit int32) (numbers []string, next string, err error) {
	folded, err := FoldDomain(field)
	if err != nil {
		return nil, "", nil
	}
	return s.numbersAt(ctx, table.IndexByDomain, table.AttrDomainKey, folded, after, limit)
}

// numbersAt reads the customer numbers of an index of Customers that have a key.
func (s Store) numbersAt(ctx context.Context, index, attribute, key, after string, limit int32) (numbers []string, next string, err error) {
	if key == "" {
		return nil, "", nil
	}
	in := &dynamodb.QueryInput{
		TableName: &s.Names.Customers, IndexName: &index, Limit: &limit,
		KeyConditionExpression:    aws.String(attribute + " = :key"),
		ExpressionAttributeValues: table.Item{":key": table.S(key)},
	}
	if after != "" {
		in.KeyConditionExpression = aws.String(attribute + " = :key AND pk > :after")
		in.ExpressionAttributeValues[":after"] = table.S(table.Customer(after))
	}
	out, err := s.DB.Query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("numbers by %s: %w", index, err)
	}
	for _, item := range out.Items {
		numbers = append(numbers, strings.TrimPrefix(table.String(item, table.AttrPK), table.Customer("")))
	}
	if out.LastEvaluatedKey != nil {
		next = numbers[len(numbers)-1]
	}
	return numbers, next, nil
}
