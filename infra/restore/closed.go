package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// functions are those of the stack; each has its folder's name behind the stack's.
var functions = []string{"login", "passwordreset", "cancel", "account", "mergediff", "mergesubmit", "review", "reviewtask", "mergeexecute", "dispatch"}

// close keeps all functions from running, so that nobody writes: with no reserved concurrency left, Lambda refuses every call
// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html). The stream keeps its records for a day, SNS and the
// queue come again; what dispatch misses stands in the outbox.
func (t tool) close(ctx context.Context) error {
	client := lambda.NewFromConfig(t.cfg)
	for _, f := range functions {
		if _, err := client.PutFunctionConcurrency(ctx, &lambda.PutFunctionConcurrencyInput{
			FunctionName: aws.String(t.stack + "-" + f), ReservedConcurrentExecutions: aws.Int32(0)}); err != nil {
			return fmt.Errorf("close %s: %w", f, err)
		}
	}
	t.say("All %d functions are closed. A request that was under way ends within 30 seconds; wait for it.", len(functions))
	return nil
}

// open lets functions run again. The reservation of sign-ins is what the stack's parameter says. Dispatch comes by itself,
// when what it would send was looked at.
func (t tool) open(ctx context.Context, which []string) error {
	client := lambda.NewFromConfig(t.cfg)
	for _, f := range which {
		name := t.stack + "-" + f
		reserved, err := t.reservation(ctx, f)
		if err != nil {
			return err
		}
		if reserved > 0 {
			_, err = client.PutFunctionConcurrency(ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: &name, ReservedConcurrentExecutions: &reserved})
		} else {
			_, err = client.DeleteFunctionConcurrency(ctx, &lambda.DeleteFunctionConcurrencyInput{FunctionName: &name})
		}
		if err != nil {
			return fmt.Errorf("open %s: %w", f, err)
		}
		t.say("%s is open.", f)
	}
	return nil
}

func (t tool) reservation(ctx context.Context, function string) (int32, error) {
	if function != "login" {
		return 0, nil
	}
	out, err := cloudformation.NewFromConfig(t.cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &t.stack})
	if err != nil {
		return 0, fmt.Errorf("read the stack's parameters: %w", err)
	}
	for _, p := range out.Stacks[0].Parameters {
		if aws.ToString(p.ParameterKey) == "LoginReservedConcurrency" {
			n, err := strconv.ParseInt(aws.ToString(p.ParameterValue), 10, 32)
			return int32(n), err
		}
	}
	return 0, nil
}

// errOpen is a stack that is written to.
var errOpen = errors.New("functions are open and may write: run close first")

// closed is errOpen unless all functions are kept from running.
func (t tool) closed(ctx context.Context) error {
	client := lambda.NewFromConfig(t.cfg)
	for _, f := range functions {
		out, err := client.GetFunctionConcurrency(ctx, &lambda.GetFunctionConcurrencyInput{FunctionName: aws.String(t.stack + "-" + f)})
		if err != nil {
			return fmt.Errorf("look whether %s is closed: %w", f, err)
		}
		if out.ReservedConcurrentExecutions == nil || *out.ReservedConcurrentExecutions != 0 {
			return fmt.Errorf("%s: %w", f, errOpen)
		}
	}
	return nil
}

// executions lists the running executions of merge orders, and stops them if asked. The tables are the truth: the schedule starts
// the next run of each order that is open in them, and none of others.
func (t tool) executions(ctx context.Context, stop bool) error {
	client := sfn.NewFromConfig(t.cfg)
	pages := sfn.NewListExecutionsPaginator(client, &sfn.ListExecutionsInput{StateMachineArn: &t.machine, StatusFilter: types.ExecutionStatusRunning})
	n := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list executions: %w", err)
		}
		for _, e := range page.Executions {
			n++
			t.say("%s", aws.ToString(e.Name))
			if !stop {
				continue
			}
			if _, err := client.StopExecution(ctx, &sfn.StopExecutionInput{ExecutionArn: e.ExecutionArn, Error: aws.String("Restore"),
				Cause: aws.String("the tables go back to an earlier instant")}); err != nil {
				return fmt.Errorf("stop an execution: %w", err)
			}
		}
	}
	if stop {
		t.say("%d executions were stopped.", n)
	} else {
		t.say("%d executions run; --stop stops them.", n)
	}
	return nil
}
