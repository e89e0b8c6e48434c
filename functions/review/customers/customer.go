package customers

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/functions/review/desk"
	"kundenkonto/functions/review/orders"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// Sizes of the lists on a customer's page.
const (
	packagesAPage = 25
	ordersAPage   = 10
	eventsAPage   = 20
)

// onCustomer hands the customer of the address to answer.
func (d Room) onCustomer(answer func(r *web.Request, staff session.StaffSession, p customer.Profile) (web.Response, error)) desk.Handler {
	return func(r *web.Request, staff session.StaffSession) (web.Response, error) {
		p, err := d.known(r)
		if err != nil {
			return nil, err
		}
		return answer(r, staff, p)
	}
}

// customerForm answers what was sent from a customer's page.
type customerForm func(r *web.Request, staff session.StaffSession, form web.Form, p customer.Profile) (web.Response, error)

// onCustomerForm hands what was sent to answer, with the customer of the address.
func (d Room) onCustomerForm(answer customerForm) desk.Handler {
	return d.onCustomer(func(r *web.Request, staff session.StaffSession, p customer.Profile) (web.Response, error) {
		form, err := r.Form()
		if err != nil {
			return nil, err
		}
		return answer(r, staff, form, p)
	})
}

func (d Room) customer(r *web.Request, staff session.StaffSession, p customer.Profile) (web.Response, error) {
	view, err := d.customerOf(r, p)
	if err != nil {
		return nil, err
	}
	if err := d.looked(r, staff, view.Number); err != nil {
		return nil, err
	}
	return customerPage(view), nil
}

// looked notes who looked at whom, which is part of the audit like what was changed (S13). The page is not shown without it.
func (d Room) looked(r *web.Request, staff session.StaffSession, number string) error {
	r.Note("security_event", "sensitive_read")
	return d.Events.Note(r.Context(), audit.Event{Number: number, Action: audit.CustomerViewed, Actor: staff.Actor(), At: r.Now}, d.Rand, true)
}

func customerPage(v customerView) web.Response {
	return web.Page("customer", v).Title(lang.T("Kunde %s", v.Number))
}

// known is the customer of the address, merged or not.
func (d Room) known(r *web.Request) (customer.Profile, error) {
	number := r.PathValue("number")
	if !customer.ValidNumber(number) {
		return customer.Profile{}, web.NotFound()
	}
	found, err := d.Profiles.Profiles(r.Context(), []string{number})
	if err != nil {
		return customer.Profile{}, err
	}
	p, ok := found[number]
	if !ok {
		return customer.Profile{}, web.NotFound()
	}
	r.Note("customer", web.MaskNumber(number))
	return p, nil
}

// customerOf reads all else that the page of a customer shows.
func (d Room) customerOf(r *web.Request, p customer.Profile) (customerView, error) {
	v := profileOf(p, r.Now)
	q := r.URL.Query()
	v.Done = doneBy(q.Get("done"))
	v.Later = q.Has("packages") || q.Has("orders") || q.Has("events")
	group, ctx := errgroup.WithContext(r.Context())
	group.Go(func() error {
		found, err := d.Profiles.Packages(ctx, p.Numbers(), customer.PackageQuery{After: q.Get("packages"), Limit: packagesAPage})
		v.Packages = packagesOf(found, p, r.Now)
		return err
	})
	group.Go(func() (err error) { v.Factor, err = d.Factors.State(ctx, p.Number); return err })
	group.Go(func() (err error) { v.Objections, err = d.Orders.Objections(ctx, p.Number); return err })
	group.Go(func() (err error) {
		v.Orders, v.OrdersNext, err = d.ordersOf(ctx, p, desk.ParseCursor(q.Get("orders")), r.Now)
		return err
	})
	group.Go(func() (err error) { v.Bars, err = d.barsOf(ctx, p.Number); return err })
	group.Go(func() (err error) { v.PausedUntil, err = d.pausedUntil(ctx, p, r.Now); return err })
	group.Go(func() error {
		codes, err := d.Pauses.Look(ctx, throttle.WrongCodes(p.Number), r.Now)
		v.CodesBlocked = err == nil && !codes.Allowed
		return err
	})
	group.Go(func() error {
		events, next, err := d.Events.List(ctx, p.Number, q.Get("events"), eventsAPage)
		v.Events, v.EventsNext = eventRows(events), next
		return err
	})
	err := group.Wait()
	v.MayRecover = v.Factor.Codes && !v.Factor.Recovering && p.MergedInto == ""
	v.Actions = offered(p)
	return v, err
}

// ordersOf is a page of the orders that the number or one merged into it was ever part of, newest first (M6).
func (d Room) ordersOf(ctx context.Context, p customer.Profile, before, now time.Time) ([]orders.Row, time.Time, error) {
	refs, next, err := d.Events.Orders(ctx, audit.MergeSubmitted, p.Numbers(), before, ordersAPage)
	if err != nil {
		return nil, next, err
	}
	rows := make([]orders.Row, len(refs))
	group, ctx := errgroup.WithContext(ctx)
	for i, ref := range refs {
		group.Go(func() error {
			o, err := d.Orders.Get(ctx, ref.ID)
			rows[i] = orders.RowOf(o, now)
			return err
		})
	}
	return rows, next, group.Wait()
}

// pausedUntil is when the sign-in with a number goes on; zero while it is not paused. Tries with a merged number count on
// its survivor.
func (d Room) pausedUntil(ctx context.Context, p customer.Profile, now time.Time) (until time.Time, err error) {
	if p.MergedInto != "" {
		return until, nil
	}
	buckets := entries(p.Number)
	found := make([]throttle.Verdict, len(buckets))
	group, ctx := errgroup.WithContext(ctx)
	for i, b := range buckets {
		group.Go(func() (err error) { found[i], err = d.Pauses.Look(ctx, b, now); return err })
	}
	err = group.Wait()
	for _, v := range found {
		if end := now.Add(v.RetryAfter); !v.Allowed && end.After(until) {
			until = end
		}
	}
	return until, err
}
