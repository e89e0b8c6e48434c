package review

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"kundenkonto/functions/review/signin"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Open puts the slice together from the environment.
func Open(ctx context.Context, cfg web.Config) (http.Handler, error) {
	aws, err := table.AWSConfig(ctx)
	if err != nil {
		return nil, err
	}
	hours, err := strconv.Atoi(os.Getenv("RECOVERY_HOURS"))
	if err != nil {
		return nil, fmt.Errorf("review: RECOVERY_HOURS: %w", err)
	}
	twoPeopleFrom, err := strconv.Atoi(os.Getenv("TWO_PEOPLE_FROM"))
	if err != nil || twoPeopleFrom < 0 {
		return nil, errors.New("review: TWO_PEOPLE_FROM must be a whole number of risk signs, 0 for never")
	}
	return New(table.Store{DB: table.Client(aws), Names: table.NamesFromEnv()}, Config{
		AppConfig:     web.AppConfig{Config: cfg, FormActions: signin.FormActions(os.Getenv("OIDC_ORIGIN"))},
		Provider:      signin.ConfigFromEnv(os.Getenv, cfg.PublicURL),
		Team:          signin.NewTeam(aws, os.Getenv("STAFF_POOL_ID")),
		Links:         forgot.Queue{Sender: sqs.NewFromConfig(aws), URL: os.Getenv("FORGOT_QUEUE_URL")},
		TwoPeopleFrom: twoPeopleFrom,
		RecoveryWait:  time.Duration(hours) * time.Hour,
	})
}
