package dispatch

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/table"
)

// mailsKept is how long a mail is known by SES's id: bounces come within days.
const mailsKept = 30 * 24 * time.Hour

// aboutMail is what is kept of a mail that may come back.
type aboutMail struct {
	Numbers []string `dynamodbav:"numbers"`
}

// mailKey tells mails apart in the audit and is of no use to anybody else.
func mailKey(messageID string) string { return table.Hash(messageID)[:16] }

func (d Dispatcher) remember(ctx context.Context, messageID string, numbers []string) error {
	item := table.With(table.Mail(messageID), table.MustMarshal(aboutMail{numbers}))
	item[table.AttrTTL] = table.N(d.Now().Add(mailsKept).Unix())
	_, err := d.Tables.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &d.Tables.Names.MergeOrders, Item: item})
	return err
}

// noteReturned notes a returned mail for the numbers it was about. The same notification can arrive more than once:
// customers see the state of the mail, not the notes.
func (d Dispatcher) noteReturned(ctx context.Context, messageID, why string) error {
	item, err := d.Tables.Get(ctx, d.Tables.Names.MergeOrders, table.Mail(messageID))
	if err != nil {
		return fmt.Errorf("find the mail that came back: %w", err)
	}
	var m aboutMail
	if err := table.Unmarshal(item, &m); err != nil {
		return err
	}
	for _, n := range m.Numbers {
		e := audit.Event{Number: n, Action: audit.MailReturned, Actor: audit.BySystem, At: d.Now(),
			New: map[string]string{audit.KeyMail: mailKey(messageID), audit.KeyWhy: why}}
		if err := (audit.Store{Store: d.Tables}).Note(ctx, e, d.Rand, true); err != nil {
			return err
		}
	}
	return nil
}
