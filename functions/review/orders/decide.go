package orders

import (
	"context"
	"errors"
	"fmt"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// verdict is one of the two decisions.
type verdict struct {
	state  merge.State
	word   string // in the address of the page after it
	decide func(context.Context, string, order.Decision) (order.Order, error)
}

func (d Room) approve(r *web.Request, staff session.StaffSession, form web.Form, o order.Order) (web.Response, error) {
	return d.decide(r, staff, form, o, verdict{merge.Approved, "approved", d.Orders.Approve})
}

func (d Room) reject(r *web.Request, staff session.StaffSession, form web.Form, o order.Order) (web.Response, error) {
	return d.decide(r, staff, form, o, verdict{merge.Rejected, "rejected", d.Orders.Reject})
}

func (d Room) decide(r *web.Request, staff session.StaffSession, form web.Form, o order.Order, v verdict) (web.Response, error) {
	decision := order.Decision{Reviewer: staff.Actor(), Digest: form.Get("digest"), Reason: desk.Prose(form.Get("reason")), Note: desk.Prose(form.Get("note")),
		Contact: desk.Prose(form.Get("contact")), Seen: merge.State(form.Get("state")), Person: staff.Person()}
	if wrong := check(o, v, decision); wrong != nil {
		return d.again(r, staff, o, form, wrong)
	}
	// A failed order is not approved: what became of its execution is not this page's to know.
	if v.state == merge.Approved && o.State != merge.InReview && !(o.State == merge.Approved && o.Stopped()) {
		return d.tooLate(r, staff, o, form, v)
	}
	if v.state == merge.Approved {
		var err error
		if decision.NeedsSecond, err = d.needsSecond(r.Context(), o); err != nil {
			return nil, err
		}
	}
	decided, err := v.decide(r.Context(), o.ID, decision)
	switch {
	case errors.Is(err, order.ErrContact): // it bounced since the page was made
		if o, err = d.Orders.Get(r.Context(), o.ID); err != nil {
			return nil, err
		}
		return d.again(r, staff, o, form, contactMissing())
	case errors.Is(err, order.ErrDigest), errors.Is(err, order.ErrState):
		return d.lost(r, staff, o.ID, form, v, err)
	case err != nil:
		return d.refused(r, staff, o.ID, form, v.word+" order", err)
	}
	word := v.word
	if v.state == merge.Approved && decided.FirstApproval != nil {
		word = firstOfTwo
	}
	r.Note("outcome", "order_"+word)
	return afterDecision(decided.ID, word), nil
}

// check refuses a form that lacks something.
func check(o order.Order, v verdict, d order.Decision) *web.Error {
	if v.state == merge.Rejected && d.Reason == "" {
		msg := lang.T("Nennen Sie den Grund der Ablehnung. Der Kunde bekommt ihn per E-Mail.")
		return web.Unprocessable("reason_missing", msg, web.Invalid("reason", "reason_missing", msg))
	}
	if v.state == merge.Approved && o.Stopped() && d.Contact == "" {
		return contactMissing()
	}
	return nil
}

// lost answers a decision that somebody or something was faster than.
func (d Room) lost(r *web.Request, staff session.StaffSession, id string, form web.Form, v verdict, cause error) (web.Response, error) {
	o, err := d.Orders.Get(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if errors.Is(cause, order.ErrState) || !o.State.May(v.state) {
		return d.tooLate(r, staff, o, form, v)
	}
	if o.Digest == form.Get("digest") {
		return d.handBack(r, staff, o, form)
	}
	return d.again(r, staff, o, form, web.Conflict("order_changed", lang.T("Der Auftrag zeigt inzwischen andere Daten als die, die Sie geprüft haben. Es ist nichts entschieden. Prüfen Sie ihn noch einmal.")))
}

// handBack answers an approval of values that the customers' records no longer have: the order goes back to its customer,
// who confirms the new ones before anybody can approve them (M5).
func (d Room) handBack(r *web.Request, staff session.StaffSession, o order.Order, form web.Form) (web.Response, error) {
	o, err := d.Orders.Recheck(r.Context(), o.ID)
	if err != nil {
		return nil, fmt.Errorf("hand order back: %w", err)
	}
	return d.again(r, staff, o, form, web.Conflict("data_changed", lang.T("Die Stammdaten haben sich seit dem Abschicken geändert. Der Auftrag ist nicht genehmigt, er ist an den Kunden zurückgegangen. Sobald der die Änderungen bestätigt hat, steht der Auftrag wieder hier.")))
}

// retry puts a failed order back where it failed. Its reason stays inside.
func (d Room) retry(r *web.Request, staff session.StaffSession, form web.Form, o order.Order) (web.Response, error) {
	if _, err := d.Orders.Retry(r.Context(), o.ID, staff.Actor(), desk.First(desk.Prose(form.Get("note")), desk.Prose(form.Get("reason")))); err != nil {
		return d.refused(r, staff, o.ID, form, "retry order", err)
	}
	r.Note("outcome", "order_retried")
	return afterDecision(o.ID, "retried"), nil
}

// tooLate says who decided. The same decision sent twice by the same person is no conflict (M9).
func (d Room) tooLate(r *web.Request, staff session.StaffSession, o order.Order, form web.Form, v verdict) (web.Response, error) {
	if session.SameStaff(o.Reviewer, staff.Actor()) && o.Digest == form.Get("digest") && passed(o, v.state) {
		return afterDecision(o.ID, v.word), nil
	}
	return d.again(r, staff, o, form, web.Conflict("already_decided", alreadyText(o)))
}

func passed(o order.Order, s merge.State) bool {
	for _, step := range o.History {
		if step.State == s {
			return true
		}
	}
	return false
}

// contactMissing refuses an approval of an order that a side was not told of.
func contactMissing() *web.Error {
	msg := lang.T("Die andere Seite ist nicht benachrichtigt. Sprechen Sie auf anderem Weg mit ihr und notieren Sie, wann und wie. Die Widerspruchsfrist beginnt damit.")
	return web.Unprocessable("contact_missing", msg, web.Invalid("contact", "contact_missing", msg))
}
