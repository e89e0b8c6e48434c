// Package desk is what the rooms of the service team's pages share: the stores, who may come in, the audit of searches, words
// and the field of a reason.
package desk

import (
	"context"
	"embed"
	"errors"
	"io"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/typed"
	"kundenkonto/shared/web"
)

// Partials are parts of pages that several rooms show.
//
//go:embed partials/*.html
var Partials embed.FS

// Addresses of the rooms.
const (
	StartPage     = "/service" // the queue; where a sign-in leads when no page was asked for
	OrdersPath    = StartPage + "/orders"
	CustomersPath = StartPage + "/customers" // the search; a customer's page is below it
	MailsPath     = StartPage + "/mails"
	NoticesPath   = StartPage + "/cancellations"
)

// Desk is what each room works with.
type Desk struct {
	Staff    session.StaffStore
	Team     session.Directory
	Orders   order.Store
	Profiles customer.Store
	Events   audit.Store
	Factors  secondfactor.Store
	Rand     io.Reader
}

// Handler answers a member of the service team.
type Handler func(r *web.Request, staff session.StaffSession) (web.Response, error)

// Only lets nobody in but the service team.
func (d Desk) Only(h Handler) web.HandlerFunc { return session.RequireStaff(d.Staff, d.Team, h) }

// OrderNamed says whether the text names an order that there is.
func (d Desk) OrderNamed(ctx context.Context, text string) (id string, ok bool, err error) {
	if id, ok = merge.ParseOrderID(typed.Name(text)); !ok {
		return "", false, nil
	}
	_, err = d.Orders.Get(ctx, id)
	if errors.Is(err, order.ErrNotFound) {
		return "", false, nil
	}
	return id, err == nil, err
}
