package cloud

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"kundenkonto/infra/stack"
)

// archiveEvents has the emulator keep the events of the bus for replays, as template.yaml does on AWS: its EventBridge knows
// archives, its CloudFormation does not.
func (c *Cloud) archiveEvents(ctx context.Context) error {
	client := eventbridge.NewFromConfig(c.Admin())
	bus, err := client.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: aws.String(c.Stack["EventBus"])})
	if err != nil {
		return fmt.Errorf("look up the bus of events: %w", err)
	}
	_, err = client.CreateArchive(ctx, &eventbridge.CreateArchiveInput{ArchiveName: aws.String(stack.LocalName), EventSourceArn: bus.Arn})
	if known := (*types.ResourceAlreadyExistsException)(nil); err != nil && !errors.As(err, &known) {
		return fmt.Errorf("make the archive of events: %w", err)
	}
	return nil
}
