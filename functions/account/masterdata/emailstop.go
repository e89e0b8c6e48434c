package masterdata

import (
	"errors"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// showStop asks whether the change is to be stopped. A GET never acts (S6).
func (d Room) showStop(r *web.Request) (web.Response, error) {
	l, err := d.findLink(r, r.URL.Query().Get("token"), token.PurposeStopEmail)
	if err == nil {
		_, err = l.stopped(r)
	}
	if errors.Is(err, errLinkGone) {
		return web.LinkUsed("emailgone", nil), nil
	}
	if err != nil {
		return nil, err
	}
	return web.Page("emailstop", stopView(l)), nil
}

// stopEmail lets the address in force stop what waits, and the address before take a confirmed change back: whoever
// changes it in secret confirms within minutes, and its owner reads the warning later (S7).
func (d Room) stopEmail(r *web.Request) (web.Response, error) {
	return d.actByLink(r, token.PurposeStopEmail, func(l mailedLink) (web.Response, error) {
		next, err := l.stopped(r)
		if err != nil {
			return nil, err
		}
		view := stopView(l)
		if view.Confirmed {
			refused, err := d.heldByObjection(r, l.profile.Number)
			if err != nil {
				return nil, err
			}
			if refused != nil {
				return web.Page("emailstop", view).WithError(withoutFields(refused)), nil
			}
		}
		event := audit.Event{Action: audit.EmailStopped, Actor: audit.ByMailedLink,
			Old: map[string]string{"email": l.other()}, New: map[string]string{"email": next.Email}}
		taken, err := d.takenAlong(r, l, &next, &event)
		if err != nil {
			return nil, err
		}
		if err := d.writeEmail(r, l, next, event, taken.items...); err != nil {
			return nil, err
		}
		view.PasswordVoid, view.Passkeys, view.Recovery, view.PackagePasswords = taken.passwordVoid, taken.passkeys, taken.recovery, taken.packagePasswords
		r.Note("outcome", "email_stopped")
		view.Done = true
		return web.Page("emailstop", view), nil
	})
}

// stopped is the profile without the change. The link was mailed to the address that held when the change was asked for:
// it stops whatever waits while that address is in force, and restores it when another was confirmed since. What is stopped
// so takes the links with it that were mailed in between, to addresses that held by what is stopped here. An address that
// could still be stopped itself when its link was mailed does not stop the older one from coming back.
func (l mailedLink) stopped(r *web.Request) (customer.Profile, error) {
	issued := l.issued()
	next := l.profile.EmailStopped(l.issued(), r.Now, token.StopLifetime)
	next.Pending = nil
	switch {
	case l.profile.StopIsVoid(issued), l.profile.CameBack(l.token.Values[outbox.ValueOldAddress], issued, token.StopLifetime):
		return next, errLinkGone
	case !l.confirmed() && l.profile.Waiting(r.Now) != nil:
		return next, nil
	case l.confirmed() && l.profile.EmailChangedAt.After(issued):
		return next.EmailRestored(l.token.Values[outbox.ValueOldAddress], issued, r.Now), nil
	}
	return next, errLinkGone
}

func stopView(l mailedLink) emailLinkView {
	return emailLinkView{Token: l.secret, Number: l.profile.Number, Address: l.token.Values[outbox.ValueOldAddress], Until: l.token.Expires,
		Confirmed: l.confirmed(), ByStaff: l.byStaff()}
}
