package dispatch

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// pace is the time between two mails of a batch. The queue delivers two batches of five at a time, so that at most
// five mails a second are sent, and most of what SES allows (14 a second for a new account) is always left for other
// mails.
const pace = 500 * time.Millisecond

// forgotten answers a batch of messages of "Passwort vergessen", one after the other. A message that failed goes back to
// the queue by itself, the others do not.
func (d Dispatcher) forgotten(ctx context.Context, e events.SQSEvent) events.SQSEventResponse {
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for i, m := range e.Records {
		sent, err := d.sendReset(ctx, m)
		if err != nil {
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
			d.Log.ErrorContext(ctx, "reset", "event", "reset.failed", "class", classOf(err).name)
		}
		if sent && i < len(e.Records)-1 {
			select {
			case <-time.After(pace):
			case <-ctx.Done():
			}
		}
	}
	return response
}

// errFlood leaves a mail in the queue until fewer are asked for. A mail that waits too long goes to the dead letters,
// which raise an alarm.
var errFlood = errors.New("more links for a new password are asked for than may go out at once")

// sendReset mails the link that sets a password, if there is somebody to mail it to. No request waits for it, so its
// duration reveals nothing about the number (S1).
func (d Dispatcher) sendReset(ctx context.Context, m events.SQSMessage) (sent bool, err error) {
	work, cancel := working(ctx)
	defer cancel()
	asked, err := forgot.Decode(m.Body)
	if err != nil {
		return false, err
	}
	p, nobody, err := d.addressee(work, asked.CustomerNumber)
	if err != nil || nobody != "" {
		return false, d.notSent(ctx, asked, nobody, err)
	}
	counter := throttle.Store{Store: d.Tables}
	counts, err := counter.TryAll(work, d.Now(), throttle.ResetMails(p.Number, p.Email), throttle.ResetMailsOfNumber(p.Number))
	if err == nil && throttle.Pause(counts...) > 0 {
		return false, d.notSent(ctx, asked, "too-many", counter.TakeBack(ctx, counts...))
	}
	if err == nil {
		var inAll throttle.Verdict
		inAll, err = counter.Try(work, throttle.AllResetMails(), d.Now())
		counts = append(counts, inAll)
		if err == nil && !inAll.Allowed {
			err = errFlood
		}
	}
	if err == nil {
		err = d.mailReset(work, asked, p, m.MessageId)
	}
	if err != nil { // perhaps because the time for the work is over: the counts are taken back in what is left
		return false, errors.Join(err, counter.TakeBack(ctx, counts...))
	}
	d.Log.InfoContext(ctx, "reset", "event", "reset.sent", "customer", web.MaskNumber(p.Number))
	return true, nil
}

// notSent logs why nobody is written to, unless an error has the message come again.
func (d Dispatcher) notSent(ctx context.Context, asked forgot.Request, why string, err error) error {
	if err == nil {
		d.Log.InfoContext(ctx, "reset", "event", "reset.not-sent", "why", why, "customer", web.MaskNumber(asked.CustomerNumber))
	}
	return err
}

// addressee is who gets the mail about a number, or why nobody does.
func (d Dispatcher) addressee(ctx context.Context, number string) (p customer.Profile, nobody string, err error) {
	p, err = customer.Store{Store: d.Tables}.InCharge(ctx, number)
	switch {
	case errors.Is(err, customer.ErrNotFound):
		return p, "unknown-number", nil
	case err == nil && p.Email == "":
		return p, "no-address", nil
	}
	return p, "", err
}

func (d Dispatcher) mailReset(ctx context.Context, asked forgot.Request, p customer.Profile, messageID string) error {
	c, err := credential.Store{Store: d.Tables}.Get(ctx, table.Customer(p.Number))
	if err != nil {
		return err
	}
	expires := d.Now().Add(token.ResetLifetime)
	secret, err := token.Store{Store: d.Tables}.Make(ctx, d.Rand, token.Token{
		Purpose: token.PurposeReset, Subject: p.Number, Address: p.Email, Epoch: c.Epoch, Expires: expires,
	})
	if err != nil {
		return err
	}
	letter := mail.PasswordReset{Number: p.Number, First: !c.EverSet(), ValidTil: expires,
		Link: d.link("/password/reset?token=" + url.QueryEscape(secret))}
	if asked.CustomerNumber != p.Number {
		letter.Merged = asked.CustomerNumber
	}
	to := p.Recipient(p.Email)
	if to.Language == "" {
		to.Language = asked.Language
	}
	sent, err := d.post(ctx, letter, parcel{kind: "password.forgotten", id: "forgot#" + messageID, to: to})
	if err != nil {
		return err
	}
	d.noteSent(ctx, *sent)
	return nil
}
