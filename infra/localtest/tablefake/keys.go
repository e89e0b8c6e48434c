package tablefake

import (
	"strings"

	"kundenkonto/shared/table"
)

// Longest keys that DynamoDB takes, in bytes ("Quotas in Amazon DynamoDB", partition keys and sort keys). A longer one, or
// one of no characters, is a ValidationException, in a read as in a write.
const (
	longestPartitionKey = 2048
	longestSortKey      = 1024
)

// keyAttributes are the attributes of items that are keys of their table or of an index, with the longest value they take.
var keyAttributes = map[string]int{
	"pk": longestPartitionKey, "sk": longestSortKey, "emailKey": longestPartitionKey, "domainKey": longestPartitionKey,
	"statePk": longestPartitionKey, "submittedAt": longestSortKey, "due": longestPartitionKey, "orderEvent": longestPartitionKey,
	"createdAt": longestSortKey, "nameKey": longestSortKey,
}

// sortKeys are the sort keys of the indexes, see template.yaml.
var sortKeys = map[string]string{
	table.IndexByEmail: "pk", table.IndexByDomain: "pk", table.IndexByNumber: "createdAt", table.IndexByState: "submittedAt",
	table.IndexByCustomer: "submittedAt", table.IndexDue: "nextTry", table.IndexByOrderEvent: "sk",
	table.IndexByName: "nameKey",
}

// invalidKey says whether a key, or an item that would be stored, has a key that DynamoDB refuses.
func invalidKey(item Item) bool {
	for name, longest := range keyAttributes {
		if text, ok := item[name]["S"].(string); ok && (text == "" || len(text) > longest) {
			return true
		}
	}
	return false
}

// invalidKeys says whether a request names a key that DynamoDB refuses.
func (in input) invalidKeys() bool {
	if invalidKey(in.Key) || invalidKey(in.Item) || in.invalidCondition() {
		return true
	}
	for _, wanted := range in.RequestItems {
		for _, key := range wanted.Keys {
			if invalidKey(key) {
				return true
			}
		}
	}
	for _, one := range in.TransactItems {
		for _, w := range []*write{one.Put, one.Update, one.Delete, one.ConditionCheck} {
			if w != nil && (invalidKey(w.Key) || invalidKey(w.Item)) {
				return true
			}
		}
	}
	return false
}

// invalidCondition looks at the values of a query: the first clause is about the partition key, what follows about the sort
// key.
func (in input) invalidCondition() bool {
	longest := longestPartitionKey
	for _, word := range strings.Fields(strings.NewReplacer("(", " ", ")", " ", ",", " ").Replace(in.KeyConditionExpression)) {
		if word == "AND" {
			longest = longestSortKey
		}
		text, ok := in.ExpressionAttributeValues[word]["S"].(string)
		if strings.HasPrefix(word, ":") && ok && (text == "" || len(text) > longest) {
			return true
		}
	}
	return false
}
