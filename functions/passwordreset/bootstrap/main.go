// Command bootstrap wires the passwordreset function.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/functions/passwordreset"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

func main() {
	cfg, err := web.ReadConfig()
	aws, err2 := table.AWSConfig(context.Background())
	pages, err3 := passwordreset.Pages()
	if err := errors.Join(err, err2, err3); err != nil {
		log.Fatal(err)
	}
	web.Serve(web.NewApp(web.AppConfig{Config: cfg}, pages, passwordreset.Routes(passwordreset.Deps{
		Store: table.Store{DB: table.Client(aws), Names: table.NamesFromEnv()},
		Queue: forgot.Queue{Sender: sqs.NewFromConfig(aws), URL: os.Getenv("FORGOT_QUEUE_URL")}, Rand: rand.Reader,
	})))
}
