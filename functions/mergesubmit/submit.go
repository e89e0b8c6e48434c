package mergesubmit

import (
	"errors"
	"regexp"
	"strconv"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// maxKey is the longest idempotency key taken, in bytes.
const maxKey = 64

var keyPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// passwordView is the page that asks for the password before an order goes out
// that takes over e-mail or bank data of another number (S7).
type passwordView struct {
	Digest         string `json:"digest"`
	IdempotencyKey string `json:"idempotencyKey"`
}

// submit sends the draft off. Sent twice, it leads to the same order (M9).
func (d Deps) submit(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	sub := order.Submission{Customer: s.Profile.Number, Epoch: s.Profile.Epoch, Digest: f.Get("digest"), IdempotencyKey: f.Get("idempotencyKey")}
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		sub.IdempotencyKey = key
	}
	if !keyPattern.MatchString(sub.IdempotencyKey) {
		return nil, web.BadRequest("idempotency_key", lang.T("Der Auftrag kam unvollständig an. Laden Sie die Seite mit dem Vergleich neu und schicken Sie ihn noch einmal ab."))
	}
	o, err := d.Orders.Submit(r.Context(), sub)
	if errors.Is(err, order.ErrPassword) {
		if refused, err := d.askPassword(r, s, sub, f.Get(reauth.Field)); refused != nil || err != nil {
			return refused, err
		}
		sub.PasswordGiven = true
		o, err = d.Orders.Submit(r.Context(), sub)
	}
	if errors.Is(err, order.ErrSignedOut) {
		return session.ToSignIn(r)
	}
	if err != nil {
		return refuse(r, err)
	}
	r.Note("outcome", "merge_submitted")
	r.Note("order", o.ID)
	return web.SeeOther("/merge/orders/" + o.ID), nil
}

// askPassword compares the password for an order that takes over e-mail or bank
// data. It returns a page when it is missing or wrong.
func (d Deps) askPassword(r *web.Request, s session.Visitor, sub order.Submission, password string) (web.Response, error) {
	err := d.Passwords.Check(r.Context(), s.Profile.Number, password, r.Now)
	var refused *web.Error
	if errors.As(err, &refused) {
		view := passwordView{Digest: sub.Digest, IdempotencyKey: sub.IdempotencyKey}
		return web.Page("password", view).WithError(refused), nil
	}
	return nil, err
}

// refusedView tells why an order did not go out and where to go on.
type refusedView struct {
	Code    string    `json:"code"`
	Message lang.Text `json:"message"`
	Number  string    `json:"customerNumber,omitempty"`
	Running bool      `json:"-"` // the own number is in a running order: there is nothing to go back to
	Empty   bool      `json:"-"` // there is nothing in the draft
}

// tooMany says when the next order may go out; what follows a day later is told with its date.
func tooMany(after time.Duration, now time.Time) *web.Error {
	next := now.Add(after + time.Minute - time.Nanosecond).Truncate(time.Minute)
	return web.TooMany(after, lang.T("Heute sind schon mehrere Aufträge mit diesen Kundennummern abgeschickt worden. Bei jedem geht auch eine E-Mail an die andere Kundennummer. Den nächsten können Sie ab %s abschicken.", lang.Moment(next)))
}

// refuse turns what stands in the way of an order into a page that leads back.
func refuse(r *web.Request, err error) (web.Response, error) {
	var blocked *order.Blocked
	var many *order.TooMany
	refusal, number := (*web.Error)(nil), ""
	switch {
	case errors.As(err, &many):
		refusal = tooMany(many.After, r.Now)
	case errors.As(err, &blocked):
		refusal = web.Unprocessable(blocked.Reason.Code, blocked.Reason.Text)
		number = blocked.Number
	case errors.Is(err, order.ErrDigest):
		refusal = web.Conflict("data_changed", lang.T("Die Daten haben sich geändert, seit Sie den Vergleich gesehen haben. Prüfen Sie ihn noch einmal und schicken Sie den Auftrag dann ab."))
	case errors.Is(err, order.ErrDraftChanged):
		refusal = web.Conflict("draft_changed", lang.T("Ihr Auftrag hat sich in einem anderen Fenster geändert. Prüfen Sie ihn noch einmal."))
	default:
		return nil, err
	}
	r.Note("outcome", "merge_refused")
	r.Note("reason", refusal.Code)
	if r.WantsJSON() {
		return nil, refusal
	}
	view := refusedView{Code: refusal.Code, Message: refusal.Message, Number: number}
	if blocked != nil {
		view.Running, view.Empty = blocked.Reason.Is(merge.OpenMergeOwn), blocked.Reason.Is(merge.NothingToSubmit)
	}
	page := web.Page("refused", view).Status(refusal.Status)
	if many != nil {
		page.WithHeader("Retry-After", strconv.Itoa(int(many.After/time.Second)+1))
	}
	return page, nil
}
