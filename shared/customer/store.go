package customer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	return decode(item)
}

// InCharge is the profile whose password opens a number: the number's own or its survivor's.
func (s Store) InCharge(ctx context.Context, number string) (Profile, error) {
	p, err := s.Profile(ctx, number)
	if err != nil {
		return p, err
	}
	return s.Successor(ctx, p)
}

// Successor is the customer who has what a profile had: it itself, or what it was merged into.
func (s Store) Successor(ctx context.Context, p Profile) (Profile, error) {
	if p.MergedInto == "" {
		return p, nil
	}
	survivor, err := s.Profile(ctx, p.MergedInto)
	if err == nil && survivor.MergedInto != "" {
		return p, errors.New("the chain of merges of a number is not flat")
	}
	return survivor, err
}

// Profiles reads the profiles of up to some hundred numbers, consistently. Those that do not exist are left out; a number may be
// named twice.
func (s Store) Profiles(ctx context.Context, numbers []string) (map[string]Profile, error) {
	var keys []table.Key
	for _, number := range slices.Compact(slices.Sorted(slices.Values(numbers))) { // DynamoDB refuses a key that is there twice
		keys = append(keys, table.Profile(number))
	}
	items, err := s.Batch(ctx, s.Names.Customers, keys)
	if err != nil {
		return nil, fmt.Errorf("profiles: %w", err)
	}
	found := make(map[string]Profile, len(items))
	for _, item := range items {
		p, err := decode(item)
		if err != nil {
			return nil, err
		}
		found[p.Number] = p
	}
	return found, nil
}

// failedBy is the beginning of the attributes that count failed proofs by who made them, an attribute a customer number: ADD,
// which needs no reading before it, takes top-level attributes only.
const failedBy = "failedBy."

// CountFailedProof adds one to the failed proofs against a number, and to those by the customer who tried: risk signs for the
// reviewer. An unknown number gets none.
func (s Store) CountFailedProof(ctx context.Context, number, actor string) error {
	_, err := s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.Customers, Key: table.Profile(number),
		UpdateExpression:          aws.String("ADD failedProofs :one, #by :one"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeNames:  map[string]string{"#by": failedBy + actor},
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

// decode reads a profile out of its item.
func decode(item table.Item) (Profile, error) {
	var p Profile
	if err := table.Unmarshal(item, &p); err != nil {
		return Profile{}, err
	}
	for name := range item {
		if actor, found := strings.CutPrefix(name, failedBy); found {
			if p.FailedBy == nil {
				p.FailedBy = map[string]int64{}
			}
			p.FailedBy[actor] = table.Int(item, name)
		}
	}
	return p, nil
}
