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
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
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

// fakeOrders is a map of orders that keeps the order store's rule for runs.
type fakeOrders struct {
	mu        sync.Mutex // orders are revived side by side
	orders    map[string]order.Order
	announced []string
	fail      error // of the next MarkAnnounced
	mails     map[string]order.Announcement
	returned  map[string]string // why mails came back, by SES's id
	untold    []order.Unreached
	rechecked []string
	open      map[string]string // order by number
}

func (f *fakeOrders) OpenOrder(_ context.Context, number string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.open[number], nil
}

func (f *fakeOrders) Recheck(_ context.Context, id string) (order.Order, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rechecked = append(f.rechecked, id)
	return f.orders[id], nil
}

func (f *fakeOrders) NoteAnnouncement(_ context.Context, messageID string, a order.Announcement) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mails == nil {
		f.mails = map[string]order.Announcement{}
	}
	f.mails[messageID] = a
	return f.returned[messageID], nil
}

func (f *fakeOrders) NoteFailure(_ context.Context, messageID, why string) (order.Announcement, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.returned == nil {
		f.returned = map[string]string{}
	}
	f.returned[messageID] = why
	a, ok := f.mails[messageID]
	if !ok {
		return a, order.ErrNotFound
	}
	return a, nil
}

func (f *fakeOrders) AnnouncementFailed(_ context.Context, id string, failed order.Unreached) (order.Order, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.untold = append(f.untold, failed)
	return f.orders[id], nil
}

func (f *fakeOrders) Get(_ context.Context, id string) (order.Order, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, ok := f.orders[id]
	if !ok {
		return o, order.ErrNotFound
	}
	return o, nil
}

func (f *fakeOrders) MarkAnnounced(_ context.Context, id, outboxID string, _ time.Time) (order.Order, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.fail; err != nil {
		f.fail = nil
		return order.Order{}, err
	}
	f.announced = append(f.announced, outboxID)
	return f.orders[id], nil
}

func (f *fakeOrders) NextRun(_ context.Context, id string, run int) (order.Order, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := f.orders[id]
	if o.Run == run && !o.State.Final() {
		o.Run++
		f.orders[id] = o
	}
	return o, nil
}

func (f *fakeOrders) Queue(_ context.Context, _ int, states ...merge.State) ([]order.Order, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []order.Order
	for _, o := range f.orders {
		for _, s := range states {
			if o.State == s {
				found = append(found, o)
			}
		}
	}
	return found, nil
}

// dispatcher is one with fakes at the boundary to AWS; log gets what it logs.
func dispatcher(t *testing.T) (d Dispatcher, log *bytes.Buffer) {
	t.Helper()
	letters, err := mail.New(mail.Settings{Brand: "Kundenkonto", Sender: "noreply@kundenkonto.example"})
	if err != nil {
		t.Fatal(err)
	}
	log = &bytes.Buffer{}
	return Dispatcher{
		Tables: table.Store{DB: tablefake.New().Client(nil), Names: table.Names{MergeOrders: "MergeOrders", Audit: "Audit", Outbox: "Outbox", Throttle: "Throttle"}},
		Orders: &fakeOrders{orders: map[string]order.Order{}}, SES: &fakeSES{}, Bus: &fakeBus{},
		SFN:     &fakeSFN{executions: map[string]sfntypes.ExecutionStatus{}, waiting: map[string]bool{}},
		Letters: letters, Sender: "noreply@kundenkonto.example", PublicURL: "https://kundenkonto.example",
		StateMachine: "arn:aws:states:eu-central-1:0:stateMachine:k-merge", BusName: "bus",
		Now: time.Now, Rand: rand.Reader, Log: slog.New(slog.NewJSONHandler(log, nil)),
	}, log
}
