package account

import (
	"context"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// Sizes of one read of each kind.
const (
	exportPackages = 500
	exportOrders   = 50
	exportEvents   = 500
)

// ExportedProfile is the profile with what pages do not show.
type ExportedProfile struct {
	customer.Profile
	EmailChangedAt    time.Time `json:"emailChangedAt,omitzero"`
	PasswordChangedAt time.Time `json:"passwordChangedAt,omitzero"`
	LastLogin         time.Time `json:"lastSignIn,omitzero"`
}

func (x exporter) profile(context.Context, string) (string, error) {
	p := x.p
	x.page.Profile = &ExportedProfile{p, p.EmailChangedAt, p.PasswordChangedAt, p.LastLogin}
	return "", x.count(x.page.Profile)
}

func (x exporter) packages(ctx context.Context, after string) (string, error) {
	found, err := x.d.Customers.Packages(ctx, x.p.Numbers(), customer.PackageQuery{After: after, Limit: exportPackages})
	if err != nil {
		return "", err
	}
	for _, p := range found.Packages {
		x.page.Packages = append(x.page.Packages, p)
		if err := x.count(p); err != nil || x.full() {
			return p.ID, err
		}
	}
	return found.Next, nil
}

func (x exporter) orders(ctx context.Context, after string) (string, error) {
	found, next, err := (order.Store{Store: x.d.Store}).ByCustomer(ctx, x.p.Number, after, exportOrders)
	if err != nil {
		return "", err
	}
	for _, o := range found {
		own := exportedOrder(o, x.p)
		x.page.Orders = append(x.page.Orders, own)
		if err := x.count(own); err != nil || x.full() {
			return table.FormatTime(o.SubmittedAt), err
		}
	}
	return next, nil
}

// events are all that the audit holds about the own number, without its mails. Who of the service team it was is not told.
func (x exporter) events(ctx context.Context, after string) (string, error) {
	return x.audit(ctx, after, func(e audit.Event) any {
		if !audit.NotMail(e) {
			return nil
		}
		row := x.d.rowOfEvent(e, x.p)
		x.page.Events = append(x.page.Events, row)
		return row
	})
}

// mails are those of the last 90 days.
func (x exporter) mails(ctx context.Context, after string) (string, error) {
	return x.audit(ctx, after, func(e audit.Event) any {
		if !mailToShow(e, x.r.Now) {
			return nil
		}
		row := rowOfMail(e)
		x.page.Mails = append(x.page.Mails, row)
		return row
	})
}

func (x exporter) audit(ctx context.Context, after string, add func(audit.Event) any) (string, error) {
	found, next, err := x.d.audit().List(ctx, x.p.Number, after, exportEvents)
	if err != nil {
		return "", err
	}
	for _, e := range found {
		row := add(e)
		if row == nil {
			continue
		}
		if err := x.count(row); err != nil || x.full() {
			return e.Cursor, err
		}
	}
	return next, nil
}
