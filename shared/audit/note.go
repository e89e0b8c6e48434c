package audit

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Names of what an event about a sign-in holds in New.
const (
	KeyBrowser = "browser"
	KeySystem  = "system"
	KeyVia     = "via"    // the old number that was typed
	KeyFailed  = "failed" // tries with a wrong password, counted
)

// Names of what an event about a mail holds in New. Neither text nor address nor link is among it.
const (
	KeySubject = "subject"

	// KeyReason is why the service team did something. It stays in the team.
	KeyReason = "reason"
	KeyAbuse  = "abuse" // an undone merge was nobody's will, says the service team
	KeyEvent  = "event"
	KeyMail   = "mail"     // tells mails apart, by SES's id of it
	KeyWhy    = "why"      // it came back: Bounced, Complained or Undeliverable of package order
	KeyAgain  = "repeated" // an earlier try failed, or left no word

	KeyEarlier = "earlier" // it went to an address that was in force before

	KeyProven = "provenNumber" // the number that a proof was about
	KeyAsker  = "askingNumber" // the number that gave a proof. It stays in the team until an order is announced

	KeySearch = "search" // what the service team searched for
	KeyFound  = "found"  // customer numbers that a search found, parted by commas
)

// StaffLog is where events of the service team stand that belong to no customer number: one partition a day, so that none
// grows without end.
func StaffLog(at time.Time) string { return "staff-" + at.UTC().Format(time.DateOnly) }

// NoteAll writes events that no change belongs to, all or none: at most table.MaxItems.
func (s Store) NoteAll(ctx context.Context, events []Event, rand io.Reader) error {
	items := make([]types.TransactWriteItem, len(events))
	for i, e := range events {
		items[i] = Put(s.Names, e, rand)
	}
	if err := s.Transact(ctx, items, ""); err != nil {
		return fmt.Errorf("note %d events: %w", len(events), err)
	}
	return nil
}

// Note writes one event that no change belongs to. exists false does the same work and writes nothing: what happens to a
// number must take as long whether the number exists or not (S1).
func (s Store) Note(ctx context.Context, e Event, rand io.Reader, exists bool) error {
	put := Put(s.Names, e, rand).Put
	if !exists {
		put.ConditionExpression = aws.String("attribute_exists(pk) AND attribute_not_exists(pk)")
	}
	_, err := s.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: put.TableName, Item: put.Item, ConditionExpression: put.ConditionExpression})
	if _, refused := table.ConditionFailed(err); refused && !exists {
		return nil
	}
	if err != nil {
		return fmt.Errorf("note %s: %w", e.Action, err)
	}
	return nil
}
