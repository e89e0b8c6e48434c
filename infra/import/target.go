package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/stack"
	"kundenkonto/shared/table"
)

// openTarget finds the tables of the stack to import into.
func openTarget(ctx context.Context, o options) (table.Store, error) {
	cfg, name, err := stack.Target(ctx, o.stack, o.local)
	if err != nil {
		return table.Store{}, err
	}
	cfg.Retryer = stack.Patient
	names, err := stack.Names(ctx, cfg, name)
	if err == nil && (names.Customers == "" || names.Credentials == "" || names.Audit == "") {
		err = errors.New("its outputs name no tables")
	}
	if err != nil {
		return table.Store{}, fmt.Errorf("stack %s cannot be used: %w", name, err)
	}
	return table.Store{DB: dynamodb.NewFromConfig(cfg), Names: names}, nil
}
