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

// answered says that the mail may well have been read: a general transient bounce is mostly the answer of somebody who is
// out of office. One with a delivery status notification of a failure is none, and SES reports other transient ones (a full
// mailbox) only after it tried for hours, so that nobody has read these.
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

// wanted says that a reader took the mail out of the spam folder: it was read, and nobody complains (RFC 6430; in any case of letters, RFC 5965). One that
// SES did not even send, since the address is on the account's suppression list, was not.
func (c complaintReport) wanted() bool {
	return strings.EqualFold(c.FeedbackType, "not-spam") && c.SubType != "OnAccountSuppressionList"
}

// failure says why the mail did not reach its reader, "" when it may have. A bounce of an undetermined type counts: nobody
// knows that the mail was read, and the service team asks (M4).
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

// bounces notes mails that came back for their customers, and stops the veto clock of orders whose announcement did (M4). An
// error has the notification come again.
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

// bounced notes the failure first: an announcement that is known only later finds it.
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

// notAnnounced stops the veto clock when the mail that is given up on is the announcement to the other side, and a recovery
// when it is the warning of it to the address in force. An earlier one may well be dead.
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
