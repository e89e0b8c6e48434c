package table

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// scripted answers one transaction after the other with the given errors, then with success.
type scripted struct {
	DB
	errs   []error
	tokens []string
}

func (s *scripted) TransactWriteItems(_ context.Context, in *dynamodb.TransactWriteItemsInput, _ ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	s.tokens = append(s.tokens, aws.ToString(in.ClientRequestToken))
	if n := len(s.tokens); n <= len(s.errs) {
		return nil, s.errs[n-1]
	}
	return &dynamodb.TransactWriteItemsOutput{}, nil
}

func cancelled(codes ...string) error {
	refused := &types.TransactionCanceledException{}
	for _, code := range codes {
		refused.CancellationReasons = append(refused.CancellationReasons, types.CancellationReason{Code: aws.String(code), Item: Item{"n": N(7)}})
	}
	return refused
}

func TestTransactTriesAgainWhatWasNotDone(t *testing.T) {
	for name, err := range map[string]error{
		"a conflict with another transaction": cancelled("None", "TransactionConflict"),
		"a throttled item":                    cancelled("ThrottlingError"),
		"the same token under way":            &types.TransactionInProgressException{},
		"a throttled table":                   &types.ProvisionedThroughputExceededException{},
	} {
		t.Run(name, func(t *testing.T) {
			db := &scripted{errs: []error{err, err}}
			if got := (Store{DB: db}).Transact(t.Context(), nil, ""); got != nil {
				t.Fatal(got)
			}
			if len(db.tokens) != 3 || db.tokens[0] == "" || db.tokens[0] != db.tokens[2] {
				t.Errorf("tries with tokens %q: a retry must be the same request", db.tokens)
			}
		})
	}
}

func TestTransactTellsWhichConditionFailed(t *testing.T) {
	db := &scripted{errs: []error{cancelled("None", "ConditionalCheckFailed", "TransactionConflict")}}
	err := Store{DB: db}.Transact(t.Context(), nil, "")
	refused := &Cancelled{}
	if !errors.Is(err, ErrCondition) || !errors.As(err, &refused) {
		t.Fatalf("got %v", err)
	}
	if refused.Failed(0) || !refused.Failed(1) || refused.Failed(2) || refused.Failed(9) {
		t.Error("the wrong item failed")
	}
	if Int(refused.Old(1), "n") != 7 || refused.Old(9) != nil {
		t.Error("the old item is missing")
	}
	if len(db.tokens) != 1 {
		t.Error("a failed condition is no reason to try again")
	}
}

func TestTransactGivesUpAtOnceOnWhatCannotSucceed(t *testing.T) {
	for name, err := range map[string]error{
		"an item that is too large": cancelled("ValidationError"),
		"an unknown failure":        errors.New("connection reset"),
		"a token used otherwise":    &types.IdempotentParameterMismatchException{},
	} {
		db := &scripted{errs: []error{err, err}}
		got := Store{DB: db}.Transact(t.Context(), nil, "")
		if !errors.Is(got, err) || errors.Is(got, ErrCondition) || len(db.tokens) != 1 {
			t.Errorf("%s: %v after %d tries", name, got, len(db.tokens))
		}
	}
}

func TestTransactEndsBeforeTheDeadline(t *testing.T) {
	errs := make([]error, 100)
	for i := range errs {
		errs[i] = cancelled("TransactionConflict")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if err := (Store{DB: &scripted{errs: errs}}).Transact(ctx, nil, ""); err == nil {
		t.Error("succeeded")
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("took %v", took)
	}
}

func TestTriesPauseAndEndWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, tries := time.Now(), 0
		for try := range Tries(t.Context(), 6) {
			if tries++; try == 0 && time.Since(began) > 0 {
				t.Error("the first try waits")
			}
		}
		if waited := time.Since(began); tries != 6 || waited == 0 || waited > 5*backoffMax {
			t.Errorf("%d tries in %v", tries, waited)
		}
		ended, cancel := context.WithCancel(t.Context())
		defer cancel()
		tries = 0
		for range Tries(ended, 6) {
			tries++
			cancel()
		}
		if tries != 1 {
			t.Errorf("%d tries under a context that ended with the first", tries)
		}
	})
}

func TestRequestTokensFit(t *testing.T) {
	long := strings.Repeat("x", 80)
	if got := requestToken(long); len(got) != 36 || got != requestToken(long) || got == requestToken(long+"y") {
		t.Errorf("%q", got)
	}
	one, other := requestToken(""), requestToken("")
	if requestToken("K7QX-2M4D") != "K7QX-2M4D" || one == other {
		t.Error("short tokens stay, missing ones are random")
	}
}
