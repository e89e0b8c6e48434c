package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"kundenkonto/infra/stack"
)

//go:embed subscription.yaml
var subscription string

// subscribe deploys the subscription called name to the bus of a stack, unless it is there.
func subscribe(ctx context.Context, cfg aws.Config, of, name string) error {
	outputs, err := stack.Outputs(ctx, cfg, of)
	if err != nil {
		return err
	}
	client := cloudformation.NewFromConfig(cfg)
	_, err = client.CreateStack(ctx, &cloudformation.CreateStackInput{
		StackName: &name, TemplateBody: &subscription, Capabilities: []types.Capability{types.CapabilityCapabilityIam},
		Parameters: []types.Parameter{{ParameterKey: aws.String("Bus"), ParameterValue: aws.String(outputs["EventBus"])}},
	})
	if refused := smithy.APIError(nil); err != nil && !(errors.As(err, &refused) && refused.ErrorCode() == "AlreadyExistsException") {
		return fmt.Errorf("subscribe: %w", err)
	}
	err = cloudformation.NewStackCreateCompleteWaiter(client, func(o *cloudformation.StackCreateCompleteWaiterOptions) {
		o.MinDelay, o.MaxDelay = 100*time.Millisecond, time.Second
	}).Wait(ctx, &cloudformation.DescribeStacksInput{StackName: &name}, time.Minute)
	if err != nil {
		return fmt.Errorf("subscribe: stack %s was not made; delete it and try again: %s", name, strings.TrimSpace(err.Error()))
	}
	return nil
}
