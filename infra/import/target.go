package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/stack"
	"kundenkonto/shared/table"
)

// openTarget finds the tables of the stack to import into.
func openTarget(ctx context.Context, o options) (table.Store, error) {
	s, err := stack.Open(ctx, o.stack, o.local)
	if err != nil {
		return table.Store{}, err
	}
	return table.Store{DB: dynamodb.NewFromConfig(s.Config), Names: s.Tables}, nil
}
