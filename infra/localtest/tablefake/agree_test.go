package tablefake_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/table"
)

// conditions and updates are of the kinds that the program uses.
var (
	conditions = []string{"", "attribute_exists(pk)", "attribute_not_exists(pk)", "#a = :one", "attribute_not_exists(pk) OR #a = :one",
		"attribute_exists(pk) AND #a = :one AND attribute_not_exists(b)", "#a < :two", "(b = :text OR #a >= :two) AND attribute_exists(pk)", "(attribute_not_exists(#a) OR #a = :one) AND attribute_not_exists(s)",
		"contains(s, :member)", "attribute_exists(pk) AND NOT contains(s, :member)"}
	updates = []string{"SET #a = :one", "SET #a = if_not_exists(#a, :one) + :two, b = :text", "ADD #a :one", "REMOVE b", "SET b = :text REMOVE #a",
		"ADD s :set", "DELETE s :set", "REMOVE #a ADD s :other"}
	names = map[string]string{"#a": "a"}
	given = table.Item{":one": table.N(1), ":two": table.N(2), ":text": table.S("text"), ":member": table.S("x"),
		":set": &types.AttributeValueMemberSS{Value: []string{"x"}}, ":other": &types.AttributeValueMemberSS{Value: []string{"y"}}}
)

// both are the fake and the local cloud.
type both struct {
	fake, cloud *dynamodb.Client
	table       string
	pk          string
}

func (b both) key(sk string) table.Key {
	return table.Key{"pk": table.S(b.pk), "sk": table.S(sk)}
}

// used are the names and values that an expression mentions; DynamoDB refuses others.
func used(expressions ...string) (map[string]string, table.Item) {
	n, v := map[string]string{}, table.Item{}
	all := fmt.Sprint(expressions)
	for k, x := range names {
		if contains(all, k) {
			n[k] = x
		}
	}
	for k, x := range given {
		if contains(all, k) {
			v[k] = x
		}
	}
	if len(n) == 0 {
		n = nil
	}
	if len(v) == 0 {
		v = nil
	}
	return n, v
}

func contains(s, part string) bool {
	for i := 0; i+len(part) <= len(s); i++ {
		if s[i:i+len(part)] == part {
			return true
		}
	}
	return false
}

// item draws one write of a transaction.
func (b both) item(t *rapid.T, sk string) types.TransactWriteItem {
	condition := rapid.SampledFrom(conditions).Draw(t, "condition")
	var c *string
	if condition != "" {
		c = &condition
	}
	n, v := used(condition)
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		item := table.With(b.key(sk), table.Item{"a": table.N(int64(rapid.IntRange(0, 3).Draw(t, "a")))})
		return types.TransactWriteItem{Put: &types.Put{TableName: &b.table, Item: item, ConditionExpression: c, ExpressionAttributeNames: n, ExpressionAttributeValues: v}}
	case 1:
		u := rapid.SampledFrom(updates).Draw(t, "update")
		n, v = used(condition, u)
		return types.TransactWriteItem{Update: &types.Update{TableName: &b.table, Key: b.key(sk), UpdateExpression: &u, ConditionExpression: c, ExpressionAttributeNames: n, ExpressionAttributeValues: v}}
	case 2:
		return types.TransactWriteItem{Delete: &types.Delete{TableName: &b.table, Key: b.key(sk), ConditionExpression: c, ExpressionAttributeNames: n, ExpressionAttributeValues: v}}
	}
	if c == nil {
		c = aws.String("attribute_exists(pk)")
	}
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: &b.table, Key: b.key(sk), ConditionExpression: c, ExpressionAttributeNames: n, ExpressionAttributeValues: v}}
}

// outcome is what a caller learns of a transaction.
func outcome(db *dynamodb.Client, items []types.TransactWriteItem, token string) string {
	_, err := db.TransactWriteItems(context.Background(), &dynamodb.TransactWriteItemsInput{TransactItems: items, ClientRequestToken: &token})
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		codes := ""
		for _, r := range cancelled.CancellationReasons {
			codes += aws.ToString(r.Code) + " "
		}
		return codes
	}
	if err != nil {
		return fmt.Sprintf("%T", errors.Unwrap(err))
	}
	return "done"
}

func (b both) rows(t *rapid.T, db *dynamodb.Client) []map[string]types.AttributeValue {
	out, err := db.Query(context.Background(), &dynamodb.QueryInput{TableName: &b.table, KeyConditionExpression: aws.String("pk = :pk"),
		ExpressionAttributeValues: table.Item{":pk": table.S(b.pk)}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return out.Items
}

func TestTheFakeAgreesWithTheLocalCloud(t *testing.T) {
	store := localtest.Store(t)
	cloud, ok := store.DB.(*dynamodb.Client)
	if !ok {
		t.Fatalf("the tables are %T", store.DB)
	}
	fake := tablefake.New().Client(nil)
	rapid.Check(t, func(t *rapid.T) {
		b := both{fake: fake, cloud: cloud, table: store.Names.MergeOrders, pk: "AGREE#" + rand.Text()}
		for range rapid.IntRange(1, 4).Draw(t, "transactions") {
			var items []types.TransactWriteItem
			for _, sk := range rapid.Permutation([]string{"1", "2", "3"}).Draw(t, "keys")[:rapid.IntRange(1, 3).Draw(t, "items")] {
				items = append(items, b.item(t, sk))
			}
			token := rand.Text()
			for range rapid.IntRange(1, 2).Draw(t, "times") { // the same token once more
				if f, c := outcome(b.fake, items, token), outcome(b.cloud, items, token); f != c {
					t.Fatalf("the fake says %q, the local cloud %q", f, c)
				}
			}
			if f, c := b.rows(t, b.fake), b.rows(t, b.cloud); !reflect.DeepEqual(f, c) {
				t.Fatalf("the fake has %v, the local cloud %v", f, c)
			}
		}
	})
}
