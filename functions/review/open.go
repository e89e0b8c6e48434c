package review

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/shared/forgot"
	"kundenkonto/shared/table"
)

// Open puts the pages on the tables, the identity provider and the queue that the environment names.
func Open(ctx context.Context, getenv func(string) string, publicURL string) (Deps, error) {
	aws, err := table.AWSConfig(ctx)
	if err != nil {
		return Deps{}, err
	}
	hours, err := strconv.Atoi(getenv("RECOVERY_HOURS"))
	if err != nil {
		return Deps{}, fmt.Errorf("review: RECOVERY_HOURS: %w", err)
	}
	store := table.Store{DB: table.Client(aws), Names: table.NamesFromEnv()}
	d := Connect(store, NewProvider(ConfigFromEnv(getenv, publicURL), time.Now), time.Now, rand.Reader)
	d.Recoveries.Wait = time.Duration(hours) * time.Hour
	d.Team = NewTeam(aws, getenv("STAFF_POOL_ID"))
	d.Links = forgot.Queue{Sender: sqs.NewFromConfig(aws), URL: getenv("FORGOT_QUEUE_URL")}
	return d, nil
}
