package dispatch

import (
	"context"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// Customers see which mails they were sent. The note is written after SES took the mail, and must not cause it to be
// sent again: when the note fails, it is missing on the page and counted in the log.

func (d Dispatcher) noteSent(ctx context.Context, m postedMail) {
	e := audit.Event{Action: audit.MailSent, New: map[string]string{audit.KeySubject: m.subject, audit.KeyMail: mailKey(m.id)}}
	if m.again {
		e.New[audit.KeyAgain] = "true"
	}
	if m.to.Earlier {
		e.New[audit.KeyEarlier] = "true"
	}
	d.noteMail(ctx, m.to.Numbers, e)
	if err := d.remember(ctx, m.id, m.to.Numbers); err != nil {
		d.Log.WarnContext(ctx, "mail", "event", "mail.not-remembered", "class", classOf(err).name)
	}
}

// noteFailed notes a mail that was given up on; an event as a whole is no mail.
func (d Dispatcher) noteFailed(ctx context.Context, item outbox.Item) {
	if item.Parent == "" || len(item.Recipients) != 1 {
		return
	}
	d.noteMail(ctx, order.About(item, item.Recipients[0]), audit.Event{Action: audit.MailFailed, Order: item.Order,
		New: map[string]string{audit.KeyEvent: item.Event}})
}

func (d Dispatcher) noteMail(ctx context.Context, numbers []string, e audit.Event) {
	for _, n := range numbers {
		e.Number, e.Actor, e.At = n, audit.BySystem, d.Now()
		if err := (audit.Store{Store: d.Tables}).Note(ctx, e, d.Rand, true); err != nil {
			d.Log.WarnContext(ctx, "mail", "event", "mail.not-noted", "class", classOf(err).name)
		}
	}
}
