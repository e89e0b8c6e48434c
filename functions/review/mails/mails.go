package mails

import (
	"encoding/base64"
	"net/url"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// mailsAPage is how many a page lists.
const mailsAPage = 25

// mailsView is a page of mails that were given up on, the latest first.
type mailsView struct {
	Mails []mailRow `json:"mails"`
	Next  string    `json:"next,omitempty"` // for the query parameter before
	Later bool      `json:"-"`

	// Known are the customer numbers and orders that there is a page of.
	Known map[string]bool `json:"-"`
	// What a refused form held.
	Refused, Reason string `json:"-"`
}

// mailRow is one of them, without text, links and whole addresses (S13, S20).
type mailRow struct {
	ID        string    `json:"id"`
	What      lang.Text `json:"what"`
	Numbers   []string  `json:"customerNumbers"`
	Order     string    `json:"order,omitempty"`
	Recipient string    `json:"recipient,omitempty"` // masked; "" for an event as a whole
	GivenUpAt time.Time `json:"givenUpAt"`
	Why       lang.Text `json:"why"`
	Over      lang.Text `json:"over,omitzero"` // why it cannot be sent any more
}

// NextPage is the address of earlier ones.
func (v mailsView) NextPage() string {
	return desk.MailsPath + "?" + url.Values{"before": {v.Next}}.Encode()
}

func (d Room) mails(r *web.Request, _ session.StaffSession) (web.Response, error) {
	q := r.URL.Query()
	v, err := d.mailsView(r, desk.ParseCursor(q.Get("before")))
	if err != nil {
		return nil, err
	}
	page := web.Page("mails", v)
	if q.Get("done") == "resent" {
		page = page.WithNotice("success", lang.T("Die E-Mail geht in den nächsten Minuten noch einmal auf den Weg."))
	}
	return page, nil
}

func (d Room) mailsView(r *web.Request, before time.Time) (mailsView, error) {
	items, next, err := d.Outbox.GivenUp(r.Context(), before, mailsAPage)
	if err != nil {
		return mailsView{}, err
	}
	known, err := d.subjectsOf(r.Context(), items)
	v := mailsView{Mails: []mailRow{}, Known: known.pages(), Later: !before.IsZero()}
	for _, item := range items {
		v.Mails = append(v.Mails, mailRowOf(item, known, r.Now))
	}
	if !next.IsZero() {
		v.Next = next.UTC().Format(time.RFC3339Nano)
	}
	return v, err
}

func mailRowOf(item outbox.Item, known subjects, now time.Time) mailRow {
	row := mailRow{ID: mailID(item.ID), What: eventText(item.Event), Numbers: numbersIn(item), Order: item.Order, GivenUpAt: item.GivenUpAt,
		Why: whyGivenUp(item.LastError), Over: known.over(item, now)}
	if item.Parent != "" && len(item.Recipients) == 1 {
		row.Recipient = merge.MaskOther(merge.Email, item.Recipients[0].Address)
	}
	return row
}

// mailID is an outbox id as addresses carry it.
func mailID(id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id)) }
