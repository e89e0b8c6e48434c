package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"kundenkonto/shared/metrics"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
)

// feedback is what SES says of a mail after it took it. A configuration set calls its kind eventType, an identity's
// notification topic (the local cloud's way) notificationType.
type feedback struct {
	Event        string `json:"eventType"`
	Notification string `json:"notificationType"`
	Mail         struct {
		MessageID string `json:"messageId"`
	} `json:"mail"`
	Bounce    bounceReport    `json:"bounce"`
	Complaint complaintReport `json:"complaint"`
}

// bounceReport is why a mail was not taken. Recipients have an action only when a delivery status notification says so.
type bounceReport struct {
	Type       string `json:"bounceType"`
	SubType    string `json:"bounceSubType"`
	Recipients []struct {
		Action string `json:"action"`
	} `json:"bouncedRecipients"`
}

// answered says that the mail may well have been read: a general transient bounce is usually an out-of-office reply.
// It is none when a delivery status notification reports a failure. Other transient bounces, such as a full mailbox,
// are reported only after SES has tried for hours, so nobody has read those mails.
// https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html#bounce-types
func (b bounceReport) answered() bool {
	if b.Type != "Transient" || b.SubType != "General" {
		return false
	}
	for _, r := range b.Recipients {
		if r.Action == "failed" {
			return false
		}
	}
	return true
}

// complaintReport is what a reader, or the mailbox provider, said of a mail. Without a type it counts as a complaint.
type complaintReport struct {
	FeedbackType string `json:"complaintFeedbackType"`
	SubType      string `json:"complaintSubType"`
}

// wanted says that a reader moved the mail out of the spam folder: it was read and is no complaint (RFC 6430; upper
// or lower case, RFC 5965). A mail that SES did not send because the address is on the account's suppression list was
// not read.
func (c complaintReport) wanted() bool {
	return strings.EqualFold(c.FeedbackType, "not-spam") && c.SubType != "OnAccountSuppressionList"
}

// failure says why the mail did not reach its reader, "" when it may have. A bounce of undetermined type counts as
// failed: nobody knows whether the mail was read, and the service team asks (M4).
func (f feedback) failure() string {
	switch kind := f.Event + f.Notification; {
	case f.Event == "Reject": // SES found a virus after it had taken the mail
		return order.Undeliverable
	case kind == "Complaint" && !f.Complaint.wanted():
		return order.Complained
	case kind == "Bounce" && !f.Bounce.answered():
		return order.Bounced
	}
	return ""
}

// bounces notes returned mails for their customers, and stops the veto clock of orders whose announcement was
// returned (M4). After an error SES's notification is delivered again.
func (d Dispatcher) bounces(ctx context.Context, e events.SNSEvent) error {
	var all []error
	for _, r := range e.Records {
		var f feedback
		if err := json.Unmarshal([]byte(r.SNS.Message), &f); err != nil {
			d.Log.ErrorContext(ctx, "bounce", "event", "bounce.unreadable")
			continue // no later try reads it better
		}
		if why := f.failure(); why != "" {
			d.Log.WarnContext(ctx, "bounce", append([]any{"event", "mail.came-back", "why", why}, d.Meter.Args(d.Now(), metrics.One(metrics.MailsReturned))...)...)
			all = append(all, d.bounced(ctx, f.Mail.MessageID, why))
		}
	}
	return errors.Join(all...)
}

// bounced notes the failure first, so that an announcement that becomes known only later finds it.
func (d Dispatcher) bounced(ctx context.Context, messageID, why string) error {
	a, err := d.Orders.NoteFailure(ctx, messageID, why)
	if errors.Is(err, order.ErrNotFound) {
		d.Log.WarnContext(ctx, "bounce", "event", "mail."+why, "announcement", false)
		return d.noteReturned(ctx, messageID, why)
	}
	if err == nil && a.Recovery != "" {
		d.Log.WarnContext(ctx, "bounce", "event", "mail."+why, "recovery", true)
		return d.stopRecovery(ctx, a.Numbers[0], a.Recovery)
	}
	if err != nil {
		return fmt.Errorf("note that a mail %s: %w", why, err)
	}
	if err := d.cameBack(ctx, a, why); err != nil {
		return err
	}
	return d.noteReturned(ctx, messageID, why)
}

func (d Dispatcher) cameBack(ctx context.Context, a order.Announcement, why string) error {
	if _, err := d.Orders.AnnouncementFailed(ctx, a.Order, order.Unreached{Numbers: a.Numbers, Why: why, Item: a.Item, MayFail: a.MayFail}); err != nil {
		return fmt.Errorf("note that an announcement %s: %w", why, err)
	}
	d.Log.WarnContext(ctx, "bounce", "event", "mail."+why, "announcement", true, "order", a.Order)
	return nil
}

// announcementOf is what the item of one recipient's announcement tells of it.
func announcementOf(item outbox.Item) order.Announcement {
	a := order.Announcement{Order: item.Order, Item: item.ID}
	for _, r := range item.Recipients {
		numbers := r.Numbers
		if r.Earlier {
			numbers = order.About(item, r)
		}
		a.Numbers, a.MayFail = append(a.Numbers, numbers...), r.MayFail
	}
	return a
}

// notAnnounced handles a mail that is given up on. If it is the announcement to the other side, the veto clock stops;
// if it is the warning of a recovery to the address in force, the recovery stops. An earlier address may well no
// longer exist.
func (d Dispatcher) notAnnounced(ctx context.Context, item outbox.Item) error {
	if item.Event == outbox.FactorRecoveryStarted && item.Parent != "" && len(item.Recipients) == 1 && item.Recipients[0].Own {
		return d.stopRecovery(ctx, item.Values[outbox.ValueNumber], item.Values[secondfactor.ValueID])
	}
	if item.Event != outbox.OrderAnnounced || item.Parent == "" || !slices.ContainsFunc(item.Recipients, order.MaySayNo) {
		return nil
	}
	a := announcementOf(item)
	_, err := d.Orders.AnnouncementFailed(ctx, a.Order, order.Unreached{Numbers: a.Numbers, Why: order.Undeliverable, Item: a.Item, MayFail: a.MayFail})
	if errors.Is(err, order.ErrNotFound) {
		return nil
	}
	return err
}
