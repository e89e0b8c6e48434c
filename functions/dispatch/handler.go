// Package dispatch does what the outbox holds: it sends the mails, starts and wakes the workflow of merge orders, and
// publishes events for the operator's systems. It is called in four ways: by the outbox's stream, by the queue of
// forgotten passwords, by SES's notifications of mails that bounced, and by a schedule that re-drives what is due and
// revives orders whose workflow died.
//
// The stream only makes it fast. The table is the truth: a failure is written on the item with the time of the next try
// and answered to the stream as success, since a stream waits at its first failure and would hold up everything behind it.
package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/metrics"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// SES is what is called of Amazon SES. A client that retries by itself would hide how often a mail may have gone out.
type SES interface {
	SendRawEmail(context.Context, *ses.SendRawEmailInput, ...func(*ses.Options)) (*ses.SendRawEmailOutput, error)
}

// StepFunctions is what is called of AWS Step Functions.
type StepFunctions interface {
	StartExecution(context.Context, *sfn.StartExecutionInput, ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error)
	DescribeExecution(context.Context, *sfn.DescribeExecutionInput, ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error)
	SendTaskSuccess(context.Context, *sfn.SendTaskSuccessInput, ...func(*sfn.Options)) (*sfn.SendTaskSuccessOutput, error)
}

// EventBridge is what is called of Amazon EventBridge.
type EventBridge interface {
	PutEvents(context.Context, *eventbridge.PutEventsInput, ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error)
}

// Dispatcher holds everything the function needs. It is safe for concurrent use.
type Dispatcher struct {
	Tables  table.Store
	Orders  order.Store
	SES     SES
	SFN     StepFunctions
	Bus     EventBridge
	Letters *mail.Composer

	Sender       string // address that mails come from
	MailSet      string // SES's configuration set by which bounces come back
	PublicURL    string // of the pages, without a slash at the end
	StateMachine string // ARN
	BusName      string
	ServiceTeam  outbox.Recipient // mailbox of the service team; without an address it gets no mail

	Now   func() time.Time
	Rand  io.Reader
	Log   *slog.Logger
	Meter metrics.Meter
}

// input tells the callers apart.
type input struct {
	Redrive bool `json:"redrive"`
	Records []struct {
		Source string `json:"eventSource"`
	} `json:"Records"`
}

// Handle serves one invocation.
func (d Dispatcher) Handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var in input
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, fmt.Errorf("dispatch: read event: %w", err)
	}
	switch {
	case in.Redrive:
		// Lambda would try a failed run twice more and then lay it to the bounces that nobody noted; the next one is a minute away.
		if err := d.redrive(ctx); err != nil {
			d.Log.ErrorContext(ctx, "redrive", "event", "redrive.failed", "class", classOf(err).name) // the alarm counts this line
		}
		return nil, nil
	case len(in.Records) > 0 && in.Records[0].Source == "aws:sqs":
		var e events.SQSEvent
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, fmt.Errorf("dispatch: read messages: %w", err)
		}
		return d.forgotten(ctx, e), nil
	case len(in.Records) > 0 && in.Records[0].Source == "aws:sns":
		var e events.SNSEvent
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, fmt.Errorf("dispatch: read notifications: %w", err)
		}
		return nil, d.bounces(ctx, e)
	case len(in.Records) > 0 && in.Records[0].Source == "aws:dynamodb":
		var e events.DynamoDBEvent
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, fmt.Errorf("dispatch: read stream records: %w", err)
		}
		d.stream(ctx, e)
		return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}, nil
	}
	return nil, errors.New("dispatch: event of an unknown kind")
}

func (d Dispatcher) outbox() outbox.Store { return outbox.Store{Store: d.Tables} }

// margin is kept before the end of the invocation, to write down what became of the work (L4), several times if need be.
const margin = 8 * time.Second

// invocation is the key of the end of the invocation in the context of its work.
type invocation struct{}

// working is the time left for work; ctx itself is for writing down its result.
func working(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(context.WithValue(ctx, invocation{}, deadline), deadline.Add(-margin))
	}
	return context.WithCancel(ctx)
}

// endOf is the end of the invocation that a context, or the work of it, belongs to.
func endOf(ctx context.Context) (time.Time, bool) {
	if end, ok := ctx.Value(invocation{}).(time.Time); ok {
		return end, true
	}
	return ctx.Deadline()
}
