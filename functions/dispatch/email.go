package dispatch

import (
	"context"
	"net/url"
	"strconv"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/token"
)

// emailLetter writes about a new e-mail address: to it the link that confirms it, to the one in force the link that stops
// the change. Their tokens are made here and are nowhere but in the mails; nil for any other event.
func (d Dispatcher) emailLetter(ctx context.Context, item outbox.Item, to outbox.Recipient) (mail.Mail, error) {
	number, values := numberOf(item, to), item.Values
	t := token.Token{Subject: number, Address: to.Address}
	byStaff := values[outbox.ValueByStaff] != ""
	switch item.Event {
	case outbox.EmailConfirm:
		until := timeOf(item, outbox.ValueUntil)
		t.Purpose, t.Expires = token.PurposeConfirmEmail, until
		link, err := d.emailLink(ctx, "/account/email/confirm", t, values)
		return mail.EmailConfirm{Number: number, Address: values[outbox.ValueAddress], Link: link, ValidTil: until, ByStaff: byStaff}, err
	case outbox.EmailRequested:
		until := item.CreatedAt.Add(token.StopLifetime)
		t.Purpose, t.Expires = token.PurposeStopEmail, until
		link, err := d.emailLink(ctx, "/account/email/stop", t, values)
		return mail.EmailRequested{Number: number, Address: merge.MaskOther(merge.Email, values[outbox.ValueAddress]), At: item.CreatedAt,
			StopLink: link, StopTil: until, ByStaff: byStaff}, err
	}
	return nil, nil
}

func (d Dispatcher) emailLink(ctx context.Context, path string, t token.Token, values map[string]string) (string, error) {
	t.Epoch, _ = strconv.ParseInt(values[outbox.ValueEpoch], 10, 64)
	t.Values = map[string]string{}
	for _, name := range []string{outbox.ValueChange, outbox.ValueAddress, outbox.ValueOldAddress, outbox.ValueByStaff} {
		t.Values[name] = values[name]
	}
	secret, err := token.Store{Store: d.Tables}.Make(ctx, d.Rand, t)
	if err != nil {
		return "", err
	}
	return d.link(path + "?token=" + url.QueryEscape(secret)), nil
}
