package tablefake

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"kundenkonto/shared/table"
)

// A key that is too long is refused as on AWS, whatever is done with it: a page that passes one on would answer 500 there.
func TestKeysThatAreTooLongAreRefused(t *testing.T) {
	store, name := New().Store(), Names.Customers
	for what, c := range map[string]struct {
		pk, sk string
		good   bool
	}{
		"the longest":             {strings.Repeat("p", 2048), strings.Repeat("s", 1024), true},
		"a long partition key":    {strings.Repeat("p", 2049), "s", false},
		"a long sort key":         {"p", strings.Repeat("s", 1025), false},
		"no partition key":        {"", "s", false},
		"counted in bytes":        {strings.Repeat("ä", 1025), "s", false},
		"a sort key of no length": {"p", "", false},
	} {
		key := table.Key{"pk": table.S(c.pk), "sk": table.S(c.sk)}
		condition := "pk = :pk AND sk = :sk"
		calls := map[string]func() error{
			"get": func() error { _, err := store.Get(t.Context(), name, key); return err },
			"put": func() error {
				_, err := store.DB.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &name, Item: key})
				return err
			},
			"delete": func() error {
				_, err := store.DB.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &name, Key: key})
				return err
			},
			"transact": func() error {
				return store.Transact(t.Context(), []types.TransactWriteItem{{Delete: &types.Delete{TableName: &name, Key: key}}}, "")
			},
			"batch": func() error {
				_, err := store.DB.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{name: {Keys: []table.Key{key}}}})
				return err
			},
			"query": func() error {
				_, err := store.DB.Query(t.Context(), &dynamodb.QueryInput{TableName: &name, KeyConditionExpression: &condition,
					ExpressionAttributeValues: table.Item{":pk": table.S(c.pk), ":sk": table.S(c.sk)}})
				return err
			},
		}
		for call, do := range calls {
			var refused smithy.APIError
			err := do()
			if is := errors.As(err, &refused) && refused.ErrorCode() == "ValidationException"; is == c.good || c.good && err != nil {
				t.Errorf("%s, %s: %v", what, call, err)
			}
		}
	}
}
