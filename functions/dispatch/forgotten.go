package dispatch

import (
	"context"
	"errors"
	"net/url"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// forgotten answers a batch of messages of "Passwort vergessen". A message that failed goes back to the queue by itself,
// the others do not.
func (d Dispatcher) forgotten(ctx context.Context, e events.SQSEvent) events.SQSEventResponse {
	work, cancel := working(ctx)
	defer cancel()
	failures := make([]bool, len(e.Records))
	var group errgroup.Group
	group.SetLimit(parallel)
	for i, m := range e.Records {
		group.Go(func() error {
			if err := d.sendReset(work, m); err != nil {
				failures[i] = true
				d.Log.ErrorContext(ctx, "reset", "event", "reset.failed", "class", classOf(err).name)
			}
			return nil
		})
	}
	_ = group.Wait()
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for i, failed := range failures {
		if failed {
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: e.Records[i].MessageId})
		}
	}
	return response
}

// sendReset mails the link that sets a password, if there is somebody to mail it to. Nobody waits for it, so it may take
// as long as it takes, whatever the number is (S1).
func (d Dispatcher) sendReset(ctx context.Context, m events.SQSMessage) error {
	asked, err := forgot.Decode(m.Body)
	if err != nil {
		return err
	}
	p, err := d.inCharge(ctx, asked.CustomerNumber)
	if errors.Is(err, customer.ErrNotFound) {
		return d.noReset(ctx, asked, "unknown-number")
	}
	if err != nil {
		return err
	}
	if p.Email == "" {
		return d.noReset(ctx, asked, "no-address")
	}
	counter := throttle.Store{Store: d.Tables}
	verdict, err := counter.Try(ctx, throttle.ResetMails(p.Number), d.Now())
	if err != nil {
		return err
	}
	if !verdict.Allowed {
		return d.noReset(ctx, asked, "too-many")
	}
	if err := d.underAll(ctx, counter, func() error { return d.mailReset(ctx, asked, p, m.MessageId) }); err != nil {
		return errors.Join(err, counter.TakeBack(ctx, verdict))
	}
	d.Log.InfoContext(ctx, "reset", "event", "reset.sent", "customer", web.MaskNumber(p.Number))
	return nil
}

// errFlood is a mail that waits in the queue until fewer are asked for. What waits too long raises the alarm of the queue's
// dead letters.
var errFlood = errors.New("more links for a new password are asked for than may go out at once")

// underAll sends a mail as one of all those that may go out at once.
func (d Dispatcher) underAll(ctx context.Context, counter throttle.Store, send func() error) error {
	verdict, err := counter.Try(ctx, throttle.AllResetMails(), d.Now())
	if err != nil {
		return err
	}
	if !verdict.Allowed {
		return errFlood
	}
	if err := send(); err != nil {
		return errors.Join(err, counter.TakeBack(ctx, verdict))
	}
	return nil
}

func (d Dispatcher) noReset(ctx context.Context, asked forgot.Request, why string) error {
	d.Log.InfoContext(ctx, "reset", "event", "reset.not-sent", "why", why, "customer", web.MaskNumber(asked.CustomerNumber))
	return nil
}

// inCharge is the profile whose password opens a number: the number's own or its survivor's, whose address alone gets the
// mail after a merge.
func (d Dispatcher) inCharge(ctx context.Context, number string) (customer.Profile, error) {
	customers := customer.Store{Store: d.Tables}
	p, err := customers.Profile(ctx, number)
	if err != nil || p.MergedInto == "" {
		return p, err
	}
	survivor, err := customers.Profile(ctx, p.MergedInto)
	if err == nil && survivor.MergedInto != "" {
		return p, errors.New("the chain of merges of a number is not flat")
	}
	return survivor, err
}

func (d Dispatcher) mailReset(ctx context.Context, asked forgot.Request, p customer.Profile, messageID string) error {
	c, err := credential.Store{Store: d.Tables}.Get(ctx, table.Customer(p.Number))
	if err != nil {
		return err
	}
	expires := d.Now().Add(token.ResetLifetime)
	secret, err := token.Store{Store: d.Tables}.Make(ctx, d.Rand, token.Token{
		Purpose: token.PurposeReset, Subject: p.Number, Epoch: c.Epoch, Expires: expires,
	})
	if err != nil {
		return err
	}
	letter := mail.PasswordReset{Number: p.Number, First: c.Hash == "", ValidTil: expires,
		Link: d.link("/password/reset?token=" + url.QueryEscape(secret))}
	if asked.CustomerNumber != p.Number {
		letter.Merged = asked.CustomerNumber
	}
	to := outbox.Recipient{Address: p.Email, Language: p.Language, Name: p.DisplayName(), Numbers: []string{p.Number}}
	if to.Language == "" {
		to.Language = asked.Language
	}
	_, err = d.post(ctx, letter, parcel{kind: "password.forgotten", id: "forgot#" + messageID, to: to})
	return err
}
