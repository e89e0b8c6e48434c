package mergesubmit

import (
	"errors"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// again begins anew with the numbers and choices of an order that expired or was
// withdrawn. Each number has to be proven again; done twice, it changes nothing.
func (d Deps) again(r *web.Request, s session.Visitor) (web.Response, error) {
	o, err := d.find(r, s)
	if err != nil {
		return nil, err
	}
	_, err = d.Orders.Again(r.Context(), o.ID, s.Profile.Number)
	if errors.Is(err, order.ErrState) {
		return d.refusedPage(r, s, web.Conflict("order_not_ended", lang.T("Mit diesem Auftrag können Sie nicht neu beginnen. Unten steht, wie es mit ihm weitergeht.")))
	}
	if err != nil {
		return nil, err
	}
	r.Note("outcome", "merge_begun_anew")
	r.Note("order", o.ID)
	return web.SeeOther("/merge/draft"), nil
}
