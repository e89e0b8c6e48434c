package customer

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/table"
)

// ErrNotFound is a number or package that does not exist.
var ErrNotFound = errors.New("customer: not found")

// Store reads the Customers table.
type Store struct{ table.Store }

// Profile reads the profile of a number, consistently.
func (s Store) Profile(ctx context.Context, number string) (Profile, error) {
	item, err := s.Get(ctx, s.Names.Customers, table.Profile(number))
	if err != nil {
		return Profile{}, fmt.Errorf("profile: %w", err)
	}
	if item == nil {
		return Profile{}, ErrNotFound
	}
	var p Profile
	return p, table.Unmarshal(item, &p)
}

// Profiles reads the profiles of up to some hundred numbers, consistently. Those that do not exist are left out.
func (s Store) Profiles(ctx context.Context, numbers []string) (map[string]Profile, error) {
	var keys []table.Key
	for _, number := range numbers {
		keys = append(keys, table.Profile(number))
	}
	items, err := s.Batch(ctx, s.Names.Customers, keys)
	if err != nil {
		return nil, fmt.Errorf("profiles: %w", err)
	}
	found := make(map[string]Profile, len(items))
	for _, item := range items {
		var p Profile
		if err := table.Unmarshal(item, &p); err != nil {
			return nil, err
		}
		found[p.Number] = p
	}
	return found, nil
}

// CountFailedProof adds one to the failed proofs against a number, a risk sign for the reviewer. An unknown number gets
// none.
func (s Store) CountFailedProof(ctx context.Context, number string) error {
	_, err := s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.Customers, Key: table.Profile(number),
		UpdateExpression:          aws.String("ADD failedProofs :one"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeValues: table.Item{":one": table.N(1)},
	})
	if _, refused := table.ConditionFailed(err); refused {
		return nil
	}
	if err != nil {
		return fmt.Errorf("count failed proof: %w", err)
	}
	return nil
}
