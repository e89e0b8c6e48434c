package dispatch

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/order"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
)

// fakeSES keeps what it is given, and fails as often as it is told to.
type fakeSES struct {
	mu    sync.Mutex
	sent  map[string][]string // raw mails by destination
	fail  []error             // of the next calls, in order; nil sends
	calls int
}

func (f *fakeSES) SendRawEmail(_ context.Context, in *ses.SendRawEmailInput, _ ...func(*ses.Options)) (*ses.SendRawEmailOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if len(f.fail) > 0 {
		err := f.fail[0]
		f.fail = f.fail[1:]
		if err != nil {
			return nil, err
		}
	}
	if f.sent == nil {
		f.sent = map[string][]string{}
	}
	f.sent[in.Destinations[0]] = append(f.sent[in.Destinations[0]], string(in.RawMessage.Data))
	return &ses.SendRawEmailOutput{MessageId: aws.String(fmt.Sprintf("message-%d", f.calls))}, nil
}

func (f *fakeSES) to(address string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sent[address]
}

// fakeSFN knows executions by name and the tokens that somebody waits with.
type fakeSFN struct {
	mu         sync.Mutex
	executions map[string]sfntypes.ExecutionStatus
	waiting    map[string]bool
	started    []string // inputs
	woken      []string
}

func (f *fakeSFN) StartExecution(_ context.Context, in *sfn.StartExecutionInput, _ ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, used := f.executions[*in.Name]; used {
		return nil, &sfntypes.ExecutionAlreadyExists{}
	}
	f.executions[*in.Name] = sfntypes.ExecutionStatusRunning
	f.started = append(f.started, *in.Input)
	return &sfn.StartExecutionOutput{}, nil
}

func (f *fakeSFN) DescribeExecution(_ context.Context, in *sfn.DescribeExecutionInput, _ ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, status := range f.executions {
		if *in.ExecutionArn == "arn:aws:states:eu-central-1:0:execution:k-merge:"+name {
			return &sfn.DescribeExecutionOutput{Status: status}, nil
		}
	}
	return nil, &sfntypes.ExecutionDoesNotExist{}
}

func (f *fakeSFN) SendTaskSuccess(_ context.Context, in *sfn.SendTaskSuccessInput, _ ...func(*sfn.Options)) (*sfn.SendTaskSuccessOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.waiting[*in.TaskToken] {
		return nil, &sfntypes.TaskTimedOut{}
	}
	delete(f.waiting, *in.TaskToken)
	f.woken = append(f.woken, *in.TaskToken)
	return &sfn.SendTaskSuccessOutput{}, nil
}

type fakeBus struct {
	mu      sync.Mutex
	details []string
}

func (f *fakeBus) PutEvents(_ context.Context, in *eventbridge.PutEventsInput, _ ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range in.Entries {
		f.details = append(f.details, *e.DetailType+" "+*e.Detail)
	}
	return &eventbridge.PutEventsOutput{}, nil
}

// ordersOn is the order store on tables.
func ordersOn(tables table.Store) order.Store {
	return order.Store{Store: tables, Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}}
}

// hasOrder puts an order into the tables as it is; numbers are those that it holds.
func hasOrder(t *testing.T, d Dispatcher, o order.Order, numbers ...string) {
	t.Helper()
	o.Rev = 1
	item, err := o.Item()
	if err != nil {
		t.Fatal(err)
	}
	items := []types.TransactWriteItem{{Put: &types.Put{TableName: &d.Orders.Names.MergeOrders, Item: item}}}
	for _, n := range numbers {
		lock := table.With(table.Lock(n), table.Item{"order": table.S(o.ID)})
		items = append(items, types.TransactWriteItem{Put: &types.Put{TableName: &d.Orders.Names.MergeOrders, Item: lock}})
	}
	if err := d.Orders.Transact(t.Context(), items, ""); err != nil {
		t.Fatal(err)
	}
}

// theOrder is an order as the tables have it.
func theOrder(t *testing.T, d Dispatcher, id string) order.Order {
	t.Helper()
	o, err := d.Orders.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// dispatcher is one with fakes at the boundary to AWS; log gets what it logs.
func dispatcher(t *testing.T) (d Dispatcher, log *bytes.Buffer) {
	t.Helper()
	letters, err := mail.New(mail.Settings{Brand: "Kundenkonto", Sender: "noreply@kundenkonto.example"})
	if err != nil {
		t.Fatal(err)
	}
	log = &bytes.Buffer{}
	tables := tablefake.New().Store()
	return Dispatcher{
		Tables: tables, Orders: ordersOn(tables), SES: &fakeSES{}, Bus: &fakeBus{},
		SFN:     &fakeSFN{executions: map[string]sfntypes.ExecutionStatus{}, waiting: map[string]bool{}},
		Letters: letters, Sender: "noreply@kundenkonto.example", PublicURL: "https://kundenkonto.example",
		StateMachine: "arn:aws:states:eu-central-1:0:stateMachine:k-merge", BusName: "bus",
		Now: time.Now, Rand: rand.Reader, Log: slog.New(slog.NewJSONHandler(log, nil)),
	}, log
}
