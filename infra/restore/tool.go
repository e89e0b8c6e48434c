package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/infra/stack"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// tool is the command on the tables of one stack.
type tool struct {
	cfg     aws.Config
	db      *dynamodb.Client
	names   table.Names
	stack   string
	machine string // ARN of the state machine
	local   bool
	out     io.Writer
	now     func() time.Time
}

func open(ctx context.Context, stackName, localFile string, out io.Writer) (tool, error) {
	s, err := stack.Open(ctx, stackName, localFile)
	if err != nil {
		return tool{}, err
	}
	return tool{cfg: s.Config, db: dynamodb.NewFromConfig(s.Config), names: s.Tables, stack: s.Name, machine: s.Outputs["MergeMachine"],
		local: stackName == "", out: out, now: time.Now}, nil
}

func (t tool) say(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

func (t tool) outbox() outbox.Store {
	return outbox.Store{Store: table.Store{DB: t.db, Names: t.names}}
}

// scan hands each item of a table to each, as consistently as a table can be read that nobody writes to.
func (t tool) scan(ctx context.Context, name string, keysOnly bool, each func(table.Item) error) error {
	in := &dynamodb.ScanInput{TableName: &name, ConsistentRead: aws.Bool(true)}
	if keysOnly {
		in.ProjectionExpression = aws.String(table.AttrPK + ", " + table.AttrSK)
	}
	pages := dynamodb.NewScanPaginator(t.db, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		for _, item := range page.Items {
			if err := each(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// batch writes requests to one table, 25 at once and several batches side by side.
type batch struct {
	t       tool
	name    string
	pending []types.WriteRequest
	group   *errgroup.Group
	ctx     context.Context
}

// BatchWriteItem takes 25 requests. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
const (
	batchSize     = 25
	batchesAtOnce = 8
	batchTries    = 12
)

func (t tool) batch(ctx context.Context, name string) *batch {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(batchesAtOnce)
	return &batch{t: t, name: name, group: group, ctx: ctx}
}

func (b *batch) put(item table.Item) {
	b.add(types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
}

func (b *batch) delete(key table.Key) {
	b.add(types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: key}})
}

func (b *batch) add(r types.WriteRequest) {
	if b.pending = append(b.pending, r); len(b.pending) == batchSize {
		b.send()
	}
}

func (b *batch) send() {
	if requests := b.pending; len(requests) > 0 {
		b.pending = nil
		b.group.Go(func() error { return b.t.write(b.ctx, b.name, requests) })
	}
}

func (b *batch) end() error {
	b.send()
	return b.group.Wait()
}

// write repeats what DynamoDB left out of a batch, with pauses that double.
func (t tool) write(ctx context.Context, name string, requests []types.WriteRequest) error {
	left := map[string][]types.WriteRequest{name: requests}
	for try := range batchTries {
		out, err := t.db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: left})
		if err != nil {
			return fmt.Errorf("write to %s: %w", name, err)
		}
		if left = out.UnprocessedItems; len(left) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond << min(try, 8)):
		}
	}
	return errors.New("write to " + name + ": too busy; run it again")
}
