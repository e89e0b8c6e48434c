// Package stack finds the parts of a deployed template.yaml, on AWS or in the local cloud: its outputs, the
// names of its tables, the roles of its functions.
package stack

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"kundenkonto/shared/table"
)

// Of the stack in a local cloud.
const (
	LocalName   = "kundenkonto"
	LocalRegion = "eu-central-1"
)

// Local returns the administrator's access to the local cloud at url ("aws" of build/local.json).
func Local(url string) aws.Config {
	return aws.Config{
		Region:       LocalRegion,
		BaseEndpoint: aws.String(url),
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""), // the emulator's root user
		HTTPClient:   table.WholeRequests(&http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}),
	}
}

// Outputs returns the outputs of the stack called name.
func Outputs(ctx context.Context, cfg aws.Config, name string) (map[string]string, error) {
	res, err := cloudformation.NewFromConfig(cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		return nil, fmt.Errorf("look up stack %s: %w", name, err)
	}
	if len(res.Stacks) == 0 {
		return nil, fmt.Errorf("look up stack %s: not found", name)
	}
	outputs := map[string]string{}
	for _, o := range res.Stacks[0].Outputs {
		outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return outputs, nil
}

// Names returns the names of the stack's tables.
func Names(ctx context.Context, cfg aws.Config, name string) (table.Names, error) {
	o, err := Outputs(ctx, cfg, name)
	if err != nil {
		return table.Names{}, err
	}
	return namesIn(o), nil
}

func namesIn(o map[string]string) table.Names {
	return table.Names{
		Customers: o["CustomersTable"], Credentials: o["CredentialsTable"], Tokens: o["TokensTable"],
		Throttle: o["ThrottleTable"], Sessions: o["SessionsTable"], StaffSessions: o["StaffSessionsTable"],
		MergeOrders: o["MergeOrdersTable"], Audit: o["AuditTable"], Outbox: o["OutboxTable"],
		Kept: table.Retention{Audit: table.Days(o["AuditDays"]), Outbox: table.Days(o["OutboxDays"]), Drafts: table.Days(o["DraftDays"])},
	}
}

// Table is one table of the stack: its name in template.yaml, and the one that CloudFormation gave it.
type Table struct{ ID, Name string }

// Tables lists all tables of the stack.
func Tables(n table.Names) []Table {
	return []Table{{"Customers", n.Customers}, {"Credentials", n.Credentials}, {"Tokens", n.Tokens}, {"Throttle", n.Throttle}, {"Sessions", n.Sessions},
		{"StaffSessions", n.StaffSessions}, {"MergeOrders", n.MergeOrders}, {"Audit", n.Audit}, {"Outbox", n.Outbox}}
}

// Role returns cfg with the credentials of the role behind a logical id ("LoginRole"), for tests of what a
// function may do. Only the emulator lets its root user take on a function's role.
func Role(ctx context.Context, cfg aws.Config, name, logicalID string) (aws.Config, error) {
	res, err := cloudformation.NewFromConfig(cfg).DescribeStackResource(ctx,
		&cloudformation.DescribeStackResourceInput{StackName: &name, LogicalResourceId: &logicalID})
	if err != nil {
		return aws.Config{}, fmt.Errorf("look up role %s: %w", logicalID, err)
	}
	arn := "arn:aws:iam::000000000000:role/" + aws.ToString(res.StackResourceDetail.PhysicalResourceId)
	assumed := cfg.Copy()
	assumed.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), arn))
	return assumed, nil
}
