package notices

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// noticesView is a page of cancellations, the oldest first.
type noticesView struct {
	Waiting []noticeRow `json:"cancellations"`
	Next    string      `json:"next,omitempty"` // for the query parameter after
	Later   bool        `json:"-"`
}

// noticeRow is one of them, without what the customer wrote (S13): that stands on the customer's page, whose look is audited.
type noticeRow struct {
	customer.Cancellation
	Package  string `json:"package"`
	Number   string `json:"customerNumber"` // the one that the package was ordered with
	Tariff   string `json:"tariff"`
	NoReason string `json:"reason,omitempty"` // hides the embedded one
}

// KindText says how the contract was cancelled.
func (r noticeRow) KindText() lang.Text { return cancellation.KindWords(r.Kind) }

// WishText says which end the customer wished.
func (r noticeRow) WishText() lang.Text { return cancellation.WishWords(r.Wished) }

// NextPage is the address of later ones.
func (v noticesView) NextPage() string {
	return desk.NoticesPath + "?" + url.Values{"after": {v.Next}}.Encode()
}

func (d Room) list(r *web.Request, _ session.StaffSession) (web.Response, error) {
	q := r.URL.Query()
	after := desk.ParseCursor(q.Get("after"))
	v, err := d.view(r, after)
	if err != nil {
		return nil, err
	}
	page := web.Page("notices", v)
	if q.Get("done") == "taken-up" {
		page = page.WithNotice("success", lang.T("Die Kündigung ist übernommen. Der Kunde erfährt es per E-Mail."))
	}
	return page, nil
}

func (d Room) view(r *web.Request, after time.Time) (noticesView, error) {
	packages, next, err := d.Profiles.Cancelling(r.Context(), after, aPage)
	if err != nil {
		return noticesView{}, err
	}
	v := noticesView{Waiting: []noticeRow{}, Later: !after.IsZero()}
	for _, p := range packages {
		v.Waiting = append(v.Waiting, noticeRow{Cancellation: *p.Cancellation, Package: p.ID, Number: p.Number, Tariff: p.Tariff})
	}
	if !next.IsZero() {
		v.Next = next.UTC().Format(time.RFC3339Nano)
	}
	return v, nil
}

// takeUp notes that the operator's team has taken a cancellation over into its own administration. Once: who presses a second
// time, or after the customer took it back, is told so (S12).
func (d Room) takeUp(r *web.Request, staff session.StaffSession) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	p, err := d.Profiles.Package(r.Context(), r.PathValue("id"))
	if errors.Is(err, customer.ErrNotFound) {
		return nil, web.NotFound()
	}
	if err != nil {
		return nil, err
	}
	r.Note("customer", web.MaskNumber(p.Number))
	if p.Cancellation == nil || p.Cancellation.TakenUp() || p.Cancellation.ID != f.Text("cancellation") {
		return d.gone(r)
	}
	owner, err := d.Profiles.InCharge(r.Context(), p.Number)
	if err != nil {
		return nil, err
	}
	err = d.Profiles.Transact(r.Context(), d.takenUp(p, owner, staff.Actor(), r.Now), "")
	if errors.Is(err, table.ErrCondition) {
		return d.gone(r)
	}
	if err != nil {
		return nil, fmt.Errorf("take up a cancellation: %w", err)
	}
	r.Note("outcome", "cancellation_taken_up")
	return web.SeeOther(desk.NoticesPath + "?done=taken-up"), nil
}

// gone is the list with why nothing was done.
func (d Room) gone(r *web.Request) (web.Response, error) {
	v, err := d.view(r, time.Time{})
	if err != nil {
		return nil, err
	}
	return web.Page("notices", v).WithError(web.Conflict("cancellation_gone",
		lang.T("Diese Kündigung wartet nicht mehr: Jemand hat sie übernommen, oder der Kunde hat sie zurückgezogen."))), nil
}

func (d Room) takenUp(p customer.Package, owner customer.Profile, actor string, now time.Time) []types.TransactWriteItem {
	c := *p.Cancellation
	return []types.TransactWriteItem{
		customer.TakeUpCancellation(d.Profiles.Names, p, now),
		audit.Put(d.Profiles.Names, audit.Event{Number: owner.Number, Action: audit.NoticeTakenUp, Actor: actor, At: now,
			New: map[string]string{outbox.ValuePackage: p.ID, outbox.ValueCancellation: c.ID, outbox.ValueEndsOn: c.EndsOn}}, d.Rand),
		outbox.Put(d.Profiles.Names, outbox.Item{Event: outbox.NoticeTakenUp, Key: p.ID + "#" + c.ID, CreatedAt: now,
			Values: cancellation.Values(owner.Number, p, c), Recipients: emailchange.Owner(owner, now)}),
	}
}
