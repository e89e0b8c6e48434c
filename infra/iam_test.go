package infra

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/table"
)

// may is what each function needs, written down by hand and apart from template.yaml (S14): G get, P put,
// U update, X delete, Q query, B batch get, C condition check.
var may = map[string]map[string]string{
	"login":         {"Customers": "GU", "Credentials": "GUC", "Throttle": "UX", "Sessions": "GPUX", "Audit": "P", "Outbox": "P", "Tokens": "GX"},
	"passwordreset": {"Customers": "GQU", "Credentials": "GU", "Throttle": "GUX", "Tokens": "GX", "Audit": "P", "Outbox": "P"},
	"cancel":        {"Throttle": "U", "Outbox": "P"},
	"account":       {"Customers": "GBQUC", "Credentials": "GUC", "Throttle": "UX", "Sessions": "GPUX", "Tokens": "GX", "MergeOrders": "GC", "Audit": "PQ", "Outbox": "P"},
	"mergediff":     {"Customers": "GBQU", "Credentials": "GC", "Throttle": "U", "Sessions": "GPUX", "MergeOrders": "GP", "Audit": "P", "Outbox": "P"},
	"mergesubmit":   {"Customers": "GBC", "Credentials": "GU", "Throttle": "UX", "Sessions": "GU", "Tokens": "G", "MergeOrders": "GPUXC", "Audit": "P", "Outbox": "P"},
	"review":        {"Customers": "GBQUC", "Credentials": "UC", "Throttle": "GX", "StaffSessions": "GPUX", "MergeOrders": "GPUXC", "Audit": "PQ", "Outbox": "GPU"},
	"reviewtask":    {"Customers": "BC", "Credentials": "C", "MergeOrders": "GPU", "Audit": "P", "Outbox": "P"},
	"mergeexecute":  {"Customers": "BUC", "Credentials": "U", "MergeOrders": "GPU", "Audit": "P", "Outbox": "P"},
	"forget": {"Customers": "GPUXQs", "Credentials": "UX", "Tokens": "Xs", "Throttle": "Xs", "Sessions": "Xs", "StaffSessions": "Xs", "MergeOrders": "GPXs", // a command beside the functions; it scans Credentials by keys alone
		"Audit": "PXs", "Outbox": "Xs"},
	"import":   {"Customers": "GBQPUX", "Credentials": "BU", "Audit": "P", "Outbox": "P"},
	"dispatch": {"Customers": "GBU", "Credentials": "GU", "Throttle": "UX", "Tokens": "P", "MergeOrders": "GP", "Audit": "P", "Outbox": "GPU"},
}

// withSortKey are the tables whose key has two parts.
var withSortKey = map[string]bool{"Customers": true, "MergeOrders": true, "Audit": true}

// probes try one action each, so that nothing is ever written: the condition of each write cannot hold.
var probes = map[rune]func(context.Context, *dynamodb.Client, string, table.Item) error{
	'G': func(ctx context.Context, db *dynamodb.Client, name string, key table.Item) error {
		_, err := db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &name, Key: key})
		return err
	},
	'P': func(ctx context.Context, db *dynamodb.Client, name string, key table.Item) error {
		_, err := db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &name, Item: key, ConditionExpression: never})
		return err
	},
	'U': func(ctx context.Context, db *dynamodb.Client, name string, key table.Item) error {
		_, err := db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &name, Key: key, ConditionExpression: never,
			UpdateExpression: aws.String("REMOVE probe")})
		return err
	},
	'X': func(ctx context.Context, db *dynamodb.Client, name string, key table.Item) error {
		_, err := db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &name, Key: key, ConditionExpression: never})
		return err
	},
	'Q': func(ctx context.Context, db *dynamodb.Client, name string, _ table.Item) error {
		_, err := db.Query(ctx, &dynamodb.QueryInput{TableName: &name, KeyConditionExpression: aws.String("pk = :pk"),
			ExpressionAttributeValues: table.Item{":pk": &types.AttributeValueMemberS{Value: "IAM-PROBE"}}})
		return err
	},
	'B': func(ctx context.Context, db *dynamodb.Client, name string, key table.Item) error {
		_, err := db.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{name: {Keys: []map[string]types.AttributeValue{key}}}})
		return err
	},
	'C': func(ctx context.Context, db *dynamodb.Client, name string, key table.Item) error {
		_, err := db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
			{ConditionCheck: &types.ConditionCheck{TableName: &name, Key: key, ConditionExpression: never}}}})
		return err
	},
	's': func(ctx context.Context, db *dynamodb.Client, name string, _ table.Item) error { // Scan, for nobody (L2)
		_, err := db.Scan(ctx, &dynamodb.ScanInput{TableName: &name, Limit: aws.Int32(1)})
		return err
	},
	'd': func(ctx context.Context, db *dynamodb.Client, name string, key table.Item) error { // changing the table, for nobody
		_, err := db.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{TableName: &name,
			TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("probe"), Enabled: aws.Bool(false)}})
		return err
	},
}

var never = aws.String("attribute_exists(pk) AND attribute_not_exists(pk)")

func TestEachFunctionMayDoWhatItNeedsOnItsTablesAndNothingElse(t *testing.T) {
	names := tableNames(localtest.Names(t))
	for function, tables := range may {
		t.Run(function, func(t *testing.T) {
			t.Parallel()
			db := dynamodb.NewFromConfig(localtest.Config(t, function), func(o *dynamodb.Options) { o.RetryMaxAttempts = 1 })
			for logical, name := range names {
				key := table.Item{"pk": &types.AttributeValueMemberS{Value: "IAM-PROBE"}}
				if withSortKey[logical] {
					key["sk"] = &types.AttributeValueMemberS{Value: "IAM-PROBE"}
				}
				for action, probe := range probes {
					wanted := strings.ContainsRune(tables[logical], action)
					if got := !denied(t, probe(t.Context(), db, name, key)); got != wanted {
						t.Errorf("%s on %s: allowed = %v, want %v", string(action), logical, got, wanted)
					}
				}
			}
		})
	}
}

func tableNames(n table.Names) map[string]string {
	return map[string]string{"Customers": n.Customers, "Credentials": n.Credentials, "Tokens": n.Tokens, "Throttle": n.Throttle,
		"Sessions": n.Sessions, "StaffSessions": n.StaffSessions, "MergeOrders": n.MergeOrders, "Audit": n.Audit, "Outbox": n.Outbox}
}

// denied tells an answer of IAM from an answer of the service behind it. No answer at all tells nothing.
func denied(t *testing.T, err error) bool {
	t.Helper()
	var refused smithy.APIError
	if !errors.As(err, &refused) {
		if err != nil {
			t.Errorf("no answer: %v", err)
		}
		return false
	}
	switch refused.ErrorCode() {
	case "AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation":
		return true
	}
	return false
}
