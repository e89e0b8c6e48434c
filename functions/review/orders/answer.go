package orders

import (
	"errors"
	"fmt"
	"net/http"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
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

// get reads the order of the address; a number that people write in their own way is an order's, too.
func (d Room) get(r *web.Request) (order.Order, error) {
	id, ok := merge.ParseOrderID(r.PathValue("id"))
	if !ok {
		return order.Order{}, web.NotFound()
	}
	o, err := d.Orders.Get(r.Context(), id)
	if errors.Is(err, order.ErrNotFound) {
		return order.Order{}, web.NotFound()
	}
	if err == nil {
		r.Note("order", o.ID)
	}
	return o, err
}

func afterDecision(id, word string) web.Response {
	return web.SeeOther("/service/orders/" + id + "?decided=" + word)
}

// refused answers what an order in another state, or one that others keep changing, did not allow.
func (d Room) refused(r *web.Request, staff session.StaffSession, id string, form web.Form, tried string, cause error) (web.Response, error) {
	switch {
	case errors.Is(cause, order.ErrBusy):
		return nil, web.Unavailable(cause)
	case !errors.Is(cause, order.ErrState):
		return nil, fmt.Errorf("%s: %w", tried, cause)
	}
	o, err := d.Orders.Get(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return d.again(r, staff, o, form, web.Conflict("already_decided", alreadyText(o)))
}

func alreadyText(o order.Order) lang.Text {
	state := desk.StateLabel(o.State)
	text := lang.T("Über den Auftrag lässt sich nicht mehr entscheiden. Sein Status ist „%s“.", state)
	if o.Reviewer == "" || o.DecidedAt.IsZero() {
		return text
	}
	by := desk.ActorLabel(o.Reviewer)
	return lang.T("Über diesen Auftrag hat schon %s entschieden, am %s. Sein Status ist „%s“.", by, lang.Moment(o.DecidedAt), state)
}

// again shows the order with what went wrong and what was written.
func (d Room) again(r *web.Request, staff session.StaffSession, o order.Order, form web.Form, wrong *web.Error) (web.Response, error) {
	view, err := d.view(r, o, staff.Person())
	if err != nil {
		return nil, err
	}
	view.Mine = session.SameStaff(o.ClaimedBy, staff.Actor())
	view.Note, view.Reason, view.Contact = form.Get("note"), form.Get("reason"), form.Get("contact")
	if wrong.Status == http.StatusConflict && form.Get("digest") != o.Digest && form.Get("seen") != "" {
		view.Difference = differences(form.Get("seen"), o)
	}
	var later *order.LaterMerges
	if view.Settle != nil {
		view.Settle.Abuse = form.Get("abuse")
		if errors.As(wrong, &later) {
			view.Settle.Later = later.Orders
		}
	}
	var more *order.MoreObjections
	if errors.As(wrong, &more) {
		for _, n := range more.Numbers {
			view.Difference = append(view.Difference, difference{Number: n, Label: lang.T("Einspruch eingegangen")})
		}
	}
	return web.Page("order", view).WithError(wrong).Title(titleOf(o)), nil
}
