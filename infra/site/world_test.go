package site

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // SQS's checksum
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/functions/review/signin"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

const vetoHours = 72

// wire is what the SDK's clients send to: the tables of now, a queue and a user pool, with whatever goes wrong on the way.
type wire struct {
	mu       sync.Mutex
	fake     *tablefake.Fake
	disturb  func(*http.Request, http.RoundTripper) (*http.Response, error) // nil: nothing goes wrong
	requests int
	kinds    []string // of the calls so far
	queued   []string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	kind := kindOf(r)
	w.mu.Lock()
	w.requests++
	w.kinds = append(w.kinds, kind)
	disturb := w.disturb
	w.mu.Unlock()
	if disturb == nil {
		return w.arrive(r)
	}
	return disturb(r, roundTripper(w.arrive))
}

// kindOf is the operation of a call, with table and index.
func kindOf(r *http.Request) string {
	raw, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	var in struct{ TableName, IndexName string }
	_ = json.Unmarshal(raw, &in)
	return r.Header.Get("X-Amz-Target") + " " + in.TableName + " " + in.IndexName
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (w *wire) arrive(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	fake := w.fake
	w.mu.Unlock()
	switch service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "."); service {
	case "AmazonSQS":
		return w.queue(r)
	case "AWSCognitoIdentityProviderService":
		return answered(r, poolAnswers[operation]), nil
	}
	return fake.RoundTrip(r)
}

func (w *wire) queue(r *http.Request) (*http.Response, error) {
	var in struct{ MessageBody string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.queued = append(w.queued, in.MessageBody)
	w.mu.Unlock()
	sum := md5.Sum([]byte(in.MessageBody)) //nolint:gosec // as above
	return answered(r, fmt.Sprintf(`{"MessageId":"1","MD5OfMessageBody":%q}`, hex.EncodeToString(sum[:]))), nil
}

// janasSub is how the user pool knows the only member of the service team.
const janasSub = "0b7d61c2-5a53-4f0e-9c35-7f2c8f2b8c11"

// poolAnswers are what the user pool answers, by operation.
var poolAnswers = map[string]string{
	"AdminGetUser":           `{"Username":"jana","Enabled":true,"UserStatus":"CONFIRMED","UserAttributes":[{"Name":"sub","Value":"` + janasSub + `"},{"Name":"name","Value":"Jana"}]}`,
	"AdminListGroupsForUser": `{"Groups":[{"GroupName":"` + session.StaffGroup + `"}]}`,
}

func answered(r *http.Request, body string) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Request: r, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// world is the whole site on tables in memory, behind the real SDK client (L1).
type world struct {
	t     testing.TB
	wire  *wire
	calm  table.Store
	site  http.Handler
	log   bytes.Buffer
	saved *tablefake.Fake
}

func newWorld(t testing.TB) *world {
	t.Helper()
	fake := tablefake.New()
	w := &world{t: t, wire: &wire{fake: fake}}
	store := table.Store{DB: fake.Client(w.wire), Names: tablefake.Names}
	w.calm = table.Store{DB: fake.Client(roundTripper(w.wire.arrive)), Names: tablefake.Names}
	cfg := web.AppConfig{Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto", Contact: "Telefon 030 23125 182"},
		Now: time.Now, Logger: slog.New(slog.NewJSONHandler(&w.log, nil))}
	site, err := Assemble(Parts{Store: store, Queue: forgot.Queue{Sender: queueOn(w.wire), URL: "https://sqs.invalid/1/forgot"},
		Team: signin.NewTeam(reaching(w.wire), "eu-central-1_fake"), Config: cfg, VetoHours: vetoHours})
	if err != nil {
		t.Fatal(err)
	}
	w.site = site
	return w
}

// queueOn is a real client of the queue.
func queueOn(wire http.RoundTripper) *sqs.Client { return sqs.NewFromConfig(reaching(wire)) }

// reaching configures real clients that try as often as the one of the tables.
func reaching(wire http.RoundTripper) aws.Config {
	return aws.Config{Region: "eu-central-1", BaseEndpoint: aws.String("http://aws.invalid"), HTTPClient: &http.Client{Transport: wire},
		Credentials: credentials.NewStaticCredentialsProvider("fake", "fake", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts, o.MaxBackoff, o.Backoff, o.RateLimiter = 3, 1, retry.NewExponentialJitterBackoff(1), ratelimit.None
			})
		}}
}

// put prepares the tables, all items or none.
func (w *world) put(items ...types.TransactWriteItem) {
	w.t.Helper()
	if err := w.calm.Transact(context.Background(), items, ""); err != nil {
		w.t.Fatal(err)
	}
}

// save keeps the state as it is; again goes back to it.
func (w *world) save() { w.saved = w.wire.fake.Clone() }

func (w *world) again() {
	w.wire.fake, w.wire.disturb, w.wire.requests, w.wire.queued = w.saved.Clone(), nil, 0, nil
	w.wire.kinds = nil
	w.log.Reset()
}
