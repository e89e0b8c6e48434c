// Command bootstrap wires the review function.
package main

import (
	"context"
	"errors"
	"log"
	"os"

	"kundenkonto/functions/review"
	"kundenkonto/shared/web"
)

func main() {
	cfg, cfgErr := web.ReadConfig()
	deps, depsErr := review.Open(context.Background(), os.Getenv, cfg.PublicURL)
	app, err := review.App(web.AppConfig{Config: cfg, FormActions: review.FormActions(os.Getenv("OIDC_ORIGIN"))}, deps)
	if err := errors.Join(cfgErr, depsErr, err); err != nil {
		log.Fatal(err)
	}
	web.Serve(app)
}
