package reviewtask

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// Open puts the steps together from the environment.
func Open(ctx context.Context) (Handler, error) {
	aws, err := table.AWSConfig(ctx)
	if err != nil {
		return Handler{}, err
	}
	store := table.Store{DB: table.Client(aws), Names: table.NamesFromEnv()}
	return Handler{
		Orders: order.Store{Store: store, Now: time.Now, Rand: rand.Reader},
		Tasks:  Tasks{Succeed: sfn.NewFromConfig(aws).SendTaskSuccess},
		Now:    time.Now,
		Log:    slog.New(slog.NewJSONHandler(os.Stdout, nil)),
	}, nil
}
