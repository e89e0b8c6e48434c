package order

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// Why an announcement did not reach a side.
const (
	NoAddress     = "no-address"    // there is none on file
	Undeliverable = "undeliverable" // SES did not take the mail, however often it was tried
	Bounced       = "bounced"
	Complained    = "complained" // the mailbox took it and put it aside as unwanted
)

// Unreached are numbers whose owner the announcement did not reach.
type Unreached struct {
	Numbers []string  `dynamodbav:"numbers"`
	Why     string    `dynamodbav:"why"`
	At      time.Time `dynamodbav:"at"`
	Item    string    `dynamodbav:"item,omitempty"` // outbox id of the announcement
	MayFail bool      `dynamodbav:"-"`              // to an earlier address that nothing waits for
}

// Stopped reports whether the veto clock stands still, because a side could not be
// told and nobody has spoken to it in another way (M4).
func (o Order) Stopped() bool { return len(o.Unreached) > 0 && o.ContactedAt.IsZero() }

// Announce moves a submitted order into review and writes the mails that tell both sides. It does nothing for an
// order that was announced already, or for a workflow run that is no longer the order's current one (M9). An order
// whose proof is no longer good is ended instead.
func (s Store) Announce(ctx context.Context, id string, run int) (Order, error) {
	proofs, gone := 0, false
	return s.changeWith(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.Run != run || o.State != merge.Submitted {
			return nil, errNothing
		}
		owners, proven, err := s.checkOwners(ctx, *o)
		if err != nil {
			return nil, err
		}
		if gone || !proven {
			return s.withdrawUnproven(ctx, o)
		}
		if err := s.enter(o, merge.InReview, audit.BySystem); err != nil {
			return nil, err
		}
		to, err := s.addresses(ctx, *o)
		if err != nil {
			return nil, err
		}
		o.ToAnnounce = mailboxesToTell(to)
		if n := unreachable(*o, to); len(n) > 0 && len(o.Unreached) == 0 {
			o.Unreached = append(o.Unreached, Unreached{Numbers: n, Why: NoAddress, At: s.Now().UTC()})
		}
		items := s.checkProofs(*o)
		proofs = len(items)
		items = append(append(items, owners...), outbox.Put(s.Names, s.event(*o, outbox.OrderAnnounced, "", to)))
		return append(items, s.audits(*o, audit.MergeAnnounced, audit.BySystem)...), nil
	}, func(c *table.Cancelled) {
		for i := range proofs {
			gone = gone || c.Failed(1+i)
		}
	})
}

// mailboxesToTell counts the mails that must be sent before everybody who can say no has been told. Each mailbox gets
// one mail.
func mailboxesToTell(to []outbox.Recipient) int {
	count := 0
	for _, r := range outbox.Mailboxes(to) {
		if MaySayNo(r) {
			count++
		}
	}
	return count
}

// MaySayNo reports whether a recipient gets the link that stops an order: the owners of the other numbers, and every
// address of either side that was in force until recently.
func MaySayNo(r outbox.Recipient) bool { return len(r.Numbers) > 0 || r.Earlier }

// unreachable lists the sources that have no address in force.
func unreachable(o Order, to []outbox.Recipient) []string {
	var left []string
	for _, n := range o.SourceNumbers() {
		if !slices.ContainsFunc(to, func(r outbox.Recipient) bool { return !r.Earlier && slices.Contains(r.Numbers, n) }) {
			left = append(left, n)
		}
	}
	return left
}

// MarkAnnounced notes that SES accepted the announcement for one recipient. With
// the last other side told, the veto period starts (M4).
func (s Store) MarkAnnounced(ctx context.Context, id, outboxID string, at time.Time) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if slices.Contains(o.Announced, outboxID) {
			return nil, errNothing
		}
		o.told(outboxID, at)
		return nil, nil
	})
}

// told notes one of the announcements that the veto period waits for.
func (o *Order) told(outboxID string, at time.Time) {
	o.Announced = append(o.Announced, outboxID)
	if len(o.Announced) >= o.ToAnnounce && o.AnnouncedAt.IsZero() {
		o.AnnouncedAt = at.UTC()
	}
}

// AnnouncementFailed notes that the announcement to one recipient bounced or could not be sent, and stops the veto
// clock. Only an approval that records a contact by another way starts the clock again (M4). The same announcement
// counts once (M9), and a finished order does not change any more. A failed mail to an address that has been out of
// use for long stops nothing: it counts as sent.
func (s Store) AnnouncementFailed(ctx context.Context, id string, failed Unreached) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		known := func(u Unreached) bool { return u.Item != "" && u.Item == failed.Item }
		if o.State.Final() || len(failed.Numbers) == 0 || slices.ContainsFunc(o.Unreached, known) {
			return nil, errNothing
		}
		if failed.MayFail {
			if slices.Contains(o.Announced, failed.Item) {
				return nil, errNothing
			}
			o.told(failed.Item, s.Now())
			o.History = append(o.History, Step{At: s.Now().UTC(), State: o.State, Actor: audit.BySystem, Event: AnnouncementFailed, Numbers: failed.Numbers})
			return s.audits(*o, audit.MergeNotAnnounced, audit.BySystem), nil
		}
		failed.At = s.Now().UTC()
		o.Unreached = append(o.Unreached, failed)
		// The contact that was recorded was with another side, not with the one that is unreachable now.
		o.Contact, o.ContactedAt = "", time.Time{}
		o.History = append(o.History, Step{At: failed.At, State: o.State, Actor: audit.BySystem, Event: AnnouncementFailed})
		return s.audits(*o, audit.MergeNotAnnounced, audit.BySystem), nil
	})
}

// announcementsKept is how long a mail is known by SES's id: bounces come within days.
const announcementsKept = 30 * 24 * time.Hour

// Announcement is the mail that told one recipient.
type Announcement struct {
	Order   string   `dynamodbav:"order"`
	Item    string   `dynamodbav:"item"` // outbox id
	Numbers []string `dynamodbav:"numbers"`
	MayFail bool     `dynamodbav:"mayFail,omitempty"`

	Recovery string `dynamodbav:"recovery,omitempty"` // the mail warned of this recovery of a second factor, and is of no order
}

// failureKept is how long a returned mail is remembered before it is known whether it was an announcement; most are
// none.
const failureKept = 3 * 24 * time.Hour

// attrFailed says why a mail came back.
const attrFailed = "failed"

// NoteAnnouncement remembers which announcement a mail was, by the id that SES gave it: a bounce names nothing else.
// The bounce can arrive before this note; failed then says why the mail came back, and is "" otherwise.
func (s Store) NoteAnnouncement(ctx context.Context, messageID string, a Announcement) (failed string, err error) {
	item := table.With(table.Announcement(messageID), table.MustMarshal(a))
	item["ttl"] = table.N(s.Now().Add(announcementsKept).Unix())
	old, refused, err := s.putMail(ctx, item, "attribute_not_exists("+attrFailed+")")
	if err != nil || !refused {
		return "", err
	}
	item[attrFailed] = old[attrFailed] // of the two notes the second sees the first, whichever comes again
	_, _, err = s.putMail(ctx, item, "attribute_exists("+attrFailed+")")
	return table.String(old, attrFailed), err
}

// NoteFailure remembers that a mail came back, and returns the announcement that it was; ErrNotFound while it is not
// known to be one.
func (s Store) NoteFailure(ctx context.Context, messageID, why string) (Announcement, error) {
	item := table.With(table.Announcement(messageID), table.Item{attrFailed: table.S(why)})
	item["ttl"] = table.N(s.Now().Add(failureKept).Unix())
	old, refused, err := s.putMail(ctx, item, "attribute_not_exists(pk)")
	if err != nil {
		return Announcement{}, err
	}
	if !refused || table.String(old, "item") == "" {
		return Announcement{}, ErrNotFound
	}
	var a Announcement
	return a, table.Unmarshal(old, &a)
}

// putMail stores what is known of a mail, or returns what is stored already.
func (s Store) putMail(ctx context.Context, item table.Item, condition string) (old table.Item, refused bool, err error) {
	_, err = s.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Names.MergeOrders, Item: item, ConditionExpression: &condition,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld})
	if old, refused := table.ConditionFailed(err); refused {
		return old, true, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("mail of an announcement: write: %w", err)
	}
	return nil, false, nil
}
