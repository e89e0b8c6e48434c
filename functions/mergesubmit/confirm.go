package mergesubmit

import (
	"errors"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// confirmView is what an order waits for whose data changed after the submission:
// the customer's agreement to the data as they are now.
type confirmView struct {
	Changes       []changeView `json:"changes"`
	Digest        string       `json:"digest"`
	NeedsPassword bool         `json:"needsPassword"`
}

// changeView is one value that is another than when the order was submitted, masked
// where it is another number's (M3). Hidden says that both look alike masked.
type changeView struct {
	Number string      `json:"customerNumber"`
	Field  merge.Field `json:"field"`
	Label  lang.Text   `json:"label"`
	Before string      `json:"before"`
	Now    string      `json:"now"`
	Hidden bool        `json:"hidden"`
}

func confirmViewOf(o, renewed order.Order) *confirmView {
	v := &confirmView{Digest: renewed.Digest, NeedsPassword: merge.NeedsPassword(renewed.Merging()),
		Changes: changes(o.Survivor.Record, renewed.Survivor.Record, true)}
	for i := range o.Sources {
		v.Changes = append(v.Changes, changes(o.Sources[i].Record, renewed.Sources[i].Record, false)...)
	}
	return v
}

func changes(before, now merge.Record, own bool) []changeView {
	list := []changeView{}
	for _, f := range merge.Fields() {
		was, is := before.Get(f), now.Get(f)
		if was == is {
			continue
		}
		if !own {
			was, is = merge.MaskOther(f, was), merge.MaskOther(f, is)
		}
		list = append(list, changeView{Number: before.Number, Field: f, Label: f.Words(), Before: was, Now: is, Hidden: was == is})
	}
	return list
}

// confirm takes the customer's agreement and brings the order back into review.
// Confirmed twice, it leads to the same order (M9).
func (d Deps) confirm(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	o, err := d.find(r, s)
	if err != nil {
		return nil, err
	}
	agreed := order.Confirmation{Customer: s.Profile.Number, Epoch: s.Profile.Epoch, Digest: f.Get("digest")}
	confirmed, err := d.Orders.Confirm(r.Context(), o.ID, agreed)
	if errors.Is(err, order.ErrPassword) {
		if refused, err := d.passwordFor(r, s, f.Get(reauth.Field)); refused != nil || err != nil {
			return refused, err
		}
		agreed.PasswordGiven = true
		confirmed, err = d.Orders.Confirm(r.Context(), o.ID, agreed)
	}
	if errors.Is(err, order.ErrSignedOut) {
		return session.ToSignIn(r)
	}
	if refusal := refusedConfirmation(err, r.Now); refusal != nil {
		r.Note("reason", refusal.Code)
		return d.refusedPage(r, s, refusal)
	}
	if err != nil {
		return nil, err
	}
	r.Note("outcome", "merge_confirmed")
	r.Note("order", confirmed.ID)
	return web.SeeOther("/merge/orders/" + confirmed.ID), nil
}

// passwordFor compares the password where e-mail or bank data of another number
// are taken over (S7). It returns the order's page when that is missing or wrong.
func (d Deps) passwordFor(r *web.Request, s session.Visitor, password string) (web.Response, error) {
	err := d.Passwords.Check(r.Context(), s.Profile.Number, password, r.Now)
	var refused *web.Error
	if errors.As(err, &refused) {
		return d.refusedPage(r, s, refused)
	}
	return nil, err
}

// refusedPage is the order as it is now, with what stands in the way on top.
func (d Deps) refusedPage(r *web.Request, s session.Visitor, refusal *web.Error) (web.Response, error) {
	o, err := d.find(r, s)
	if err != nil {
		return nil, err
	}
	v, err := d.view(o, r)
	if err != nil {
		return nil, err
	}
	return web.Page("order", v).WithError(refusal), nil
}

// refusedConfirmation says what stands in the way of a confirmation, nil for
// success and for what is no answer to a customer.
func refusedConfirmation(err error, now time.Time) *web.Error {
	var blocked *order.Blocked
	var many *order.TooMany
	switch {
	case errors.As(err, &many):
		next := now.Add(many.After + time.Minute - time.Nanosecond).Truncate(time.Minute)
		return web.TooMany(many.After, lang.T("Dieser Auftrag ist heute schon mehrmals mit geänderten Daten bestätigt worden. Bei jeder Bestätigung geht auch eine E-Mail an die andere Kundennummer. Die nächste ist ab %s möglich.", lang.Moment(next)))
	case errors.As(err, &blocked):
		return web.Unprocessable(blocked.Reason.Code, blocked.Reason.Text)
	case errors.Is(err, order.ErrDigest):
		return web.Conflict("data_changed", lang.T("Die Daten haben sich noch einmal geändert. Sehen Sie sich die Änderungen unten an und bestätigen Sie dann."))
	case errors.Is(err, order.ErrState):
		return web.Conflict("order_closed", lang.T("Dieser Auftrag braucht keine Bestätigung mehr. Unten steht, wie es mit ihm weitergeht."))
	}
	return nil
}
