// Command bootstrap wires the login function.
package main

import (
	"context"
	"crypto/rand"
	"log"

	"kundenkonto/functions/login"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

func main() {
	cfg, err := web.ReadConfig()
	if err != nil {
		log.Fatal(err)
	}
	store, err := table.Open(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	pages, err := login.Pages()
	if err != nil {
		log.Fatal(err)
	}
	web.Serve(web.NewApp(web.AppConfig{Config: cfg}, pages, login.Routes(login.Deps{Store: store, Rand: rand.Reader})))
}
