// Package account is the customer area after the sign-in. It puts its rooms together: the overview with all packages, the master
// data, security, history and export.
package account

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"kundenkonto/functions/account/area"
	"kundenkonto/functions/account/export"
	"kundenkonto/functions/account/history"
	"kundenkonto/functions/account/masterdata"
	"kundenkonto/functions/account/overview"
	"kundenkonto/functions/account/security"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/product"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// Routes lists the slice's routes.
func Routes() []web.Route { return routes(area.Deps{}) }

func routes(d area.Deps) []web.Route {
	if d.Products == nil {
		d.Products = product.Settings
	}
	return slices.Concat(overview.Room{Deps: d}.Routes(), masterdata.Room{Deps: d}.Routes(), security.Room{Deps: d}.Routes(),
		history.Room{Deps: d}.Routes(), export.Room{Deps: d}.Routes())
}

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
	deps := area.DepsOf(store)
	var err error
	if deps.Passkeys, err = passkey.NewSite(cfg.PublicURL, cfg.Brand); err != nil {
		return nil, fmt.Errorf("account: %w", err)
	}
	return site(deps, cfg)
}

// site serves the pages of all rooms.
func site(deps area.Deps, cfg web.AppConfig) (http.Handler, error) {
	pages, err := web.ParsePages(web.Join(overview.Pages, masterdata.Pages, security.Pages, history.Pages), form.Partials, cancellation.Partials)
	if err != nil {
		return nil, fmt.Errorf("account: pages: %w", err)
	}
	return web.NewApp(cfg, pages, routes(deps)), nil
}
