package dispatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// mail sends the mail of one recipient. SES has no idempotency key: between its answer and our note of it lies the one
// gap in which a crash makes a mail go out twice, which is counted (M9).
func (d Dispatcher) mail(ctx context.Context, item outbox.Item) (messageID string, err error) {
	if len(item.Recipients) != 1 {
		return "", fmt.Errorf("%d recipients", len(item.Recipients))
	}
	to := item.Recipients[0]
	messageID = item.MessageID
	if messageID == "" {
		if item.Abandoned {
			d.unknownAnswer(ctx, item.Event, "abandoned")
		}
		if messageID, err = d.send(ctx, item, to); err != nil || messageID == "" {
			return "", err
		}
	}
	if item.Event == outbox.OrderAnnounced && len(to.Numbers) > 0 {
		return messageID, d.announced(ctx, item, messageID)
	}
	if item.Event == outbox.FactorRecoveryStarted {
		return messageID, d.warned(ctx, item, messageID)
	}
	return messageID, nil
}

// announced starts the veto period once every other side has been told: it begins when the announcement was really sent,
// not when it was written (M4). The mail is noted first, so that another try does not send it again.
func (d Dispatcher) announced(ctx context.Context, item outbox.Item, messageID string) error {
	if item.MessageID == "" {
		if err := d.outbox().Sent(ctx, item, messageID); err != nil {
			return err
		}
	}
	a := announcementOf(item)
	failed, err := d.Orders.NoteAnnouncement(ctx, messageID, a)
	if err != nil {
		return err
	}
	if failed != "" { // it came back before we knew it by its id
		if err := d.cameBack(ctx, a, failed); err != nil {
			return err
		}
	}
	_, err = d.Orders.MarkAnnounced(ctx, item.Order, item.ID, d.Now())
	return err
}

// send composes a mail, makes its tokens and hands it to SES. An event without a mail gives "".
func (d Dispatcher) send(ctx context.Context, item outbox.Item, to outbox.Recipient) (string, error) {
	letter, err := d.letter(ctx, item, to)
	if err != nil || letter == nil {
		return "", err
	}
	to.Numbers = order.About(item, to)
	return d.post(ctx, letter, parcel{kind: item.Event, id: item.ID, to: to, again: item.Abandoned || item.LastError != ""})
}

// parcel is a mail on its way to one recipient; again says that an earlier try failed or left no word.
type parcel struct {
	kind, id string
	to       outbox.Recipient
	again    bool
}

func (d Dispatcher) post(ctx context.Context, letter mail.Mail, p parcel) (string, error) {
	to := p.to
	message, err := d.Letters.Compose(letter, mail.Reader{Name: to.Name, Language: to.Language})
	if err != nil {
		return "", err
	}
	raw, err := message.Raw(mail.Envelope{To: to.Address, ID: short(p.id), Date: d.Now()})
	if err != nil {
		return "", err
	}
	from, err := mail.Bare(d.Sender)
	if err != nil {
		return "", err
	}
	out, err := d.SES.SendRawEmail(ctx, &ses.SendRawEmailInput{
		Source: &from, Destinations: []string{to.Address}, RawMessage: &types.RawMessage{Data: raw},
	})
	if err != nil {
		if c := classOf(err); c.unknown {
			d.unknownAnswer(ctx, p.kind, c.name)
		}
		return "", fmt.Errorf("send mail: %w", err)
	}
	d.noteSent(ctx, aws.ToString(out.MessageId), message.Subject, p)
	return aws.ToString(out.MessageId), nil
}

// unknownAnswer counts a mail that may have gone out although we do not know it; it will be sent again.
func (d Dispatcher) unknownAnswer(ctx context.Context, kind, class string) {
	d.Log.WarnContext(ctx, "mail", "event", "mail.unknown-answer", "kind", kind, "class", class)
}
