package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/order"

	"github.com/aws/smithy-go"
)

// S20: one event a request, with what happened and no secret.
func TestOneEventARequestWithoutSecrets(t *testing.T) {
	var log bytes.Buffer
	h := testApp(t, AppConfig{Config: Config{EdgeSecrets: []string{"canary-edge"}}}, &log, Route{Method: http.MethodPost, Pattern: "/orders/{id}", Handle: func(r *Request) (Response, error) {
		r.Note("customer", MaskNumber("10000017"))
		r.Note("security_event", "authn_login_fail")
		for _, k := range []string{"password", "newPassword", "resetToken", "session_cookie", "IBAN", "accountNumber", "Authorization"} {
			r.Note(k, "canary-"+k)
		}
		return nil, Conflict("changed", lang.T("Die Daten haben sich geändert.")).Because(errors.New("version 3"))
	}})
	call(h, "POST", "/orders/K7QX", "password=canary-body", "X-Origin-Secret", "canary-edge", "Cookie", "__Host-session=canary-cookie", "Authorization", "canary-header")
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Fatalf("%d lines, want 1:\n%s", n, log.String())
	}
	if strings.Contains(log.String(), "canary") {
		t.Errorf("a secret is logged: %s", log.String())
	}
	var e map[string]any
	if err := json.Unmarshal(log.Bytes(), &e); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"msg": "request", "route": "POST /orders/{id}", "method": "POST", "status": 409.0, "outcome": "changed", "lang": "de",
		"customer": "10••••17", "security_event": "authn_login_fail", "cause": "version 3"}
	for k, v := range want {
		if e[k] != v {
			t.Errorf("%s: got %v, want %v", k, e[k], v)
		}
	}
	if e["request_id"] == "" || e["ms"] == nil {
		t.Errorf("request_id %v, ms %v", e["request_id"], e["ms"])
	}
}

func TestFaultsAreToldAsWhatTheyAre(t *testing.T) {
	throttled := &smithy.OperationError{ServiceID: "DynamoDB", OperationName: "GetItem", Err: &smithy.GenericAPIError{Code: "ThrottlingException"}}
	denied := &smithy.OperationError{ServiceID: "DynamoDB", OperationName: "GetItem", Err: &smithy.GenericAPIError{Code: "AccessDeniedException"}}
	for _, c := range []struct {
		name   string
		err    error
		status int
		retry  string
	}{
		{"a throttled call", fmt.Errorf("read profile: %w", throttled), 503, "10"},
		{"a missing permission", fmt.Errorf("read profile: %w", denied), 500, ""},
		{"an answer that never came", &smithy.OperationError{Err: io.ErrUnexpectedEOF}, 503, "10"},
		{"no connection", &net.OpError{Op: "dial", Err: errors.New("refused")}, 503, "10"},
		{"time ran out", context.DeadlineExceeded, 503, "10"},
		{"too many writers at once", fmt.Errorf("confirm: %w", order.ErrBusy), 503, "10"},
		{"a mistake of ours", errors.New("canary"), 500, ""},
		{"a pause", TooMany(90*time.Second+1, lang.T("Zu viele Versuche.")), 429, "91"},
		{"an error wrapped on the way", fmt.Errorf("handle: %w", NotFound()), 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := testApp(t, AppConfig{}, io.Discard, Route{Method: http.MethodGet, Pattern: "/x", Handle: func(*Request) (Response, error) { return nil, c.err }})
			w := call(h, "GET", "/x", "")
			if w.Code != c.status || w.Header().Get("Retry-After") != c.retry {
				t.Errorf("got %d Retry-After %q, want %d %q", w.Code, w.Header().Get("Retry-After"), c.status, c.retry)
			}
			if strings.Contains(w.Body.String(), "canary") {
				t.Error("the cause is shown")
			}
		})
	}
}

// L4: a handler's AWS calls end a second before Lambda kills the function.
func TestTheHandlersTimeEndsBeforeLambdas(t *testing.T) {
	var got time.Time
	h := testApp(t, AppConfig{}, io.Discard, Route{Method: http.MethodGet, Pattern: "/x", Handle: func(r *Request) (Response, error) {
		got, _ = r.Context().Deadline()
		return JSON(200, "ok"), nil
	}})
	end := time.Now().Add(10 * time.Second)
	ctx, cancel := context.WithDeadline(context.Background(), end)
	defer cancel()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/x", nil).WithContext(ctx))
	if want := end.Add(-time.Second); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestANilErrorIsNone(t *testing.T) {
	check := func() *Error { return nil }
	h := testApp(t, AppConfig{}, io.Discard, Route{Method: http.MethodGet, Pattern: "/x", Handle: func(*Request) (Response, error) { return JSON(200, "ok"), check() }})
	if w := call(h, "GET", "/x", ""); w.Code != 200 {
		t.Errorf("got %d, want 200", w.Code)
	}
}
