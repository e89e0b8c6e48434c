package orders

import (
	"context"
	"fmt"
	"slices"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// orderForm answers what a reviewer sent from an order's page.
type orderForm func(r *web.Request, staff session.StaffSession, form web.Form, o order.Order) (web.Response, error)

// onOrder hands what was sent to answer, with the order of the address.
func (d Room) onOrder(answer orderForm) desk.Handler {
	return func(r *web.Request, staff session.StaffSession) (web.Response, error) {
		form, err := r.Form()
		if err != nil {
			return nil, err
		}
		o, err := d.get(r)
		if err != nil {
			return nil, err
		}
		return answer(r, staff, form, o)
	}
}

// claim tells the others that a reviewer works on the order; release gives it back. A claim is a courtesy: whoever
// decides first has decided.
func (d Room) claim(r *web.Request, staff session.StaffSession, form web.Form, o order.Order) (web.Response, error) {
	return d.mark(r, staff, form, o, "claimed", d.Orders.Claim)
}

func (d Room) release(r *web.Request, staff session.StaffSession, form web.Form, o order.Order) (web.Response, error) {
	return d.mark(r, staff, form, o, "released", d.Orders.Release)
}

func (d Room) mark(r *web.Request, staff session.StaffSession, form web.Form, o order.Order, word string,
	do func(ctx context.Context, id, reviewer, reason string) (order.Order, error)) (web.Response, error) {
	if _, err := do(r.Context(), o.ID, staff.Actor(), desk.Prose(form.Get("reason"))); err != nil {
		return d.refused(r, staff, o.ID, form, "mark order as "+word, err)
	}
	r.Note("outcome", "order_"+word)
	return web.SeeOther("/service/orders/" + o.ID), nil
}

// releaseBar lets a pair of numbers be merged again that a veto on this order keeps apart.
func (d Room) releaseBar(r *web.Request, staff session.StaffSession, form web.Form, o order.Order) (web.Response, error) {
	number, reason := customer.ReadNumber(form.Get("customerNumber")), desk.Prose(form.Get("reason"))
	if !slices.Contains(o.SourceNumbers(), number) {
		return nil, web.NotFound()
	}
	if reason == "" {
		return d.again(r, staff, o, form, desk.ReasonMissing())
	}
	if err := d.Orders.ReleaseBar(r.Context(), o.Customer, number, staff.Actor(), reason); err != nil {
		return nil, fmt.Errorf("release bar of order %s: %w", o.ID, err)
	}
	r.Note("outcome", "bar_released")
	return web.SeeOther("/service/orders/" + o.ID), nil
}

// bars lists the source numbers that a veto, or an undo after abuse, keeps apart from the surviving one.
func (d Room) bars(ctx context.Context, o order.Order) ([]string, error) {
	var barred []string
	for _, n := range o.Barring() {
		is, err := d.Orders.Barred(ctx, o.Customer, n)
		if err != nil {
			return nil, err
		}
		if is {
			barred = append(barred, n)
		}
	}
	return barred, nil
}

// untoldView is a side that the announcement did not reach.
type untoldView struct {
	Numbers []string  `json:"customerNumbers"`
	Why     lang.Text `json:"why"`
}

func untoldOf(o order.Order) []untoldView {
	var list []untoldView
	for _, u := range o.Unreached {
		list = append(list, untoldView{Numbers: u.Numbers, Why: whyUntold(u.Why)})
	}
	return list
}

func whyUntold(why string) lang.Text {
	switch why {
	case order.NoAddress:
		return lang.T("keine E-Mail-Adresse hinterlegt")
	case order.Bounced:
		return lang.T("E-Mail kam zurück")
	case order.Complained:
		return lang.T("E-Mail als Spam gemeldet")
	}
	return lang.T("E-Mail ließ sich nicht senden")
}

// contactMissing refuses an approval of an order that a side was not told of.
func contactMissing() *web.Error {
	msg := lang.T("Die andere Seite ist nicht benachrichtigt. Sprechen Sie auf anderem Weg mit ihr und notieren Sie, wann und wie. Die Widerspruchsfrist beginnt damit.")
	return web.Unprocessable("contact_missing", msg, web.Invalid("contact", "contact_missing", msg))
}
