// Package tablefake answers like DynamoDB from memory, behind the real SDK client: an http.RoundTripper that speaks the
// wire format and knows the operations and expressions that this program uses. It is made for thousands of random
// histories with faults; the local cloud is what it has to agree with, see TestTheFakeAgreesWithTheLocalCloud.
package tablefake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"sort"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/table"
)

// Value is an attribute value as it is on the wire: {"S": "text"}. Item is a whole item.
type (
	Value = map[string]any
	Item  = map[string]Value
)

// Fake is a set of tables. Tables come into being when they are written to. After is called with the lock held after each
// write that was done, to look at what a reader could see at that moment.
type Fake struct {
	mu     sync.Mutex
	tables map[string]map[string]Item
	keys   map[string][]string // of a table, in order; nil when it has to be made anew
	tokens map[string]bool     // of transactions that were done
	After  func()
}

// New makes an empty set of tables.
func New() *Fake {
	return &Fake{tables: map[string]map[string]Item{}, keys: map[string][]string{}, tokens: map[string]bool{}}
}

// Names are the tables of a fake.
var Names = table.Names{Customers: "Customers", Credentials: "Credentials", Tokens: "Tokens", Throttle: "Throttle", Sessions: "Sessions",
	StaffSessions: "StaffSessions", MergeOrders: "MergeOrders", Audit: "Audit", Outbox: "Outbox"}

// Store is the tables as the program sees them, without faults.
func (f *Fake) Store() table.Store { return table.Store{DB: f.Client(nil), Names: Names} }

// Clone is a set of tables with the same items, to go on from one state in several ways.
func (f *Fake) Clone() *Fake {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := New()
	for name, items := range f.tables {
		c.tables[name] = maps.Clone(items) // an item is replaced, never changed
	}
	maps.Copy(c.tokens, f.tokens)
	return c
}

// Client is an SDK client on the tables. transport may stand between the two to inject faults; nil is none. It tries three
// times without waiting.
func (f *Fake) Client(transport http.RoundTripper) *dynamodb.Client {
	if transport == nil {
		transport = f
	}
	return dynamodb.New(dynamodb.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String("http://tables.invalid"), HTTPClient: &http.Client{Transport: transport},
		Credentials: credentials.NewStaticCredentialsProvider("fake", "fake", ""),
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.MaxBackoff, o.Backoff = 3, 1, retry.NewExponentialJitterBackoff(1)
			o.RateLimiter = ratelimit.None
		}),
	})
}

// Items calls f with every item of a table, in the order of the keys. It may be called from After.
func (f *Fake) Items(table string, each func(Item)) {
	for _, key := range f.sorted(table) {
		each(f.tables[table][key])
	}
}

// Item is what stands under a key, nil for nothing. Like Items it may be called from After.
func (f *Fake) Item(table string, key Item) Item { return f.tables[table][keyOf(key)] }

// Put writes an item without looking at anything.
func (f *Fake) Put(table string, item Item) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.apply(write{TableName: table, Item: item}, item)
}

// Changed calls each with every item that was written since this set was cloned from the other, gone with those that were
// deleted.
func (f *Fake) Changed(since *Fake, each, gone func(table string, item Item)) {
	for _, name := range sortedKeys(since.tables) {
		for _, key := range sortedKeys(since.tables[name]) {
			if _, still := f.tables[name][key]; !still {
				gone(name, since.tables[name][key])
			}
		}
	}
	for _, name := range sortedKeys(f.tables) {
		for _, key := range sortedKeys(f.tables[name]) {
			item := f.tables[name][key]
			if reflect.ValueOf(item).Pointer() != reflect.ValueOf(since.tables[name][key]).Pointer() {
				each(name, item)
			}
		}
	}
}

// Locked runs look while nothing is written.
func (f *Fake) Locked(look func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	look()
}

// RoundTrip answers one request. Like a connection, it does nothing for one whose time is over.
func (f *Fake) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	var in input
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, fmt.Errorf("tablefake: read request: %w", err)
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	f.mu.Lock()
	defer f.mu.Unlock()
	out, err := f.do(operation, in)
	if refused, ok := err.(*refusal); ok {
		return answer(r, http.StatusBadRequest, refused.body()), nil
	}
	if err != nil {
		return nil, fmt.Errorf("tablefake: %s: %w", operation, err)
	}
	return answer(r, http.StatusOK, out), nil
}

func answer(r *http.Request, status int, body any) *http.Response {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err) // our own maps
	}
	return &http.Response{
		StatusCode: status, Request: r, ProtoMajor: 1, ProtoMinor: 1, Body: io.NopCloser(bytes.NewReader(raw)),
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, ContentLength: int64(len(raw)),
	}
}

// refusal is an answer of status 400.
type refusal struct {
	code    string
	reasons []map[string]any
	old     Item
}

func (r *refusal) Error() string { return r.code }

func (r *refusal) body() map[string]any {
	body := map[string]any{"__type": "com.amazonaws.dynamodb.v20120810#" + r.code, "message": r.code}
	if r.reasons != nil {
		body["CancellationReasons"] = r.reasons
	}
	if r.old != nil {
		body["Item"] = r.old
	}
	return body
}

// Throttled is the answer to a request that was not done.
func Throttled(r *http.Request) *http.Response {
	return answer(r, http.StatusBadRequest, (&refusal{code: "ThrottlingException"}).body())
}

func keyOf(k Item) string {
	raw, err := json.Marshal([]Value{k["pk"], k["sk"]})
	if err != nil {
		panic(err) // strings
	}
	return string(raw)
}

func (f *Fake) table(name string) map[string]Item {
	if f.tables[name] == nil {
		f.tables[name] = map[string]Item{}
	}
	return f.tables[name]
}

// sorted are the keys of a table in order. They are kept until one comes or goes: a table of many items is asked often.
func (f *Fake) sorted(name string) []string {
	if f.keys[name] == nil {
		f.keys[name] = sortedKeys(f.table(name))
	}
	return f.keys[name]
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range maps.Keys(m) {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
