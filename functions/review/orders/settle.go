package orders

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// undo takes an executed merge back, and later ones in its way if the reviewer says so.
func (d Room) undo(r *web.Request, staff session.StaffSession, form web.Form, o order.Order) (web.Response, error) {
	undo := d.Orders.Undo
	if form.Get("later") == "yes" {
		undo = d.Orders.UndoAll
	}
	return d.settle(r, staff, form, o, "undone", func(ctx context.Context, id, reviewer, reason string) (order.Order, error) {
		return undo(ctx, id, order.Undoing{Reviewer: reviewer, Reason: reason, Abuse: form.Get("abuse") == "yes"})
	})
}

// dismiss ends an objection of the owners whom the reviewer's page showed; the merge stays.
func (d Room) dismiss(r *web.Request, staff session.StaffSession, form web.Form, o order.Order) (web.Response, error) {
	seen := strings.Split(form.Get("objectors"), ",")
	return d.settle(r, staff, form, o, "dismissed", func(ctx context.Context, id, reviewer, reason string) (order.Order, error) {
		return d.Orders.Dismiss(ctx, id, reviewer, reason, seen)
	})
}

func (d Room) settle(r *web.Request, staff session.StaffSession, form web.Form, o order.Order, word string,
	do func(ctx context.Context, id, reviewer, reason string) (order.Order, error)) (web.Response, error) {
	reason := desk.Prose(form.Get("reason"))
	if reason == "" {
		msg := lang.T("Nennen Sie den Grund. Der Kunde bekommt ihn per E-Mail.")
		return d.again(r, staff, o, form, web.Unprocessable("reason_missing", msg, web.Invalid("reason", "reason_missing", msg)))
	}
	_, err := do(r.Context(), o.ID, staff.Actor(), reason)
	if err == nil {
		r.Note("outcome", "order_"+word)
		return afterDecision(o.ID, word), nil
	}
	if errors.Is(err, order.ErrBusy) {
		return nil, web.Unavailable(err)
	}
	wrong := settleConflict(err)
	if wrong == nil {
		return nil, fmt.Errorf("%s order: %w", word, err)
	}
	if o, err = d.Orders.Get(r.Context(), o.ID); err != nil {
		return nil, err
	}
	return d.again(r, staff, o, form, wrong)
}

// settleConflict says what stands in the way; nil for a failure of ours.
func settleConflict(err error) *web.Error {
	var later *order.LaterMerges
	var more *order.MoreObjections
	switch {
	case errors.As(err, &more):
		return web.Conflict("objection_added", lang.T("Inzwischen ist ein weiterer Einspruch eingegangen. Es ist nichts entschieden. Prüfen Sie auch ihn.")).Because(err)
	case errors.As(err, &later):
		names := strings.Join(later.Orders, ", ")
		return web.Conflict("later_merges", lang.T("Seitdem ist die bleibende Kundennummer selbst zusammengefasst worden: %s. Diese Zusammenfassungen müssen zuerst rückgängig gemacht werden.", names)).Because(err)
	case errors.Is(err, order.ErrUndoPeriod):
		return web.Conflict("undo_period_over", lang.T("Die 30 Tage sind vorbei, in denen sich diese Zusammenfassung rückgängig machen lässt."))
	case errors.Is(err, order.ErrState):
		return web.Conflict("already_decided", lang.T("Das ist inzwischen schon entschieden. Sehen Sie im Verlauf nach."))
	}
	return nil
}
