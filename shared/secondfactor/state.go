package secondfactor

import (
	"context"
	"errors"

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
	return state, group.Wait()
}

func (s Store) holds(ctx context.Context, number, condition string) (bool, error) {
	check := &types.ConditionCheck{TableName: &s.Names.Credentials, Key: table.SecondFactor(number), ConditionExpression: &condition}
	err := s.Transact(ctx, []types.TransactWriteItem{{ConditionCheck: check}}, "")
	if errors.Is(err, table.ErrCondition) {
		return false, nil
	}
	return err == nil, err
}
