package passwordreset_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/functions/passwordreset"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// site is the slice in front of the local cloud, with what its role allows, and a queue that keeps what it is given:
// the real one is emptied by dispatch at once.
type site struct {
	t       *testing.T
	handler http.Handler
	queue   *queue
	now     time.Time
	address string
	device  string // value of the device cookie, if any
	log     strings.Builder
}

type queue struct {
	mu     sync.Mutex
	bodies []string
}

func (q *queue) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bodies = append(q.bodies, *in.MessageBody)
	return &sqs.SendMessageOutput{}, nil
}

func newSite(t *testing.T) *site {
	return siteOn(t, localtest.StoreFor(t, "passwordreset"))
}

func siteOn(t *testing.T, store table.Store) *site {
	s := &site{t: t, queue: &queue{}, now: time.Now().Truncate(time.Second), address: localtest.Address(t)}
	cfg := web.AppConfig{Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto", Contact: "Telefon 030 23125 182"},
		Now: func() time.Time { return s.now }, Logger: slog.New(slog.NewJSONHandler(&s.log, nil))}
	var err error
	if s.handler, err = passwordreset.New(store, cfg, forgot.Queue{Sender: s.queue, URL: "queue"}); err != nil {
		t.Fatal(err)
	}
	return s
}

type answer struct {
	*http.Response
	body string
}

func (a answer) want(t *testing.T, status int, text string) answer {
	t.Helper()
	if a.StatusCode != status || !strings.Contains(a.body, text) {
		t.Fatalf("status %d, want %d with %q\n%s", a.StatusCode, status, text, a.body)
	}
	return a
}

func (s *site) do(method, path string, fields ...string) answer {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(form.Encode()))
	r.RemoteAddr = s.address
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if s.device != "" {
		r.AddCookie(session.NewDeviceCookie(s.device))
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	res := w.Result()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res, string(body)}
}
