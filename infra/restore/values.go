package main

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// withSet is an item with a set of strings; DynamoDB knows no empty one.
func withSet(item table.Item, name string, set []string) table.Item {
	next := table.With(nil, item)
	delete(next, name)
	if len(set) > 0 {
		next[name] = &types.AttributeValueMemberSS{Value: set}
	}
	return next
}

// withPasskeys is an item with those of its passkeys alone whose ids are named.
func withPasskeys(item table.Item, ids []string) table.Item {
	next := table.With(nil, item)
	all, _ := item["passkeys"].(*types.AttributeValueMemberL)
	if all == nil {
		return next
	}
	left := slices.DeleteFunc(slices.Clone(all.Value), func(v types.AttributeValue) bool {
		k, ok := v.(*types.AttributeValueMemberM)
		return !ok || !slices.Contains(ids, table.String(k.Value, "id"))
	})
	delete(next, "passkeys")
	if len(left) > 0 {
		next["passkeys"] = &types.AttributeValueMemberL{Value: left}
	}
	return next
}
