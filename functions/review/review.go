// Package review puts the rooms of the service team's pages together: sign-in, orders, customers, mails that were given up
// on, and cancellations. What they share is in desk.
package review

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"time"

	"kundenkonto/functions/review/customers"
	"kundenkonto/functions/review/desk"
	"kundenkonto/functions/review/mails"
	"kundenkonto/functions/review/notices"
	"kundenkonto/functions/review/orders"
	"kundenkonto/functions/review/signin"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// Config is what the pages need beside the tables.
type Config struct {
	web.AppConfig
	Provider signin.ProviderConfig
	Team     session.Directory // who belongs to the service team
	Links    forgot.Queue      // of links for a new password
	// TwoPeopleFrom is the number of different risk signs from which an approval takes two people; 0 for never.
	TwoPeopleFrom int
	RecoveryWait  time.Duration // how long a customer can stop the removal of the second factor
}

// New puts the slice together on given tables.
func New(store table.Store, cfg Config) (http.Handler, error) {
	cfg.Now = cfg.Clock()
	return roomsOn(store, cfg).handler(cfg.AppConfig)
}

// rooms are the parts of the slice.
type rooms struct {
	door      signin.Room
	orders    orders.Room
	customers customers.Room
	mails     mails.Room
	notices   notices.Room
}

// roomsOn are the rooms on given tables.
func roomsOn(store table.Store, cfg Config) rooms {
	sp := spelling.Speller{}
	d := desk.Desk{
		Staff: session.StaffStore{Store: store}, Team: cfg.Team, Rand: rand.Reader,
		Orders:   order.Store{Store: store, Now: cfg.Now, Rand: rand.Reader, Speller: sp},
		Profiles: customer.Store{Store: store}, Events: audit.Store{Store: store}, Factors: secondfactor.Store{Store: store},
	}
	return rooms{
		door:   signin.Room{Desk: d, Provider: signin.NewProvider(cfg.Provider, cfg.Now)},
		orders: orders.Room{Desk: d, Speller: sp, TwoPeopleFrom: cfg.TwoPeopleFrom},
		customers: customers.Room{
			Desk: d, Pauses: throttle.Store{Store: store}, Links: cfg.Links,
			Accounts:   customers.Accounts{Store: store, Rand: rand.Reader},
			Recoveries: customers.Recoveries{Store: store, Wait: cfg.RecoveryWait},
		},
		mails:   mails.Room{Desk: d, Outbox: outbox.Store{Store: store}},
		notices: notices.Room{Desk: d},
	}
}

func (r rooms) routes() []web.Route {
	return slices.Concat(r.door.Routes(), r.orders.Routes(), r.customers.Routes(), r.mails.Routes(), r.notices.Routes())
}

// handler is the function's handler.
func (r rooms) handler(cfg web.AppConfig) (http.Handler, error) {
	pages, err := web.ParsePages(web.Join(signin.Pages, orders.Pages, customers.Pages, mails.Pages, notices.Pages), desk.Partials)
	if err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	return web.NewApp(cfg, pages, r.routes()), nil
}

// Routes are the addresses of the service team, as metadata: their handlers have nothing to work with.
func Routes() []web.Route { return rooms{}.routes() }
