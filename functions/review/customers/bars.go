package customers

import (
	"context"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/order"
)

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
