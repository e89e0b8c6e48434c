// Package cancel is "Verträge hier kündigen" (BGB section 312k): a contract is cancelled without a sign-in. Its function can
// write into the outbox and count, and read nothing: whatever it answers cannot depend on who is a customer.
package cancel

import (
	"context"
	"crypto/rand"
	"embed"
	"fmt"
	"io"
	"net/http"

	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

//go:embed pages
var pages embed.FS

// Deps is what the slice needs from outside.
type Deps struct {
	Store table.Store
	Rand  io.Reader // keys of forms
}

// Routes are the addresses of the slice.
func Routes(d Deps) []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/cancel", Summary: "Form by which anybody cancels a contract without a sign-in", Handle: d.form},
		{Method: http.MethodPost, Pattern: "/cancel", Summary: "Cancel a contract; the answer is the declaration to be stored, and a confirmation is mailed", Handle: d.declare,
			Fields: append(cancellation.PublicFields(), web.Field{Name: fieldKey, Required: true, Max: 64, Summary: "names the form: sent twice it is one cancellation"})},
	}
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
	parsed, err := web.ParsePages(pages, cancellation.Partials)
	if err != nil {
		return nil, fmt.Errorf("cancel: pages: %w", err)
	}
	return web.NewApp(cfg, parsed, Routes(Deps{Store: store, Rand: rand.Reader})), nil
}
