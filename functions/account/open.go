package account

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"time"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/order"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
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
		return nil, fmt.Errorf("account: pages: %w", err)
	}
	deps := depsOf(store)
	if deps.Passkeys, err = passkey.NewSite(cfg.PublicURL, cfg.Brand); err != nil {
		return nil, fmt.Errorf("account: %w", err)
	}
	return web.NewApp(cfg, parsed, Routes(deps)), nil
}

// depsOf is what the slice works with on real tables.
func depsOf(store table.Store) Deps {
	return Deps{
		Sessions:    session.Store{Store: store},
		Customers:   customer.Store{Store: store},
		Orders:      order.Store{Store: store, Now: time.Now, Rand: rand.Reader},
		Credentials: credential.Store{Store: store},
		Tokens:      token.Store{Store: store},
		Throttle:    throttle.Store{Store: store},
		Passwords:   reauth.Checker{Store: store},
		Tables:      store, Store: store, Names: store.Names, Rand: rand.Reader, Speller: spelling.Speller{},
	}
}
