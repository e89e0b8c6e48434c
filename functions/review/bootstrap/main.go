// Command bootstrap wires the review function.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log"
	"os"
	"strconv"
	"time"

	"kundenkonto/functions/review"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

func main() {
	cfg, cfgErr := web.ReadConfig()
	store, storeErr := table.Open(context.Background())
	provider := review.NewProvider(review.ConfigFromEnv(os.Getenv, cfg.PublicURL), time.Now)
	deps := review.Connect(store, provider, time.Now, rand.Reader)
	hours, hoursErr := strconv.Atoi(os.Getenv("RECOVERY_HOURS"))
	deps.Recoveries.Wait = time.Duration(hours) * time.Hour
	app, err := review.App(web.AppConfig{Config: cfg, FormActions: review.FormActions(os.Getenv("OIDC_ORIGIN"))}, deps)
	if err := errors.Join(cfgErr, storeErr, hoursErr, err); err != nil {
		log.Fatal(err)
	}
	web.Serve(app)
}
