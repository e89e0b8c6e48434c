package secondfactor

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/table"
)

// State is what the service team may know of a customer's second factors.
type State struct {
	Codes      bool `json:"codes"`      // an authenticator app is set up
	Passkeys   bool `json:"passkeys"`   // there is at least one
	Recovering bool `json:"recovering"` // the removal of the second step waits
}

// State asks for it without reading the item, by conditions that hold or not: the service team's function must never
// hold a secret. since is there as long as the secret is.
func (s Store) State(ctx context.Context, number string) (State, error) {
	var state State
	group, ctx := errgroup.WithContext(ctx)
	for condition, is := range map[string]*bool{
		"attribute_exists(since)": &state.Codes, "attribute_exists(passkeys)": &state.Passkeys, "attribute_exists(recovery)": &state.Recovering,
	} {
		group.Go(func() (err error) { *is, err = s.holds(ctx, number, condition); return err })
	}
	err := group.Wait() // before the state is read
	return state, err
}

// Lost names those of the numbers that are guarded by more than the one that they belong to, or come to belong to, by a merge: its
// customer password alone opens their packages then, since no code is asked for, or no passkey is left. It reads no secret and holds
// at the moment of asking, so that it is true whatever either side sets up or removes meanwhile.
func (s Store) Lost(ctx context.Context, survivor string, others []string) ([]string, error) {
	if len(others) == 0 {
		return nil, nil
	}
	codes, err := s.holds(ctx, survivor, "attribute_exists(since)")
	if err != nil || codes {
		return nil, err
	}
	passkeys, err := s.holds(ctx, survivor, "attribute_exists(passkeys)")
	if err != nil {
		return nil, err
	}
	unguarded := "attribute_not_exists(since)"
	if !passkeys {
		unguarded += " AND attribute_not_exists(passkeys)"
	}
	var lost []string
	for left := slices.Clone(others); len(left) > 0; {
		checks := make([]types.TransactWriteItem, len(left))
		for i, n := range left {
			checks[i] = s.check(n, unguarded)
		}
		err := s.Transact(ctx, checks, "")
		var refused *table.Cancelled
		if !errors.As(err, &refused) {
			slices.Sort(lost)
			return lost, err
		}
		var rest []string // asked again: DynamoDB need not name every condition that does not hold
		for i, n := range left {
			if refused.Failed(i) {
				lost = append(lost, n)
			} else {
				rest = append(rest, n)
			}
		}
		left = rest
	}
	slices.Sort(lost)
	return lost, nil
}

func (s Store) holds(ctx context.Context, number, condition string) (bool, error) {
	err := s.Transact(ctx, []types.TransactWriteItem{s.check(number, condition)}, "")
	if errors.Is(err, table.ErrCondition) {
		return false, nil
	}
	return err == nil, err
}

func (s Store) check(number, condition string) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &s.Names.Credentials, Key: table.SecondFactor(number), ConditionExpression: &condition}}
}
