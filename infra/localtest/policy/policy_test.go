package policy

import (
	"slices"
	"strings"
	"testing"
)

func role(t *testing.T, id string) Role {
	t.Helper()
	r, err := Read("../../../template.yaml", id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// S4: who takes the service team's function over reads and writes no hash and no secret, of nobody.
func TestFunctionsThatNeedNoHashCannotReachOne(t *testing.T) {
	for _, tt := range []struct {
		role, name, operation, body string
		refused                     bool
	}{
		{"ReviewRole", "restores a credential", "UpdateItem", `{"Key":{"pk":{"S":"C#1"}},"UpdateExpression":"SET retired = :no, version = if_not_exists(version, :zero) + :one, epoch = epoch + :one"}`, false},
		{"ReviewRole", "begins a recovery", "UpdateItem", `{"Key":{"pk":{"S":"F#1"}},"UpdateExpression":"SET recovery = :r, version = version + :one","ConditionExpression":"attribute_exists(since) AND recovery.endAt < :now"}`, false},
		{"ReviewRole", "asks for a second factor", "ConditionCheckItem", `{"Key":{"pk":{"S":"F#1"}},"ConditionExpression":"attribute_exists(since)"}`, false},
		{"ReviewRole", "writes a hash", "UpdateItem", `{"Key":{"pk":{"S":"C#1"}},"UpdateExpression":"SET #h = :h","ExpressionAttributeNames":{"#h":"hash"}}`, true},
		{"ReviewRole", "guesses at a hash by a condition", "ConditionCheckItem", `{"Key":{"pk":{"S":"C#1"}},"ConditionExpression":"#h < :h","ExpressionAttributeNames":{"#h":"hash"}}`, true},
		{"ReviewRole", "guesses at a hash by an update's condition", "UpdateItem", `{"Key":{"pk":{"S":"C#1"}},"UpdateExpression":"SET version = :v","ConditionExpression":"hash < :h"}`, true},
		{"ReviewRole", "has the item given back", "UpdateItem", `{"Key":{"pk":{"S":"C#1"}},"UpdateExpression":"SET version = :v","ReturnValues":"ALL_OLD"}`, true},
		{"ReviewRole", "writes a secret", "UpdateItem", `{"Key":{"pk":{"S":"F#1"}},"UpdateExpression":"SET secret = :s"}`, true},
		{"ReviewRole", "adds a passkey", "UpdateItem", `{"Key":{"pk":{"S":"F#1"}},"UpdateExpression":"SET passkeys = :k"}`, true},
		{"ReviewRole", "retires a package password", "UpdateItem", `{"Key":{"pk":{"S":"P#1"}},"UpdateExpression":"SET retired = :yes"}`, true},
		{"ReviewRole", "reads a credential", "GetItem", `{"Key":{"pk":{"S":"C#1"}}}`, true},
		{"MergeExecuteRole", "retires a credential", "UpdateItem", `{"Key":{"pk":{"S":"C#1"}},"UpdateExpression":"SET retired = :yes, version = version + :one, epoch = epoch + :one"}`, false},
		{"MergeExecuteRole", "writes a hash", "UpdateItem", `{"Key":{"pk":{"S":"C#1"}},"UpdateExpression":"SET hash = :h"}`, true},
		{"MergeExecuteRole", "touches a second factor", "UpdateItem", `{"Key":{"pk":{"S":"F#1"}},"UpdateExpression":"SET version = :v"}`, true},
		{"ReviewTaskRole", "guesses at a hash by a condition", "ConditionCheckItem", `{"Key":{"pk":{"S":"C#1"}},"ConditionExpression":"hash < :h"}`, true},
		{"DispatchRole", "reads a second factor", "GetItem", `{"Key":{"pk":{"S":"F#1"}}}`, true},
		{"DispatchRole", "writes a hash", "UpdateItem", `{"Key":{"pk":{"S":"C#1"}},"UpdateExpression":"SET hash = :h"}`, true},
		{"DispatchRole", "has the item given back", "UpdateItem", `{"Key":{"pk":{"S":"F#1"}},"UpdateExpression":"SET version = :v","ReturnValues":"ALL_NEW"}`, true},
	} {
		accesses, err := accessesOf(tt.operation, []byte(`{"TableName":"Credentials",`+tt.body[1:]))
		if err != nil {
			t.Fatal(err)
		}
		if why := role(t, tt.role).Refuses(accesses[0]); (why != "") != tt.refused {
			t.Errorf("%s %s: refused %q, want %v", tt.role, tt.name, why, tt.refused)
		}
	}
}

// IAM knows no key for what a failed condition gives back, so that no role with conditions may rely on it.
func TestTheAttributesOfARequestAreThoseOfKeysItemsAndExpressions(t *testing.T) {
	accesses, err := accessesOf("TransactWriteItems", []byte(`{"TransactItems":[{"Put":{"TableName":"Audit","Item":{"pk":{"S":"C#1"},"event":{"S":"x"}}}},
		{"Update":{"TableName":"Credentials","Key":{"pk":{"S":"F#1"}},"UpdateExpression":"SET #r.at = :x REMOVE codes","ConditionExpression":"NOT contains(a, :b) AND size(c) > :d",
		"ExpressionAttributeNames":{"#r":"recovery"},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}}]}`))
	if err != nil || len(accesses) != 2 {
		t.Fatalf("%v, %v", accesses, err)
	}
	put, update := accesses[0], accesses[1]
	if put.Action != "PutItem" || put.Resource != "Audit" || strings.Join(put.Keys, " ") != "C#1" || strings.Join(put.Attributes, " ") != "event pk" {
		t.Errorf("%+v", put)
	}
	if strings.Join(update.Attributes, " ") != "a c codes pk recovery" || !slices.Equal(update.Returns, []string{"ALL_OLD"}) {
		t.Errorf("%+v", update)
	}
}
