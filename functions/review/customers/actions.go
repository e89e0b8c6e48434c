package customers

import (
	"net/http"
	"net/url"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// Actions on a customer: the last parts of their addresses.
const (
	actionReset    = "send-reset"
	actionEndPause = "end-pause"
	actionEmail    = "correct-email"
	actionLock     = "lock"
	actionUnlock   = "unlock"
	actionReveal   = "reveal-iban"
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

func (d Room) actionRoutes() []web.Route {
	route := func(name, summary string, answer customerForm, more ...web.Field) web.Route {
		fields := append([]web.Field{{Name: "number", In: web.InPath, Required: true, Max: 12, Summary: "customer number"},
			desk.ReasonInside()}, more...)
		return web.Route{Method: http.MethodPost, Pattern: desk.CustomersPath + "/{number}/" + name, Summary: summary, Access: web.Staff,
			Handle: d.Only(d.onCustomerForm(answer)), Fields: fields}
	}
	return []web.Route{
		route(actionReset, "Mail the customer a link for a new customer password", d.action(actionReset, d.sendReset)),
		route(actionEndPause, "End a pause of the sign-in", d.action(actionEndPause, d.endPause)),
		route(actionEmail, "Enter another e-mail address, which counts when it is confirmed", d.action(actionEmail, d.correctEmail),
			web.Field{Name: "email", Required: true, Max: maxAddress, Summary: "The new address"}),
		route(actionLock, "Keep the number from being merged", d.action(actionLock, d.lock)),
		route(actionUnlock, "Let the number be merged", d.action(actionUnlock, d.unlock)),
		route(actionReveal, "Show the bank data in full, once; each time is audited with its reason", d.revealBank),
	}
}

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
