package table_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/table"
)

// slowWriter is net/http on a busy machine: the answer is there before the end of the request's body was looked for, and
// an error of that look takes the answer away.
type slowWriter struct{}

func (slowWriter) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.CopyN(io.Discard, r.Body, r.ContentLength); err != nil {
		return nil, err
	}
	rest := func() error { _, err := io.Copy(io.Discard, r.Body); return err }
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(&afterwards{rest, strings.NewReader("{}")})}, nil
}

type afterwards struct {
	first func() error
	io.Reader
}

func (a *afterwards) Read(p []byte) (int, error) {
	if err := a.first(); err != nil {
		return 0, net.ErrClosed
	}
	return a.Reader.Read(p)
}

func TestAnAnswerThatComesBeforeTheRequestWasLookedThroughIsNotLost(t *testing.T) { // L1
	for name, c := range map[string]struct {
		wrap func(aws.HTTPClient) aws.HTTPClient
		lost bool // once the SDK mends it, table.WholeRequests can go
	}{
		"as the SDK sends it": {func(c aws.HTTPClient) aws.HTTPClient { return c }, true},
		"whole":               {table.WholeRequests, false},
	} {
		t.Run(name, func(t *testing.T) {
			db := table.Client(aws.Config{Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
				Retryer: func() aws.Retryer { return aws.NopRetryer{} }, HTTPClient: c.wrap(&http.Client{Transport: slowWriter{}})})
			_, err := db.UpdateItem(context.Background(), &dynamodb.UpdateItemInput{TableName: aws.String("t"), Key: table.Profile("1")})
			if lost := errors.Is(err, net.ErrClosed); lost != c.lost || (err != nil) != c.lost {
				t.Errorf("the answer: %v", err)
			}
		})
	}
}
