package review

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// barView is a pair of numbers that an earlier veto keeps apart.
type barView struct {
	Other string `json:"customerNumber"`
	Order string `json:"order"`
}

// vetoesARead are the stopped orders read at once; all there are are read.
const vetoesARead = 25

// barsOf lists what keeps a number apart from others: the orders that were stopped tell the pairs, and each pair says
// whether its bar still stands.
func (d Deps) barsOf(ctx context.Context, number string) ([]barView, error) {
	var bars []barView
	known := map[string]bool{number: true}
	for before := (time.Time{}); ; {
		refs, next, err := d.Events.Orders(ctx, audit.MergeVetoed, []string{number}, before, vetoesARead)
		if err != nil {
			return nil, err
		}
		for _, ref := range refs {
			o, err := d.Orders.Get(ctx, ref.ID)
			if err != nil {
				return nil, err
			}
			for _, source := range o.Opposed {
				other := source
				if source == number {
					other = o.Customer
				} else if o.Customer != number {
					continue // two sources of one order: the bar is between each and the survivor
				}
				if known[other] {
					continue
				}
				known[other] = true
				is, err := d.Orders.Barred(ctx, number, other)
				if err != nil {
					return nil, err
				}
				if is {
					bars = append(bars, barView{other, o.ID})
				}
			}
		}
		if next.IsZero() {
			return bars, nil
		}
		before = next
	}
}

// releaseBarOf lets a pair of numbers be merged again, from a customer's page.
func (d Deps) releaseBarOf(r *web.Request, staff session.StaffSession) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	p, err := d.known(r)
	if err != nil {
		return nil, err
	}
	view, err := d.customerOf(r, p)
	if err != nil {
		return nil, err
	}
	view.Other, view.Reason = form.Text("customerNumber"), prose(form.Get("reason"))
	if !slices.ContainsFunc(view.Bars, func(b barView) bool { return b.Other == view.Other }) {
		return nil, web.NotFound()
	}
	if view.Reason == "" {
		return web.Page("customer", view).WithError(barReasonMissing()).Title(web.T("Kunde "+p.Number, "Customer "+p.Number)), nil
	}
	if err := d.Orders.ReleaseBar(r.Context(), p.Number, view.Other, staff.Actor(), view.Reason); err != nil {
		return nil, fmt.Errorf("release bar: %w", err)
	}
	r.Note("outcome", "bar_released")
	return web.SeeOther(customersPath + "/" + p.Number), nil
}

func barReasonMissing() *web.Error {
	msg := web.T("Nennen Sie den Grund. Er bleibt im Serviceteam.", "Give the reason. It stays in the service team.")
	return web.Unprocessable("reason_missing", msg, web.Invalid("reason", "reason_missing", msg))
}
