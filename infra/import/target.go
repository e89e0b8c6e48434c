package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/stack"
	"kundenkonto/shared/table"
)

// openTarget finds the tables of the stack to import into.
func openTarget(ctx context.Context, o options) (table.Store, error) {
	cfg, name, err := target(ctx, o)
	if err != nil {
		return table.Store{}, err
	}
	cfg.Retryer = patient
	names, err := stack.Names(ctx, cfg, name)
	if err == nil && (names.Customers == "" || names.Credentials == "" || names.Audit == "") {
		err = errors.New("its outputs name no tables")
	}
	if err != nil {
		return table.Store{}, fmt.Errorf("stack %s cannot be used: %w", name, err)
	}
	return table.Store{DB: dynamodb.NewFromConfig(cfg), Names: names}, nil
}

func target(ctx context.Context, o options) (aws.Config, string, error) {
	if o.stack != "" {
		cfg, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return cfg, "", fmt.Errorf("no access to AWS: %w", err)
		}
		return cfg, o.stack, nil
	}
	text, err := os.ReadFile(o.local)
	if err != nil {
		return aws.Config{}, "", fmt.Errorf("there is no %s: start the local cloud with \"make run\", or give --stack NAME for one on AWS", o.local)
	}
	var local struct {
		AWS string `json:"aws"`
	}
	if err := json.Unmarshal(text, &local); err != nil || local.AWS == "" {
		return aws.Config{}, "", fmt.Errorf("%s names no local cloud: start it again with \"make run\"", o.local)
	}
	return stack.Local(local.AWS), stack.LocalName, nil
}

// patient waits out throttling: an import has all night, a table on demand grows within minutes.
func patient() aws.Retryer {
	return retry.AddWithErrorCodes(retry.NewStandard(func(s *retry.StandardOptions) {
		s.MaxAttempts, s.MaxBackoff = 12, 20*time.Second
		s.RateLimiter = unlimited{}
	}), "TransactionConflictException")
}

// unlimited takes away the client's own budget of retries, which is meant for visitors who wait.
type unlimited struct{}

func (unlimited) GetToken(context.Context, uint) (func() error, error) {
	return func() error { return nil }, nil
}
func (unlimited) AddTokens(uint) error { return nil }
