// Command bootstrap wires the login function.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log"

	"kundenkonto/functions/login"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

func main() {
	cfg, err := web.ReadConfig()
	store, err2 := table.Open(context.Background())
	pages, err3 := login.Pages()
	if err := errors.Join(err, err2, err3); err != nil {
		log.Fatal(err)
	}
	web.Serve(web.NewApp(web.AppConfig{Config: cfg}, pages, login.Routes(login.Deps{Store: store, Rand: rand.Reader})))
}
