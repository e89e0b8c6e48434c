package orders

import (
	"context"
	"fmt"
	"slices"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// claim shows the others that a reviewer works on the order; release gives it back. A claim is a courtesy: whoever
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
