package passwordreset

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/shared/forgot"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// Open puts the slice together from the environment.
func Open(ctx context.Context, cfg web.Config) (http.Handler, error) {
	aws, err := table.AWSConfig(ctx)
	if err != nil {
		return nil, err
	}
	store := table.Store{DB: table.Client(aws), Names: table.NamesFromEnv()}
	return New(store, web.AppConfig{Config: cfg}, forgot.Queue{Sender: sqs.NewFromConfig(aws), URL: os.Getenv("FORGOT_QUEUE_URL")})
}

// New puts the slice together on given tables and a given queue.
func New(store table.Store, cfg web.AppConfig, queue forgot.Queue) (http.Handler, error) {
	parsed, err := web.ParsePages(pages)
	if err != nil {
		return nil, fmt.Errorf("passwordreset: pages: %w", err)
	}
	return web.NewApp(cfg, parsed, Routes(Deps{Store: store, Queue: queue, Rand: rand.Reader})), nil
}
