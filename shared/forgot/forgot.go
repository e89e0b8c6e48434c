// Package forgot is the message with which the page "Passwort vergessen" asks for a link. The page sends one for every
// number it is given, known or not, and dispatch looks whether there is somebody to write to (S1). The queue has limits of
// its own, so that a flood of requests delays nothing else.
package forgot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/shared/customer"
)

// Request asks for a link that sets the password of a customer number.
type Request struct {
	CustomerNumber string `json:"customerNumber"`
	Language       string `json:"language"` // of the page; the mail is in the customer's own one, if that is known
}

// Sender sends a message; *sqs.Client fits.
type Sender interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// Queue is where requests go.
type Queue struct {
	Sender Sender
	URL    string
}

// Ask puts a request into the queue.
func (q Queue) Ask(ctx context.Context, r Request) error {
	body, err := r.Encode()
	if err != nil {
		return err
	}
	if _, err := q.Sender.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.URL, MessageBody: &body}); err != nil {
		return fmt.Errorf("queue a link: %w", err)
	}
	return nil
}

// errInvalid is a message that no page of ours sends.
var errInvalid = errors.New("forgot: not a request")

// Encode gives the body of the queue's message.
func (r Request) Encode() (string, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("forgot: encode: %w", err)
	}
	return string(b), nil
}

// Decode reads the body of a queue's message.
func Decode(body string) (Request, error) {
	var r Request
	if err := json.Unmarshal([]byte(body), &r); err != nil || !customer.ValidNumber(r.CustomerNumber) {
		return Request{}, errInvalid // without the text: it may hold anything that somebody typed (S20)
	}
	return r, nil
}
