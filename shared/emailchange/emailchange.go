// Package emailchange asks for another e-mail address of a customer, for the customer's own page and for the service team.
// The address only waits: it counts when it is confirmed by the link that is mailed to it, and until then and for a while
// after, the one in force can stop it (S7).
package emailchange

import (
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

// SentTwice is how soon the same address again is the same form sent twice (M9); later it asks for another link.
const SentTwice = time.Minute

// Request is a cleaned and checked address, who asks for it and when. Reason is the service team's and stays there; "" when
// the customer asks.
type Request struct {
	Address string
	Actor   string
	Reason  string
	At      time.Time
}

// New says whether a request asks for anything: not for the address in force, nor for one asked for a moment ago.
func (q Request) New(p customer.Profile) bool {
	return q.Address != p.Email && q.Address != masterdata.CleanEmail(p.Email) && !q.JustAsked(p)
}

// JustAsked says that the same address was asked for a moment ago.
func (q Request) JustAsked(p customer.Profile) bool {
	w := p.Waiting(q.At)
	return w != nil && w.Address == q.Address && q.At.Sub(w.At) < SentTwice
}

// Ask is the address that waits, and what tells of it: a link to the new address, which puts it into force, and one to the
// address in force, which stops the change. A stranger whose address was mistyped learns no name.
//
// An address that waits already is asked for once more: it is the same change, so that the link mailed before stays good.
func Ask(names table.Names, p customer.Profile, q Request, rand io.Reader) (*customer.PendingEmail, []types.TransactWriteItem, error) {
	pending := &customer.PendingEmail{Address: q.Address, At: q.At, Until: q.At.Add(token.ConfirmLifetime), Epoch: p.Epoch}
	action := audit.EmailRequested
	if w := p.Waiting(q.At); w != nil && w.Address == q.Address {
		pending.ID, action = w.ID, audit.EmailLinkResent
	} else {
		raw := make([]byte, 8)
		if _, err := io.ReadFull(rand, raw); err != nil {
			return nil, nil, fmt.Errorf("id of an e-mail change: %w", err)
		}
		pending.ID = hex.EncodeToString(raw)
	}
	event := audit.Event{Number: p.Number, Action: action, Actor: q.Actor, At: q.At,
		Old: map[string]string{"email": p.Email}, New: map[string]string{"email": q.Address}}
	if q.Reason != "" {
		event.New[audit.KeyReason] = q.Reason
	}
	items := []types.TransactWriteItem{audit.Put(names, event, rand), outbox.Put(names, q.item(p, pending, outbox.EmailConfirm, q.Address, ""))}
	if p.Email != "" {
		items = append(items, outbox.Put(names, q.item(p, pending, outbox.EmailRequested, p.Email, p.DisplayName())))
	}
	return pending, items, nil
}

func (q Request) item(p customer.Profile, pending *customer.PendingEmail, event, to, name string) outbox.Item {
	values := map[string]string{
		outbox.ValueNumber: p.Number, outbox.ValueChange: pending.ID, outbox.ValueAddress: q.Address, outbox.ValueOldAddress: p.Email,
		outbox.ValueUntil: table.FormatTime(pending.Until), outbox.ValueEpoch: strconv.FormatInt(p.Epoch, 10),
	}
	if q.Actor != p.Number {
		values[outbox.ValueByStaff] = "yes"
	}
	r := p.Recipient(to)
	r.Name, r.Own = name, true
	return outbox.Item{Event: event, Key: fmt.Sprintf("%s#%s#%d", p.Number, pending.ID, q.At.UnixMilli()), Values: values, CreatedAt: q.At,
		Recipients: []outbox.Recipient{r}}
}

// Withdrawn lets the present address stay: what waits is void, with the audit event of it, on condition that it still is
// what waits. Nothing when no address waits.
func Withdrawn(names table.Names, p customer.Profile, actor string, now time.Time, rand io.Reader) []types.TransactWriteItem {
	waiting := p.Waiting(now)
	if waiting == nil {
		return nil
	}
	next := p
	next.Pending = nil
	event := audit.Event{Number: p.Number, Action: audit.EmailWithdrawn, Actor: actor, At: now,
		Old: map[string]string{"email": waiting.Address}, New: map[string]string{"email": p.Email}}
	return []types.TransactWriteItem{customer.UpdateMasterData(names, p, next), audit.Put(names, event, rand)}
}
