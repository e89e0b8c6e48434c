package history

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/order"
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
	Number  string    `json:"customerNumber"` // the own one, or one that was merged into it
	Subject lang.Text `json:"subject"`        // a mail that went out has one, in the language it was written in
	State   string    `json:"state"`          // one of the states below
	Again   bool      `json:"repeated,omitempty"`
	Earlier bool      `json:"earlierAddress,omitempty"` // it went to an address that was in force before
}

// States of a mail. Those that did not arrive are told with what the customer can do.
const (
	mailSent       = "sent"
	mailFailed     = "failed"     // SES did not take it, however often it was tried
	mailReturned   = "returned"   // the mailbox refused it
	mailComplained = "complained" // the mailbox took it for unwanted
)

// mailsView is a page of mails, newest first.
type mailsView struct {
	Number string    `json:"customerNumber"`
	Mails  []MailRow `json:"mails"`
	After  string    `json:"after,omitempty"`
	Next   string    `json:"next,omitempty"` // for the query parameter after
}

// NextPage is the address of older mails.
func (v mailsView) NextPage() string { return mailsPath + "?" + url.Values{"after": {v.Next}}.Encode() }

func (d Room) mailsPage(r *web.Request, s session.Visitor) (web.Response, error) {
	view := mailsView{Number: s.Profile.Number, Mails: []MailRow{}, After: r.URL.Query().Get("after")}
	numbers, _, err := d.toldOf(r.Context(), s.Profile)
	if err != nil {
		return nil, err
	}
	var events []audit.Event
	var returned map[string]string
	group, ctx := errgroup.WithContext(r.Context())
	group.Go(func() (err error) {
		events, view.Next, err = d.Audit().ChooseOf(ctx, numbers, view.After, mailsSize, func(e audit.Event) bool { return ListsMail(e, r.Now) })
		return err
	})
	group.Go(func() (err error) { returned, err = ReturnedMails(ctx, d.Audit(), numbers, r.Now); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, e := range events {
		view.Mails = append(view.Mails, MailOf(e, returned))
	}
	return web.Page("mails", view), nil
}

// mostReturned bounds the mails that are told as not arrived.
const mostReturned = 200

// ReturnedMails says of mails why they came back. They do so later than they were sent, so that they stand on other pages.
func ReturnedMails(ctx context.Context, events audit.Store, numbers []string, now time.Time) (map[string]string, error) {
	found, _, err := events.ChooseOf(ctx, numbers, "", mostReturned, func(e audit.Event) bool {
		return e.Action == audit.MailReturned && now.Sub(e.At) < mailsFor
	})
	why := map[string]string{}
	for _, e := range found {
		why[e.New[audit.KeyMail]] = e.New[audit.KeyWhy]
	}
	return why, err
}

// ListsMail tells whether an event is a mail that the page lists.
func ListsMail(e audit.Event, now time.Time) bool {
	return (e.Action == audit.MailSent || e.Action == audit.MailFailed) && now.Sub(e.At) < mailsFor
}

// MailOf is a mail with what became of it.
func MailOf(e audit.Event, returned map[string]string) MailRow {
	row := MailRow{At: e.At, Number: e.Number, State: mailSent, Again: e.New[audit.KeyAgain] != "", Earlier: e.New[audit.KeyEarlier] != "",
		Subject: subjectOf(e)}
	switch why, back := returned[e.New[audit.KeyMail]]; {
	case e.Action == audit.MailFailed:
		row.State = mailFailed
		row.Subject = audit.Words(e.New[audit.KeyEvent])
		if e.Order != "" {
			row.Subject = lang.T("Auftrag %s", e.Order)
		}
	case back && why == order.Complained:
		row.State = mailComplained
	case back:
		row.State = mailReturned
	}
	return row
}

// subjectOf is the subject without the customer number, which the page says once.
func subjectOf(e audit.Event) lang.Text {
	subject := e.New[audit.KeySubject]
	for _, end := range []string{" (Kundennummer " + e.Number + ")", " (customer number " + e.Number + ")"} {
		subject = strings.TrimSuffix(subject, end)
	}
	return lang.Raw(subject)
}

// Remedy says what can be done about them.
func (mailsView) Remedy() lang.Text {
	return lang.T("Nicht jede E-Mail ist angekommen.").And(
		lang.T("Prüfen Sie Ihre E-Mail-Adresse in den Stammdaten und ob Ihr Postfach voll ist; stimmt die Adresse nicht, ändern Sie sie dort."))
}

// Trouble says whether the page has to say what can be done about mails that do not arrive.
func (v mailsView) Trouble() bool {
	return slices.ContainsFunc(v.Mails, func(m MailRow) bool { return m.State != mailSent })
}
