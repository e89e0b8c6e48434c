package dispatch

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/event"
	"kundenkonto/shared/metrics"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

const (
	// lease is longer than the function's time-out of 30 s: who holds one past its end is dead.
	lease = 60 * time.Second
	// maxTries is how often an item is tried before it is given up on: with outbox.Backoff after twenty and a half hours.
	maxTries = 12
	// parallel is how many items are worked on at once. SES takes 14 mails a second of a new account.
	parallel = 8
)

// stream works on the items that a batch of records brought.
func (d Dispatcher) stream(ctx context.Context, e events.DynamoDBEvent) {
	var group errgroup.Group
	group.SetLimit(parallel)
	for _, r := range e.Records {
		pk, ok := r.Change.Keys[table.AttrPK]
		if !ok || pk.DataType() != events.DataTypeString || r.EventName != string(events.DynamoDBOperationTypeInsert) {
			continue
		}
		group.Go(func() error { d.item(ctx, pk.String()); return nil })
	}
	_ = group.Wait()
}

// item claims one item, executes it and notes the result. It returns no error: whatever went wrong is noted on the
// item, or the item stays due.
func (d Dispatcher) item(ctx context.Context, id string) {
	item, err := d.claim(ctx, id)
	if errors.Is(err, outbox.ErrNotClaimed) {
		return
	}
	if err != nil {
		d.Log.ErrorContext(ctx, "outbox", "event", "outbox.claim-failed", "item", short(id), "class", classOf(err).name)
		return
	}
	work, cancel := working(ctx)
	defer cancel()
	out, err := d.do(work, item)
	if err != nil {
		if out.id != "" && item.MessageID == "" && !out.kept {
			_ = d.keep(ctx, item, out.id) // counted; the next try does only what is left
		}
		d.failed(ctx, item, err)
	} else if err = d.finish(ctx, item, out.id); err == nil {
		line := []any{"event", "outbox.done", "kind", item.Event, "order", item.Order, "item", short(id), "mail", item.Parent != "", "tries", item.Tries}
		if out.mail != nil {
			line = append(line, d.Meter.Args(d.Now(), metrics.One(metrics.MailsSent))...)
		}
		d.Log.InfoContext(ctx, "outbox", line...)
	}
	if out.mail != nil {
		d.noteSent(ctx, *out.mail)
	}
}

// outgoing is what was sent for an item, by the id that SES or the bus gave it; "" for nothing. kept says that the id
// is stored on the item already. mail is the mail that was sent in this try.
type outgoing struct {
	id   string
	kept bool
	mail *postedMail
}

func (d Dispatcher) claim(ctx context.Context, id string) (outbox.Item, error) {
	name := make([]byte, 8)
	if _, err := io.ReadFull(d.Rand, name); err != nil {
		return outbox.Item{}, fmt.Errorf("name of a claim: %w", err)
	}
	return d.outbox().Claim(ctx, id, hex.EncodeToString(name), d.Now(), lease)
}

// do executes an item: it sends the mail of one recipient or, for an event as a whole, causes its effects and splits
// it into one item a recipient. Mails do not wait for effects, nor effects for mails. What was sent is returned even
// with an error.
func (d Dispatcher) do(ctx context.Context, item outbox.Item) (outgoing, error) {
	if item.Parent != "" {
		return d.mail(ctx, item)
	}
	if item.Event == outbox.OrderEscalated && d.ServiceTeam.Address != "" {
		item.Recipients = []outbox.Recipient{d.ServiceTeam}
	}
	err := d.split(ctx, item)
	published, effectErr := d.effect(ctx, item)
	return outgoing{id: published}, errors.Join(err, effectErr)
}

// effect causes what an event does besides mails. published is the id of the event for the operator's systems, "" for
// none.
func (d Dispatcher) effect(ctx context.Context, item outbox.Item) (published string, err error) {
	switch item.Event {
	case outbox.OrderSubmitted, outbox.OrderRestarted:
		return "", d.start(ctx, item.Order)
	case outbox.OrderApproved, outbox.OrderRejected, outbox.OrderWithdrawn, outbox.OrderVetoed:
		return "", d.wake(ctx, item.Order)
	case outbox.MasterDataChanged:
		published, err = d.publish(ctx, item)
		return published, errors.Join(err, d.recheck(ctx, item))
	case outbox.CancellationDeclared:
		return "", d.declared(ctx, item)
	case outbox.FactorRecoveryDue:
		return "", d.endRecovery(ctx, item)
	}
	if event.KindOf(item.Event) != "" {
		return d.publish(ctx, item)
	}
	return "", nil
}

// failed writes a failure on the item, or gives it up.
func (d Dispatcher) failed(ctx context.Context, item outbox.Item, cause error) {
	c := classOf(cause)
	line := []any{"kind", item.Event, "order", item.Order, "item", short(item.ID), "mail", item.Parent != "", "tries", item.Tries, "class", c.name}
	if c.permanent || item.Tries >= maxTries {
		if err := d.notAnnounced(ctx, item); err != nil {
			return // the claim's lease brings it back
		}
		if err := d.outbox().GiveUp(ctx, item, c.name, d.Now()); err == nil {
			if item.Parent != "" {
				line = append(line, d.Meter.Args(d.Now(), metrics.One(metrics.MailsGivenUp))...)
			}
			d.Log.ErrorContext(ctx, "outbox", append(line, "event", "outbox.given-up")...) // the alarm counts this line
			d.noteFailed(ctx, item)
		}
		return
	}
	next := d.Now().Add(outbox.Backoff(item.Tries))
	if err := d.outbox().Failed(ctx, item, c.name, next); err != nil {
		line = append(line, "mark", classOf(err).name) // the claim's lease brings it back
	}
	if item.Parent != "" {
		line = append(line, d.Meter.Args(d.Now(), metrics.One(metrics.MailsNotTaken))...)
	}
	d.Log.WarnContext(ctx, "outbox", append(line, "event", "outbox.failed", "next", next)...)
}

// short names an item in the log without the customer number that its id may hold (S20).
func short(id string) string { return table.Hash(id)[:12] }
