// Command bootstrap wires the dispatch function.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"kundenkonto/functions/dispatch"
)

func main() {
	d, err := dispatch.Open(context.Background())
	if err != nil {
		slog.New(slog.NewJSONHandler(os.Stdout, nil)).Error("start", "event", "start.failed", "error", err)
		os.Exit(1)
	}
	lambda.Start(d.Handle)
}
