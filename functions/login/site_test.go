package login_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/login"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

const good = "pferd heftklammer batterie"

// site is the slice in front of the local cloud, with what its role allows, a clock and a client address of its own.
type site struct {
	t       *testing.T
	handler http.Handler
	calls   *calls
	now     time.Time
	address string
	log     strings.Builder
	cookies map[string]string
}

func newSite(t *testing.T) *site { return siteOn(t, localtest.StoreFor(t, "login")) }

func siteOn(t *testing.T, store table.Store) *site {
	s := &site{t: t, calls: &calls{DB: store.DB}, now: time.Now().Truncate(time.Second), address: localtest.Address(t), cookies: map[string]string{}}
	store.DB = s.calls
	cfg := web.AppConfig{Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto"},
		Now: func() time.Time { return s.now }, Logger: slog.New(slog.NewJSONHandler(&s.log, nil))}
	var err error
	if s.handler, err = login.New(store, cfg); err != nil {
		t.Fatal(err)
	}
	return s
}

// calls writes down what is asked of DynamoDB.
type calls struct {
	table.DB
	mu   sync.Mutex
	list []string
}

func (c *calls) note(call string, tableName *string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, call+" "+*tableName)
}

// take returns what was asked since the last time, sorted: parallel calls have no order.
func (c *calls) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.Sorted(slices.Values(c.list))
	c.list = nil
	return list
}

func (c *calls) GetItem(ctx context.Context, in *dynamodb.GetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	c.note("get", in.TableName)
	return c.DB.GetItem(ctx, in, o...)
}

func (c *calls) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, o ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	c.note("update", in.TableName)
	return c.DB.UpdateItem(ctx, in, o...)
}

func (c *calls) PutItem(ctx context.Context, in *dynamodb.PutItemInput, o ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	c.note("put", in.TableName)
	return c.DB.PutItem(ctx, in, o...)
}

func (c *calls) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	none := fmt.Sprint(len(in.TransactItems))
	c.note("transact", &none)
	return c.DB.TransactWriteItems(ctx, in, o...)
}

// answer is what came back, with the body read.
type answer struct {
	*http.Response
	body string
}

// location is where a redirect leads.
func (a answer) location() string { return a.Header.Get("Location") }

func (s *site) signIn(number, password string, more ...string) answer {
	form := url.Values{"customerNumber": {number}, "password": {password}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return s.do("POST", "/login", form)
}

func (s *site) do(method, path string, form url.Values) answer {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(form.Encode()))
	r.RemoteAddr = s.address
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range s.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	res := w.Result()
	for _, c := range res.Cookies() {
		if s.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(s.cookies, c.Name)
		}
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res, string(body)}
}

// want fails unless the answer has the status.
func (a answer) want(t *testing.T, status int) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("status %d, want %d\n%s", a.StatusCode, status, a.body)
	}
	return a
}

// clearLogin forgets the tries with a number.
func clearLogin(t *testing.T, number string) types.TransactWriteItem {
	return throttle.Clear(localtest.Names(t), throttle.Login(number))
}
