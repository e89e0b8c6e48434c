package customers

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// act is what a reviewer does with a customer, and why. The reason is audited with who did it (S13).
type act struct {
	customer customer.Profile
	staff    session.StaffSession
	form     web.Form
	reason   string
	at       time.Time
}

func actOf(r *web.Request, staff session.StaffSession, form web.Form, p customer.Profile) act {
	return act{customer: p, staff: staff, form: form, reason: desk.Prose(form.Get("reason")), at: r.Now}
}

// doing does an action; a refusal says why it was not done.
type doing func(r *web.Request, a act) (refusal *web.Error, err error)

// action answers what is done with a customer that is not merged into another, and with a reason.
func (d Room) action(name string, do doing) customerForm {
	return func(r *web.Request, staff session.StaffSession, form web.Form, p customer.Profile) (web.Response, error) {
		a := actOf(r, staff, form, p)
		refusal := merged(p)
		if refusal == nil && a.reason == "" {
			refusal = desk.ReasonMissing()
		}
		if refusal == nil {
			var err error
			if refusal, err = do(r, a); err != nil {
				return nil, err
			}
		}
		if refusal != nil {
			return d.notDone(r, a, name, refusal)
		}
		r.Note("outcome", name)
		return web.SeeOther(desk.CustomersPath + "/" + p.Number + "?" + url.Values{"done": {name}}.Encode()), nil
	}
}

// notDone is the customer's page with why an action was not done. It is a look at the customer, too.
func (d Room) notDone(r *web.Request, a act, name string, why *web.Error) (web.Response, error) {
	view, err := d.customerOf(r, a.customer)
	if err != nil {
		return nil, err
	}
	if err := d.looked(r, a.staff, view.Number); err != nil {
		return nil, err
	}
	view.Refused, view.Reason, view.NewInput = name, a.form.Get("reason"), a.form.Get("email")
	return customerPage(view).WithError(why), nil
}

// merged refuses an action on a merged number: sign-in and address are those of its successor.
func merged(p customer.Profile) *web.Error {
	if p.MergedInto == "" {
		return nil
	}
	return web.Conflict("already_merged", lang.T("Diese Kundennummer gehört jetzt zu %s. Öffnen Sie diese.", p.MergedInto))
}

// releaseBarOf lets a pair of numbers be merged again, from a customer's page.
func (d Room) releaseBarOf(r *web.Request, staff session.StaffSession, form web.Form, p customer.Profile) (web.Response, error) {
	view, err := d.customerOf(r, p)
	if err != nil {
		return nil, err
	}
	view.Other, view.Reason = customer.ReadNumber(form.Get("customerNumber")), desk.Prose(form.Get("reason"))
	if !slices.ContainsFunc(view.Bars, func(b barView) bool { return b.Other == view.Other }) {
		return nil, web.NotFound()
	}
	if view.Reason == "" {
		if err := d.looked(r, staff, view.Number); err != nil {
			return nil, err
		}
		return customerPage(view).WithError(desk.ReasonMissing()), nil
	}
	if err := d.Orders.ReleaseBar(r.Context(), view.Number, view.Other, staff.Actor(), view.Reason); err != nil {
		return nil, fmt.Errorf("release bar: %w", err)
	}
	r.Note("outcome", "bar_released")
	return web.SeeOther(desk.CustomersPath + "/" + view.Number), nil
}
