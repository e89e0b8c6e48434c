package account

import (
	"net/url"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// mailsPath is the page that lists the mails to the customer.
const mailsPath = "/account/mails"

// How long mails are listed, and how many on a page.
const (
	mailsFor  = 90 * 24 * time.Hour
	mailsSize = 25
)

// MailRow is one mail: what it was about and what became of it. Neither its text nor its links are kept.
type MailRow struct {
	At      time.Time `json:"at"`
	Subject web.Text  `json:"subject"` // a mail that went out has one, in the language it was written in
	State   string    `json:"state"`   // sent or failed
}

// MailsView is a page of mails, newest first.
type MailsView struct {
	Mails []MailRow `json:"mails"`
	After string    `json:"after,omitempty"`
	Next  string    `json:"next,omitempty"` // for the query parameter after
}

// NextPage is the address of older mails.
func (v MailsView) NextPage() string { return mailsPath + "?" + url.Values{"after": {v.Next}}.Encode() }

func (d Deps) mailsPage(r *web.Request, s session.Signed) (web.Response, error) {
	view := MailsView{Mails: []MailRow{}, After: r.URL.Query().Get("after")}
	events, next, err := d.audit().Choose(r.Context(), s.Profile.Number, view.After, mailsSize,
		func(e audit.Event) bool { return mailToShow(e, r.Now) })
	if err != nil {
		return nil, err
	}
	view.Next = next
	for _, e := range events {
		view.Mails = append(view.Mails, rowOfMail(e))
	}
	return web.Page("mails", view), nil
}

func mailToShow(e audit.Event, now time.Time) bool {
	return audit.KindOf(e.Action) == audit.Mail && now.Sub(e.At) < mailsFor
}

func rowOfMail(e audit.Event) MailRow {
	row := MailRow{At: e.At, State: "sent", Subject: web.T(e.New[audit.KeySubject], e.New[audit.KeySubject])}
	if e.Action == audit.MailFailed {
		row.State = "failed"
		de, en := audit.Words(e.New[audit.KeyEvent])
		row.Subject = web.T(de, en)
		if e.Order != "" {
			row.Subject = web.T("Auftrag "+e.Order, "Order "+e.Order)
		}
	}
	return row
}
