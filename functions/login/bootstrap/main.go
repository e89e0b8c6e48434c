// Command bootstrap wires the login function.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log"

	"kundenkonto/functions/login"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

func main() {
	cfg, err := web.ReadConfig()
	store, err2 := table.Open(context.Background())
	pages, err3 := login.Pages()
	passkeys, err4 := passkey.NewSite(cfg.PublicURL, cfg.Brand)
	if err := errors.Join(err, err2, err3, err4); err != nil {
		log.Fatal(err)
	}
	web.Serve(web.NewApp(web.AppConfig{Config: cfg}, pages, login.Routes(login.Deps{Store: store, Rand: rand.Reader, Passkeys: passkeys})))
}
