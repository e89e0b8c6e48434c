package masterdata

import (
	"errors"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// showConfirm asks whether the new address is to hold. A GET never acts: mail scanners follow links (S6).
func (d Room) showConfirm(r *web.Request) (web.Response, error) {
	l, err := d.findLink(r, r.URL.Query().Get("token"), token.PurposeConfirmEmail)
	if err == nil && l.waiting(r) == nil {
		err = errLinkGone
	}
	if errors.Is(err, errLinkGone) {
		return web.LinkUsed("emailgone", nil), nil
	}
	if err != nil {
		return nil, err
	}
	open, err := d.Orders.OpenOrder(r.Context(), l.profile.Number)
	if err != nil {
		return nil, err
	}
	refused, err := d.heldByObjection(r, l.profile.Number)
	if err == nil && refused == nil {
		_, refused, err = d.heldByRecovery(r, l.profile.Number)
	}
	if err != nil {
		return nil, err
	}
	return web.Page("emailconfirm", confirmView(r, l, open)).WithError(withoutFields(refused)), nil
}

// confirmEmail puts the new address into force.
func (d Room) confirmEmail(r *web.Request) (web.Response, error) {
	return d.actByLink(r, token.PurposeConfirmEmail, func(l mailedLink) (web.Response, error) {
		w := l.waiting(r)
		if w == nil {
			return nil, errLinkGone
		}
		refused, err := d.heldByObjection(r, l.profile.Number)
		var f secondfactor.Factor
		if err == nil && refused == nil {
			f, refused, err = d.heldByRecovery(r, l.profile.Number)
		}
		if err != nil {
			return nil, err
		}
		view := confirmView(r, l, "")
		if refused != nil {
			return web.Page("emailconfirm", view).WithError(withoutFields(refused)), nil
		}
		next := l.profile.EmailReplaced(w.Address, r.Now)
		err = d.writeEmail(r, l, next, audit.Event{Action: audit.EmailConfirmed, Actor: l.profile.Number,
			Old: map[string]string{"email": l.profile.Email}, New: map[string]string{"email": w.Address}}, secondfactor.CheckUnchanged(d.Names, f))
		if err != nil {
			return nil, err
		}
		r.Note("outcome", "email_confirmed")
		view.Done = true
		return web.Page("emailconfirm", view), nil
	})
}

// heldByRecovery refuses another e-mail address while the second step is being taken away: of the two only one at a time,
// so that its owner can stop both from the address that was warned.
func (d Room) heldByRecovery(r *web.Request, number string) (secondfactor.Factor, *web.Error, error) {
	f, err := (secondfactor.Store{Store: d.Store}).Get(r.Context(), number)
	if err != nil || !f.Recovery.Going(r.Now) {
		return f, nil, err
	}
	return f, web.Conflict("recovery_running", lang.T("Die zweite Stufe der Anmeldung wird gerade abgeschaltet. Solange lässt sich die E-Mail-Adresse nicht ändern. Danach können Sie diesen Link benutzen oder die Adresse neu eintragen.")), nil
}

// waiting is the address that this link confirms, nil when another one or none waits.
func (l mailedLink) waiting(r *web.Request) *customer.PendingEmail {
	if w := l.profile.Waiting(r.Now); w != nil && w.ID == l.token.Values[outbox.ValueChange] {
		return w
	}
	return nil
}

func confirmView(r *web.Request, l mailedLink, open string) emailLinkView {
	w := l.waiting(r)
	return emailLinkView{Token: l.secret, Number: l.profile.Number, Address: w.Address, Until: w.Until, OpenOrder: open}
}

// withoutFields is a refusal on a page without the fields it names.
func withoutFields(refused *web.Error) *web.Error {
	if refused == nil {
		return nil
	}
	c := *refused
	c.Fields = nil
	return &c
}
