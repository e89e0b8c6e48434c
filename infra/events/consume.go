package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"kundenkonto/shared/event"
)

// queue is what is called of Amazon SQS.
type queue interface {
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessageBatch(context.Context, *sqs.DeleteMessageBatchInput, ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error)
}

// wait is how long SQS waits for a message before it answers that there is none, the longest there is.
const wait = 20

// consumer moves events from a queue into a file. A message is deleted only when its event is on the disk; so nothing is
// lost when it is killed in between, and what comes again is known by its id.
type consumer struct {
	queue queue
	url   string
	file  *file
	once  bool // end when the queue is empty
	out   io.Writer
	now   func() time.Time
}

func (c consumer) run(ctx context.Context) error {
	in := &sqs.ReceiveMessageInput{QueueUrl: &c.url, MaxNumberOfMessages: 10, WaitTimeSeconds: wait}
	if c.once {
		in.WaitTimeSeconds = 1
	}
	for ctx.Err() == nil {
		got, err := c.queue.ReceiveMessage(ctx, in)
		if err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		if len(got.Messages) == 0 && c.once {
			return nil
		}
		if err := c.take(ctx, got.Messages); err != nil {
			return err
		}
	}
	return nil
}

// take writes the events of some messages, and then deletes these.
func (c consumer) take(ctx context.Context, messages []types.Message) error {
	var details []json.RawMessage
	var done []types.DeleteMessageBatchRequestEntry
	for _, m := range messages {
		detail, err := detailOf(aws.ToString(m.Body))
		if err != nil { // it comes again, and goes to the queue of dead letters after some tries
			fmt.Fprintf(c.out, "Message %s is left in the queue: %v\n", aws.ToString(m.MessageId), err)
			continue
		}
		details = append(details, detail)
		done = append(done, types.DeleteMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(len(done))), ReceiptHandle: m.ReceiptHandle})
	}
	if len(details) == 0 {
		return nil
	}
	added, late, err := c.file.add(c.now(), details...)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s  %d events written (%d late), %d were there already\n", c.now().Format(time.TimeOnly), added, late, len(details)-added)
	// Ctrl-C must not keep what is written from being deleted. What is not deleted comes again and is known by its id.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if _, err := c.queue.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &c.url, Entries: done}); err != nil {
		return fmt.Errorf("delete what is written: %w", err)
	}
	return nil
}

// detailOf is the CloudEvent in a message: EventBridge puts its own envelope around it. What this program relies on must be there;
// fields that it does not know may come at any time and are passed over. So it does not hold events against its copy of their schemas,
// which allow no field that a later release adds.
func detailOf(body string) (json.RawMessage, error) {
	var envelope struct {
		Source     string          `json:"source"`
		DetailType string          `json:"detail-type"`
		Detail     json.RawMessage `json:"detail"`
	}
	if err := json.Unmarshal([]byte(body), &envelope); err != nil {
		return nil, errors.New("it is no event of EventBridge")
	}
	if envelope.Source != event.BusSource {
		return nil, fmt.Errorf("it comes from %q", envelope.Source)
	}
	var e event.Event
	if err := json.Unmarshal(envelope.Detail, &e); err != nil {
		return nil, errors.New("its detail has not the form of an event")
	}
	if e.ID == "" || e.Source == "" || e.Subject == "" || e.Time.IsZero() || e.Type != envelope.DetailType {
		return nil, errors.New("it lacks id, source, subject or time, or its type is not the envelope's")
	}
	// The number in the name rises with what a reader of the version before could not understand.
	if known := event.SchemaPath + event.SchemaFile(e.Type) + "#"; !strings.Contains(e.DataSchema, known) {
		return nil, fmt.Errorf("it keeps to another schema than %s, which is what this program understands", event.SchemaFile(e.Type))
	}
	return envelope.Detail, nil
}
