package mergesubmit

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
	"kundenkonto/shared/workday"
	"kundenkonto/shared/workday/german"
)

// Open puts the slice together from the environment.
func Open(ctx context.Context, cfg web.Config) (http.Handler, error) {
	store, err := table.Open(ctx)
	if err != nil {
		return nil, err
	}
	vetoHours, err := order.VetoHoursFromEnv()
	if err != nil {
		return nil, err
	}
	workdays, err := german.Of(os.Getenv("HOLIDAYS"))
	if err != nil {
		return nil, err
	}
	return New(store, web.AppConfig{Config: cfg}, vetoHours, workdays)
}

// New puts the slice together on given tables.
func New(store table.Store, cfg web.AppConfig, vetoHours int, workdays workday.Calendar) (http.Handler, error) {
	parsed, err := web.ParsePages(pages)
	if err != nil {
		return nil, fmt.Errorf("mergesubmit: pages: %w", err)
	}
	return web.NewApp(cfg, parsed, Routes(Deps{
		Sessions:  session.Store{Store: store},
		Customers: customer.Store{Store: store},
		Orders: order.Store{
			Store: store, Now: cfg.Clock(), Rand: rand.Reader, Speller: spelling.Speller{}, VetoHours: vetoHours,
			Workdays: workdays,
		},
		Passwords: reauth.Checker{Store: store},
		Tokens:    token.Store{Store: store},
		Speller:   spelling.Speller{},
	})), nil
}
