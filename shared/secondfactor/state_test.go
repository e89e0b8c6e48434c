package secondfactor_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/secondfactor"
)

func TestASecondStepIsLostWhereTheSurvivorHasNothingLikeIt(t *testing.T) {
	code := func(f secondfactor.Factor) secondfactor.Factor { f.Secret, f.Since = "GEHEIM", time.Now(); return f }
	passkey := func(f secondfactor.Factor) secondfactor.Factor {
		f.Passkeys = []secondfactor.Passkey{{ID: "k", AddedAt: time.Now()}}
		return f
	}
	none := func(f secondfactor.Factor) secondfactor.Factor { return f }
	removed := func(f secondfactor.Factor) secondfactor.Factor { f.Handle = "h"; return f }
	for name, c := range map[string]struct {
		own    func(secondfactor.Factor) secondfactor.Factor
		others []func(secondfactor.Factor) secondfactor.Factor
		want   []string
	}{
		"codes on the other side only":     {none, []func(secondfactor.Factor) secondfactor.Factor{code}, []string{"1"}},
		"a passkey on the other side only": {none, []func(secondfactor.Factor) secondfactor.Factor{passkey}, []string{"1"}},
		"codes against a passkey":          {passkey, []func(secondfactor.Factor) secondfactor.Factor{code, passkey}, []string{"1"}},
		"codes on both sides":              {code, []func(secondfactor.Factor) secondfactor.Factor{code, passkey}, nil},
		"passkeys on both sides":           {passkey, []func(secondfactor.Factor) secondfactor.Factor{passkey}, nil},
		"nothing on either side":           {none, []func(secondfactor.Factor) secondfactor.Factor{none, removed}, nil},
		"what was removed again":           {removed, []func(secondfactor.Factor) secondfactor.Factor{removed, code}, []string{"2"}},
		"some of many":                     {none, []func(secondfactor.Factor) secondfactor.Factor{none, code, none, passkey, code}, []string{"2", "4", "5"}},
		"no other number":                  {none, nil, nil},
	} {
		store := secondfactor.Store{Store: tablefake.New().Store()}
		put := func(number string, set func(secondfactor.Factor) secondfactor.Factor) {
			empty := secondfactor.Factor{Number: number}
			if err := store.Transact(t.Context(), []types.TransactWriteItem{secondfactor.Save(store.Names, empty, set(empty))}, ""); err != nil {
				t.Fatal(err)
			}
		}
		put("9", c.own)
		var numbers []string
		for i, set := range c.others {
			numbers = append(numbers, string(rune('1'+i)))
			put(numbers[i], set)
		}
		got, err := store.Lost(t.Context(), "9", numbers)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.want)
		}
	}
}
