package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"kundenkonto/infra/stack"
	"kundenkonto/shared/event"
	"kundenkonto/shared/outbox"
)

// replay sends the events of a time range once more, from the archive of the bus and to one rule.
type replay struct {
	cfg         aws.Config
	stack, rule string
	options     options
	out         io.Writer
}

// settles is how long an event may take from the bus into the archive.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
const settles = 10 * time.Minute

func (r replay) run(ctx context.Context) error {
	client := eventbridge.NewFromConfig(r.cfg)
	bus, archive, err := r.find(ctx, client)
	if err != nil {
		return err
	}
	if err := r.forecast(ctx, archive); err != nil {
		return err
	}
	if !r.options.start {
		fmt.Fprintf(r.out, "Nothing was sent. With --start they go to the rule %s, and to no other.\n", r.rule)
		return nil
	}
	name := "replay-" + time.Now().UTC().Format("20060102T150405.000Z")
	_, err = client.StartReplay(ctx, &eventbridge.StartReplayInput{
		ReplayName: &name, EventSourceArn: archive.ArchiveArn, EventStartTime: &r.options.from, EventEndTime: &r.options.to,
		Destination: &types.ReplayDestination{Arn: bus, FilterArns: []string{r.rule}},
	})
	if err != nil {
		return fmt.Errorf("start the replay: %w", err)
	}
	fmt.Fprintf(r.out, "%s has started; it goes on when this program ends.\n", name)
	return r.follow(ctx, client, name)
}

// find looks up the bus and its archive.
func (r replay) find(ctx context.Context, client *eventbridge.Client) (bus *string, archive *eventbridge.DescribeArchiveOutput, err error) {
	outputs, err := stack.Outputs(ctx, r.cfg, r.stack)
	if err != nil {
		return nil, nil, err
	}
	described, err := client.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: aws.String(outputs["EventBus"])})
	if err != nil {
		return nil, nil, fmt.Errorf("look up the bus: %w", err)
	}
	list, err := client.ListArchives(ctx, &eventbridge.ListArchivesInput{EventSourceArn: described.Arn})
	if err != nil {
		return nil, nil, fmt.Errorf("look up the archive: %w", err)
	}
	if len(list.Archives) == 0 {
		return nil, nil, errors.New("the bus has no archive; deploy the stack again, which makes one")
	}
	// The oldest, if somebody made another one.
	oldest := slices.MinFunc(list.Archives, func(a, b types.Archive) int { return a.CreationTime.Compare(*b.CreationTime) })
	archive, err = client.DescribeArchive(ctx, &eventbridge.DescribeArchiveInput{ArchiveName: oldest.ArchiveName})
	if err != nil {
		return nil, nil, fmt.Errorf("look up the archive: %w", err)
	}
	return described.Arn, archive, nil
}

// forecast says what a replay would send. An archive tells nobody what is in it; the outbox, from which all events come,
// does.
func (r replay) forecast(ctx context.Context, archive *eventbridge.DescribeArchiveOutput) error {
	all, err := r.published(ctx)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, item := range all {
		count[event.KindOf(item.Event)]++
		if r.options.list {
			fmt.Fprintf(r.out, "  %s  %-24s  %s\n", item.CreatedAt.UTC().Format(time.RFC3339), event.KindOf(item.Event), event.ID(item))
		}
	}
	var parts []string
	for _, kind := range event.Kinds {
		parts = append(parts, fmt.Sprintf("%d %s", count[kind], kind))
	}
	fmt.Fprintf(r.out, "%d events from %s to %s: %s.\n", len(all), r.options.from.UTC().Format(time.RFC3339), r.options.to.UTC().Format(time.RFC3339), strings.Join(parts, ", "))
	if since := aws.ToTime(archive.CreationTime); r.options.from.Before(since) {
		fmt.Fprintf(r.out, "The archive begins at %s; earlier ones are not in it.\n", since.UTC().Format(time.RFC3339))
	}
	if days := aws.ToInt32(archive.RetentionDays); days > 0 && time.Since(r.options.from) > time.Duration(days)*24*time.Hour {
		fmt.Fprintf(r.out, "The archive keeps %d days; earlier ones are not in it.\n", days)
	}
	if time.Since(r.options.to) < settles {
		fmt.Fprintln(r.out, "An event may take ten minutes into the archive; the latest ones may be missing.")
	}
	return nil
}

// published are the items of the outbox whose events are in the time range, the earliest first. It reads the whole table:
// by hand and rarely, never for a request (L2).
func (r replay) published(ctx context.Context) ([]outbox.Item, error) {
	names, err := stack.Names(ctx, r.cfg, r.stack)
	if err != nil {
		return nil, err
	}
	var all []outbox.Item
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(r.cfg), &dynamodb.ScanInput{TableName: &names.Outbox,
		FilterExpression: aws.String("attribute_exists(doneAt) AND attribute_not_exists(parent)"),
		// No addresses and values are needed.
		ProjectionExpression: aws.String("pk, #event, createdAt"), ExpressionAttributeNames: map[string]string{"#event": "event"}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the outbox: %w", err)
		}
		for _, image := range page.Items {
			item, err := outbox.FromImage(image)
			if err != nil {
				return nil, err
			}
			if at := item.CreatedAt; event.KindOf(item.Event) != "" && !at.Before(r.options.from) && !at.After(r.options.to) {
				all = append(all, item)
			}
		}
	}
	slices.SortFunc(all, func(a, b outbox.Item) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), strings.Compare(a.ID, b.ID))
	})
	return all, nil
}

// follow waits until the replay has ended.
func (r replay) follow(ctx context.Context, client *eventbridge.Client, name string) error {
	for began := time.Now(); ; {
		now, err := client.DescribeReplay(ctx, &eventbridge.DescribeReplayInput{ReplayName: &name})
		if err != nil {
			return fmt.Errorf("look at the replay: %w", err)
		}
		switch now.State {
		case types.ReplayStateCompleted:
			fmt.Fprintf(r.out, "%s is done after %s.\n", name, time.Since(began).Round(time.Second))
			return nil
		case types.ReplayStateFailed, types.ReplayStateCancelled:
			return fmt.Errorf("%s ended as %s: %s", name, now.State, aws.ToString(now.StateReason))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(time.Second, time.Since(began)+50*time.Millisecond)):
		}
	}
}
