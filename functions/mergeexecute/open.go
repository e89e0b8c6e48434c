package mergeexecute

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"time"

	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// Open puts the step together from the environment.
func Open(ctx context.Context) (Handler, error) {
	store, err := table.Open(ctx)
	return Handler{
		Orders: order.Store{Store: store, Now: time.Now, Rand: rand.Reader},
		Log:    slog.New(slog.NewJSONHandler(os.Stdout, nil)),
	}, err
}
