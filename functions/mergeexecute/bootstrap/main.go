// Command bootstrap wires the mergeexecute function.
package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"kundenkonto/functions/mergeexecute"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	store, err := table.Open(context.Background())
	if err != nil {
		log.Error("start", "event", "start.failed", "error", err)
		os.Exit(1)
	}
	orders := order.Store{Store: store, Now: time.Now, Rand: rand.Reader}
	lambda.Start(mergeexecute.Handler{Orders: orders, Log: log}.Handle)
}
