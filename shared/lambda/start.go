package lambda

import (
	"context"
	"log/slog"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"kundenkonto/shared/web"
)

// Main is the main function of every slice with pages: it reads the configuration, lets open put the slice together, and
// serves it. It does not return.
func Main(open func(context.Context, web.Config) (http.Handler, error)) {
	Work(func(ctx context.Context) (any, error) {
		cfg, err := web.ReadConfig()
		if err != nil {
			return nil, err
		}
		h, err := open(ctx, cfg)
		return serve(h), err
	})
}

// Work is the main function of every slice without pages: open gives the function that takes its events, of a kind that
// aws-lambda-go knows. It does not return. A slice that cannot start says why on one line and exits, so that Lambda reports it.
func Work(open func(context.Context) (any, error)) {
	handle, err := open(context.Background())
	if err != nil {
		slog.New(slog.NewJSONHandler(os.Stdout, nil)).Error("start", "event", "start.failed", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(handle)
}
