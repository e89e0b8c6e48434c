package table

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// DB is what the stores call of DynamoDB; *dynamodb.Client fits.
type DB interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	BatchGetItem(context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error)
	TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
}

// Store is what every concept's store embeds: the client and the names of the tables.
type Store struct {
	DB    DB
	Names Names
}

// Open makes a store from the environment.
func Open(ctx context.Context) (Store, error) {
	cfg, err := AWSConfig(ctx)
	if err != nil {
		return Store{}, err
	}
	return Store{DB: Client(cfg), Names: NamesFromEnv()}, nil
}

// Time-outs of one attempt. A handler has seconds in all (L4), so an attempt that hangs must leave room for the next.
const (
	dialTimeout    = time.Second
	attemptTimeout = 3 * time.Second
	attempts       = 3
)

// AWSConfig takes region, credentials and endpoint from the environment, where Lambda puts them, with short time-outs
// and few retries. A write that met a transaction under way was not done and is tried again like a throttled one.
//
// The SDK's config package would look in seven places more (profiles, single sign-on, instance metadata) and costs a
// function 1 MB and its first answer time.
func AWSConfig(context.Context) (aws.Config, error) {
	cfg := aws.Config{
		Region: os.Getenv("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(
			os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")),
		HTTPClient: WholeRequests(awshttp.NewBuildableClient().WithTimeout(attemptTimeout).
			WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }).
			WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = 64 })),
		Retryer: newRetryer,
	}
	if cfg.Region == "" {
		cfg.Region = os.Getenv("AWS_DEFAULT_REGION")
	}
	if cfg.Region == "" || os.Getenv("AWS_ACCESS_KEY_ID") == "" {
		return aws.Config{}, errors.New("AWS_REGION and AWS_ACCESS_KEY_ID are missing: this program runs as a Lambda function")
	}
	if endpoint := os.Getenv("AWS_ENDPOINT_URL"); endpoint != "" { // the local cloud
		cfg.BaseEndpoint = &endpoint
	}
	return cfg, nil
}

func newRetryer() aws.Retryer {
	standard := retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = attempts, time.Second })
	return retry.AddWithErrorCodes(standard, "TransactionConflictException")
}

// Get reads one item, consistently. A missing item is nil without an error.
func (s Store) Get(ctx context.Context, tableName string, k Key) (Item, error) {
	out, err := s.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: &tableName, Key: k, ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("get from %s: %w", tableName, err)
	}
	return out.Item, nil
}
