package web

import (
	"context"
	"log/slog"
	"net/http"
	"os"
)

// Main is the main function of every slice with pages: it reads the configuration,
// lets open put the slice together, and serves it. A slice that cannot start says
// why on one line and exits, so that Lambda reports it.
func Main(open func(context.Context, Config) (http.Handler, error)) {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	cfg, err := ReadConfig()
	if err != nil {
		log.Error("start", "event", "start.failed", "error", err.Error())
		os.Exit(1)
	}
	h, err := open(context.Background(), cfg)
	if err != nil {
		log.Error("start", "event", "start.failed", "error", err.Error())
		os.Exit(1)
	}
	Serve(h)
}
