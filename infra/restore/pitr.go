package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/stack"
)

// restoreWait is how long one run waits for AWS; a restore goes on without it and is found by the next run.
const restoreWait = 12 * time.Hour

// restoredName is the table that point-in-time recovery makes of another. It is the same for each run, so that a run that was
// stopped goes on.
func restoredName(name string, at time.Time) string {
	return name + "-at-" + at.UTC().Format("20060102T150405Z")
}

// pitr makes a table beside each table of the stack, all as they were at one second. A restored table has the data and the encryption
// and nothing else that we set: no TTL, no stream, no point-in-time recovery, no alarms, no protection from deletion
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html). So it never takes the place
// of the stack's: its items are exported and imported, and names, roles, streams and alarms stay what template.yaml made them.
func (t tool) pitr(ctx context.Context, at time.Time) error {
	if err := t.inReach(ctx, at); err != nil {
		return err
	}
	for _, of := range stack.Tables(t.names) {
		target := restoredName(of.Name, at)
		_, err := t.db.RestoreTableToPointInTime(ctx, &dynamodb.RestoreTableToPointInTimeInput{
			SourceTableName: &of.Name, TargetTableName: &target, RestoreDateTime: &at,
			GlobalSecondaryIndexOverride: []types.GlobalSecondaryIndex{}, // an export reads no index, and what is not built costs nothing
		})
		var exists *types.TableAlreadyExistsException
		switch {
		case errors.As(err, &exists):
			t.say("%s: goes on to %s", of.ID, target)
		case err != nil:
			return fmt.Errorf("restore %s: %w", of.ID, err)
		default:
			t.say("%s: begun as %s", of.ID, target)
		}
	}
	for _, of := range stack.Tables(t.names) {
		err := dynamodb.NewTableExistsWaiter(t.db).Wait(ctx, &dynamodb.DescribeTableInput{TableName: aws.String(restoredName(of.Name, at))}, restoreWait,
			func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay, o.MaxDelay = time.Second, 30*time.Second })
		if err != nil {
			return fmt.Errorf("wait for %s: %w; run it again to go on", of.ID, err)
		}
		t.say("%s: done", of.ID)
	}
	t.say("All tables are as they were at %s. Next: export --at %[1]s FILE", at.UTC().Format(time.RFC3339))
	return nil
}

// inReach looks whether all tables can go back to an instant: from 35 days ago, or since recovery was switched on, until about five
// minutes ago. The local cloud keeps no past and restores what is there.
func (t tool) inReach(ctx context.Context, at time.Time) error {
	if t.local {
		t.say("The local cloud keeps no past: what is restored is the present.")
		return nil
	}
	for _, of := range stack.Tables(t.names) {
		out, err := t.db.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &of.Name})
		if err != nil {
			return fmt.Errorf("look how far %s goes back: %w", of.ID, err)
		}
		d := out.ContinuousBackupsDescription.PointInTimeRecoveryDescription
		if d == nil || d.EarliestRestorableDateTime == nil || d.LatestRestorableDateTime == nil {
			return fmt.Errorf("%s has no point-in-time recovery", of.ID)
		}
		if at.Before(*d.EarliestRestorableDateTime) || at.After(*d.LatestRestorableDateTime) {
			return fmt.Errorf("%s goes back to any second from %s to %s", of.ID, d.EarliestRestorableDateTime.UTC().Format(time.RFC3339), d.LatestRestorableDateTime.UTC().Format(time.RFC3339))
		}
	}
	return nil
}

// plan says what a restore would do and what is counted for it. Sizes are DynamoDB's own, which are some hours old.
func (t tool) plan(ctx context.Context) error {
	var bytes, items, writes int64
	t.say("%-14s %12s %14s  %s", "table", "items", "bytes", "name")
	for _, of := range stack.Tables(t.names) {
		out, err := t.db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &of.Name})
		if err != nil {
			return fmt.Errorf("look at %s: %w", of.ID, err)
		}
		n, size := aws.ToInt64(out.Table.ItemCount), aws.ToInt64(out.Table.TableSizeBytes)
		t.say("%-14s %12d %14d  %s", of.ID, n, size, of.Name)
		bytes, items = bytes+size, items+n
		writes += (n + size/1024) * int64(1+len(out.Table.GlobalSecondaryIndexes)) // a unit a KB begun, again for each index
	}
	t.say("\npitr    makes %d tables beside them; billed by the GB restored: %.2f GB, and by the GB kept until they are deleted", len(stack.Tables(t.names)), gigabytes(bytes))
	t.say("export  reads all once, consistently: %d read units, twice with the export of the present", bytes/4096+items)
	t.say("import  writes all once: about %d write units with the indexes", writes)
	t.say("\nPrices: docs/costs.md and https://aws.amazon.com/dynamodb/pricing/on-demand/. Steps: docs/runbook.md, Back to an earlier instant.")
	t.say("Customers see an error page from close to open. Nothing was changed by this look.")
	return nil
}

func gigabytes(bytes int64) float64 { return float64(bytes) / (1 << 30) }
