package mails

import (
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// resend puts an item back that was given up on. The reason stays in the audit (S13).
func (d Room) resend(r *web.Request, staff session.StaffSession) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	item, err := d.mailOf(r)
	if err != nil {
		return nil, err
	}
	reason := desk.Prose(form.Get("reason"))
	wrong, err := d.resendRefused(r, item, reason)
	if err != nil {
		return nil, err
	}
	if wrong == nil {
		err = d.Outbox.Transact(r.Context(), d.putBack(item, staff.Actor(), reason, r.Now), "")
		if err == nil {
			r.Note("outcome", "mail_resent")
			return web.SeeOther(desk.MailsPath + "?done=resent"), nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return nil, fmt.Errorf("put a mail back: %w", err)
		}
		wrong = alreadyResent()
	}
	from := time.Time{}
	if !item.GivenUpAt.IsZero() {
		from = item.GivenUpAt.Add(1) // the list begins with the form that was refused
	}
	v, err := d.mailsView(r, from)
	v.Refused, v.Reason = mailID(item.ID), reason
	return web.Page("mails", v).WithError(wrong), err
}

// putBack is one transaction: what was sent once more is audited for each number (M10), and a second click does neither.
func (d Room) putBack(item outbox.Item, actor, reason string, now time.Time) []types.TransactWriteItem {
	items := []types.TransactWriteItem{outbox.Again(d.Outbox.Names, item, now)}
	for _, n := range numbersIn(item) {
		items = append(items, audit.Put(d.Outbox.Names, audit.Event{Number: n, Action: audit.MailResent, Actor: actor, At: now, Order: item.Order,
			New: map[string]string{audit.KeyEvent: item.Event, audit.KeyWhy: reason}}, d.Rand))
	}
	return items
}

// mailOf is the item of the address.
func (d Room) mailOf(r *web.Request) (outbox.Item, error) {
	id, err := base64.RawURLEncoding.DecodeString(r.PathValue("id"))
	if err != nil || len(id) == 0 {
		return outbox.Item{}, web.NotFound()
	}
	item, err := d.Outbox.Find(r.Context(), string(id))
	if errors.Is(err, outbox.ErrNotFound) {
		return item, web.NotFound()
	}
	return item, err
}

// resendRefused says why an item is not put back; nil when it is.
func (d Room) resendRefused(r *web.Request, item outbox.Item, reason string) (*web.Error, error) {
	if item.GivenUpAt.IsZero() || item.Due != table.GivenUpShard(item.ID) {
		return alreadyResent(), nil
	}
	known, err := d.subjectsOf(r.Context(), []outbox.Item{item})
	if err != nil {
		return nil, err
	}
	if why := known.over(item, r.Now); !why.Empty() {
		return web.Conflict("mail_over", why), nil
	}
	if reason == "" {
		return desk.ReasonMissing(), nil
	}
	return nil, nil
}

func alreadyResent() *web.Error {
	return web.Conflict("already_resent", lang.T("Diese E-Mail ist inzwischen schon noch einmal auf den Weg gebracht worden."))
}
