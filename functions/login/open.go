package login

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"

	"kundenkonto/shared/passkey"
	"kundenkonto/shared/table"
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
	parsed, err := web.ParsePages(pages)
	if err != nil {
		return nil, fmt.Errorf("login: pages: %w", err)
	}
	passkeys, err := passkey.NewSite(cfg.PublicURL, cfg.Brand)
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	return web.NewApp(cfg, parsed, Routes(Deps{Store: store, Rand: rand.Reader, Passkeys: passkeys})), nil
}
