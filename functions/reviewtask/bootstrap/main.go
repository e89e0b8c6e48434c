// Command bootstrap wires the reviewtask function.
package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"kundenkonto/functions/reviewtask"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

func main() {
	ctx, log := context.Background(), slog.New(slog.NewJSONHandler(os.Stdout, nil))
	store, err := table.Open(ctx)
	cfg, cfgErr := table.AWSConfig(ctx)
	if err != nil || cfgErr != nil {
		log.Error("start", "event", "start.failed", "tables", err, "config", cfgErr)
		os.Exit(1)
	}
	orders := order.Store{Store: store, Now: time.Now, Rand: rand.Reader}
	h := reviewtask.Handler{Orders: orders, Tasks: reviewtask.StepFunctions{Client: sfn.NewFromConfig(cfg)}, Now: time.Now, Log: log}
	lambda.Start(h.Handle)
}
