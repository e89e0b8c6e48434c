package account

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
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// sentTwice is how soon the same address again is the same form sent twice (M9); later it asks for another link.
const sentTwice = time.Minute

// newEmail says whether the entry asks for another e-mail address.
func (e entry) newEmail(p customer.Profile, now time.Time) bool {
	return e.email != p.Email && e.email != masterdata.CleanEmail(p.Email) && !e.waits(p, now)
}

// waits says whether the address was asked for a moment ago.
func (e entry) waits(p customer.Profile, now time.Time) bool {
	w := p.Waiting(now)
	return w != nil && w.Address == e.email && now.Sub(w.At) < sentTwice
}

// heldByObjection refuses another e-mail address while an objection against a merge of the number waits for a decision:
// whoever took a number over must not cut its former owner off meanwhile.
func (d Deps) heldByObjection(r *web.Request, number string) (*web.Error, error) {
	ids, err := d.Orders.Objections(r.Context(), number)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	said := web.T("Gegen eine Zusammenfassung liegt ein Widerspruch vor, den wir gerade prüfen (Auftrag "+ids[0]+"). Bis wir entschieden haben, lässt sich die E-Mail-Adresse nicht ändern.",
		"There is an objection to a merge, which we are looking into (order "+ids[0]+"). Until we have decided, the e-mail address cannot be changed.")
	refused := web.Conflict("objection_open", said)
	refused.Fields = []web.FieldError{web.Invalid(string(merge.Email), "objection_open", said)}
	return refused, nil
}

// mayMail counts the mails to new addresses, which may be strangers'.
func (d Deps) mayMail(r *web.Request, number string) (*web.Error, error) {
	verdict, err := d.Throttle.Try(r.Context(), throttle.EmailChanges(number), r.Now)
	if err != nil || verdict.Allowed {
		return nil, err
	}
	until := r.Now.Add(verdict.RetryAfter)
	said := web.T("Wir schicken höchstens drei Links an neue Adressen in der Stunde. Ab "+web.Clock("de", until)+" können Sie es wieder versuchen.",
		"We send at most three links to new addresses an hour. You can try again from "+web.Clock("en", until)+".")
	refused := web.TooMany(verdict.RetryAfter, said)
	refused.Fields = []web.FieldError{web.Invalid(string(merge.Email), "too_many_requests", said)}
	return refused, nil
}

// askToConfirm is the address that waits, and what tells of it: a link to the new address, which puts it into force, and
// one to the address in force, which stops the change (S7). A stranger whose address was mistyped learns no name.
//
// An address that waits already is asked for once more: it is the same change, so that the link mailed before stays good.
func (d Deps) askToConfirm(r *web.Request, p customer.Profile, address string) (*customer.PendingEmail, []types.TransactWriteItem, error) {
	pending := &customer.PendingEmail{Address: address, At: r.Now, Until: r.Now.Add(token.ConfirmLifetime), Epoch: p.Epoch}
	action := audit.EmailRequested
	if w := p.Waiting(r.Now); w != nil && w.Address == address {
		pending.ID, action = w.ID, audit.EmailLinkResent
	} else {
		raw := make([]byte, 8)
		if _, err := io.ReadFull(d.Rand, raw); err != nil {
			return nil, nil, fmt.Errorf("id of an e-mail change: %w", err)
		}
		pending.ID = hex.EncodeToString(raw)
	}
	key := fmt.Sprintf("%s#%s#%d", p.Number, pending.ID, r.Now.UnixMilli())
	values := map[string]string{
		outbox.ValueNumber: p.Number, outbox.ValueChange: pending.ID, outbox.ValueAddress: address, outbox.ValueOldAddress: p.Email,
		outbox.ValueUntil: table.FormatTime(pending.Until), outbox.ValueEpoch: strconv.FormatInt(p.Epoch, 10),
	}
	item := func(event, to, name string) types.TransactWriteItem {
		return outbox.Put(d.Names, outbox.Item{Event: event, Key: key, Values: values, CreatedAt: r.Now,
			Recipients: []outbox.Recipient{{Address: to, Language: p.Language, Name: name, Numbers: []string{p.Number}, Own: true}}})
	}
	items := []types.TransactWriteItem{
		audit.Put(d.Names, audit.Event{Number: p.Number, Action: action, Actor: p.Number, At: r.Now,
			Old: map[string]string{"email": p.Email}, New: map[string]string{"email": address}}, d.Rand),
		item(outbox.EmailConfirm, address, ""),
	}
	if p.Email != "" {
		items = append(items, item(outbox.EmailRequested, p.Email, p.DisplayName()))
	}
	return pending, items, nil
}
