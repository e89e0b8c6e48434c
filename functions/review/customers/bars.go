package customers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// barView is a pair of numbers that an earlier veto, or an undo after abuse, keeps apart.
type barView struct {
	Other string `json:"customerNumber"`
	Order string `json:"order"`
}

// barringAtOnce are the orders read at once; all there are are read.
const barringAtOnce = 25

// barsOf lists what keeps a number apart from others: the orders that were stopped or undone tell the pairs, and each pair says
// whether its bar still stands.
func (d Room) barsOf(ctx context.Context, number string) ([]barView, error) {
	pairs, err := d.barredPairs(ctx, number)
	if err != nil {
		return nil, err
	}
	var bars []barView
	known := map[string]bool{}
	for _, pair := range pairs {
		if known[pair.Other] {
			continue
		}
		known[pair.Other] = true
		is, err := d.Orders.Barred(ctx, number, pair.Other)
		if err != nil {
			return nil, err
		}
		if is {
			bars = append(bars, pair)
		}
	}
	return bars, nil
}

// barredPairs lists the pairs of the number by all orders that were stopped or undone, the latest order of each kind first.
func (d Room) barredPairs(ctx context.Context, number string) ([]barView, error) {
	var pairs []barView
	for _, ending := range []string{audit.MergeVetoed, audit.MergeUndone} {
		found, err := d.pairsBy(ctx, ending, number)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, found...)
	}
	return pairs, nil
}

func (d Room) pairsBy(ctx context.Context, ending, number string) ([]barView, error) {
	var pairs []barView
	for before := (time.Time{}); ; {
		refs, next, err := d.Events.Orders(ctx, ending, []string{number}, before, barringAtOnce)
		if err != nil {
			return nil, err
		}
		for _, ref := range refs {
			o, err := d.Orders.Get(ctx, ref.ID)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, pairsOf(o, number)...)
		}
		if next.IsZero() {
			return pairs, nil
		}
		before = next
	}
}

// pairsOf lists whom an order keeps a number apart from: each source from the survivor, and no two sources.
func pairsOf(o order.Order, number string) []barView {
	var pairs []barView
	for _, source := range o.Barring() {
		switch number {
		case source:
			pairs = append(pairs, barView{o.Customer, o.ID})
		case o.Customer:
			pairs = append(pairs, barView{source, o.ID})
		}
	}
	return pairs
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
