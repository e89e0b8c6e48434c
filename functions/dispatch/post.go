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

// mail sends the mail of one recipient. SES has no idempotency key: a crash between its answer and our note of it is
// the only way to send a mail twice, which is counted (M9). So nothing happens in between: where there is more to do,
// the mail is noted on the item first, and only then for its reader.
func (d Dispatcher) mail(ctx context.Context, item outbox.Item) (out outgoing, err error) {
	if len(item.Recipients) != 1 {
		return out, fmt.Errorf("%d recipients", len(item.Recipients))
	}
	to := item.Recipients[0]
	if out.id = item.MessageID; out.id == "" {
		if item.Abandoned {
			d.unknownAnswer(ctx, item.Event, "abandoned")
		}
		if out.mail, err = d.send(ctx, item, to); err != nil || out.mail == nil {
			return out, err
		}
		out.id = out.mail.id
	}
	var next func(context.Context, outbox.Item, string) error
	switch {
	case item.Event == outbox.OrderAnnounced && order.MaySayNo(to):
		next = d.announced
	case item.Event == outbox.FactorRecoveryStarted && to.Own:
		next = d.warned
	default:
		return out, nil
	}
	if item.MessageID == "" {
		out.kept = true
		if err := d.keep(ctx, item, out.id); err != nil {
			return out, err
		}
	}
	return out, next(ctx, item, out.id)
}

// announced starts the veto period once every other side has been told. It begins when the announcement was really
// sent, not when it was written (M4).
func (d Dispatcher) announced(ctx context.Context, item outbox.Item, messageID string) error {
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

// send composes a mail, makes its tokens and hands it to SES. An event without a mail gives nil.
func (d Dispatcher) send(ctx context.Context, item outbox.Item, to outbox.Recipient) (*postedMail, error) {
	letter, err := d.letter(ctx, item, to)
	if err != nil || letter == nil {
		return nil, err
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

// postedMail is a mail that SES took, with its id of it.
type postedMail struct {
	id, subject string
	parcel
}

func (d Dispatcher) post(ctx context.Context, letter mail.Mail, p parcel) (*postedMail, error) {
	to := p.to
	message, err := d.Letters.Compose(letter, mail.Reader{Name: to.Name, Language: to.Language})
	if err != nil {
		return nil, err
	}
	raw, err := message.Raw(mail.Envelope{To: to.Address, ID: short(p.id), Date: d.Now()})
	if err != nil {
		return nil, err
	}
	from, err := mail.Bare(d.Sender)
	if err != nil {
		return nil, err
	}
	out, err := d.SES.SendRawEmail(ctx, &ses.SendRawEmailInput{
		Source: &from, Destinations: []string{to.Address}, ConfigurationSetName: &d.MailSet, RawMessage: &types.RawMessage{Data: raw},
	})
	if err != nil {
		if c := classOf(err); c.unknown {
			d.unknownAnswer(ctx, p.kind, c.name)
		}
		return nil, fmt.Errorf("send mail: %w", err)
	}
	return &postedMail{aws.ToString(out.MessageId), message.Subject, p}, nil
}

// unknownAnswer counts a mail that may have been sent without an answer reaching us; it will be sent again.
func (d Dispatcher) unknownAnswer(ctx context.Context, kind, class string) {
	d.Log.WarnContext(ctx, "mail", "event", "mail.unknown-answer", "kind", kind, "class", class)
}
