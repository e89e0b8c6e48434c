package mergediff

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// Open puts the slice together from the environment.
func Open(ctx context.Context, cfg web.Config) (http.Handler, error) {
	store, err := table.Open(ctx)
	if err != nil {
		return nil, err
	}
	return New(store, web.AppConfig{Config: cfg})
}

// New puts the slice together on given tables.
func New(store table.Store, cfg web.AppConfig) (http.Handler, error) {
	parsed, err := web.ParsePages(pages, form.Partials)
	if err != nil {
		return nil, fmt.Errorf("mergediff: pages: %w", err)
	}
	return web.NewApp(cfg, parsed, Routes(Deps{
		Sessions:    session.Store{Store: store},
		Customers:   customer.Store{Store: store},
		Credentials: credential.Store{Store: store},
		Factors:     secondfactor.Store{Store: store},
		Throttle:    throttle.Store{Store: store},
		Orders:      order.Store{Store: store, Now: cfg.Clock(), Rand: rand.Reader, Speller: spelling.Speller{}},
		Tables:      store,
		Speller:     spelling.Speller{},
		Rand:        rand.Reader,
	})), nil
}
