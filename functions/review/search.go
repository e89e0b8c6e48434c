package review

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/web"
)

// How far back a search by customer number looks: events of the number, read by pages of so many, and orders shown.
const (
	eventsAPage = 200
	eventPages  = 10
	foundMax    = 50
)

// numberIn takes a customer number as people write it, with gaps.
func numberIn(text string) (string, bool) {
	n := strings.Join(strings.Fields(text), "")
	return n, customer.ValidNumber(n)
}

// byNumber lists the orders that a customer number was ever part of, the newest first. A merged number's orders are its
// own and those of the number that replaced it (M6).
func (d Deps) byNumber(ctx context.Context, number string, now time.Time) ([]rowView, error) {
	numbers := []string{number}
	profiles, err := d.Profiles.Profiles(ctx, numbers)
	if err != nil {
		return nil, err
	}
	if next := profiles[number].MergedInto; next != "" {
		numbers = append(numbers, next)
	}
	var ids []string
	for _, n := range numbers {
		if ids, err = d.ordersIn(ctx, n, ids); err != nil {
			return nil, err
		}
	}
	rows := []rowView{}
	for _, id := range ids[:min(len(ids), foundMax)] {
		o, err := d.Orders.Get(ctx, id)
		if errors.Is(err, order.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, rowOf(o, now))
	}
	slices.SortStableFunc(rows, func(a, b rowView) int { return b.SubmittedAt.Compare(a.SubmittedAt) })
	return rows, nil
}

// ordersIn adds the orders that the events of a number name: every number of an order, earlier ones included, has the
// order's events.
func (d Deps) ordersIn(ctx context.Context, number string, ids []string) ([]string, error) {
	after := ""
	for range eventPages {
		events, next, err := d.Events.List(ctx, number, after, eventsAPage)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if e.Order != "" && !slices.Contains(ids, e.Order) {
				ids = append(ids, e.Order)
			}
		}
		if next == "" {
			break
		}
		after = next
	}
	return ids, nil
}

// noOrders says that a search by customer number found nothing.
func noOrders(number string) web.Text {
	return web.T("Zur Kundennummer "+number+" gibt es keine Aufträge.", "There are no orders for customer number "+number+".")
}
