package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/alarms"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/metrics"
)

func TestRequestsAreCountedByWhatTheyAre(t *testing.T) {
	noting := func(event string) HandlerFunc {
		return func(r *Request) (Response, error) {
			r.Note(securityEvent, event)
			return SeeOther("/quiet"), nil
		}
	}
	routes := []Route{
		{Method: http.MethodGet, Pattern: "/login", Handle: noting("authn_login_success")}, {Method: http.MethodGet, Pattern: "/paused", Handle: noting("authn_login_lock")},
		{Method: http.MethodGet, Pattern: "/wrong", Handle: noting("authn_login_fail")}, {Method: http.MethodGet, Pattern: "/service/callback", Handle: noting("authn_login_success")},
		{Method: http.MethodGet, Pattern: "/quiet", Handle: func(*Request) (Response, error) { return SeeOther("/quiet"), nil }},
		{Method: http.MethodGet, Pattern: "/forbidden", Handle: func(*Request) (Response, error) { return nil, Forbidden("no", lang.T("Nein")) }},
	}
	for _, tt := range []struct {
		path, secret string
		want         metrics.Name
	}{
		{"/login", edgeSecret, metrics.SignIns}, {"/wrong", edgeSecret, metrics.SignInsFailed}, {"/paused", edgeSecret, metrics.SignInsPaused},
		{"/service/callback", edgeSecret, metrics.StaffSignIns}, {"/forbidden", edgeSecret, metrics.RequestsRefused}, {"/quiet", edgeSecret, ""},
		{"/login", "guessed", metrics.RequestsPastTheEdge},
	} {
		var log bytes.Buffer
		app := NewApp(AppConfig{Config: Config{PublicURL: "https://konto.example", EdgeSecrets: []string{edgeSecret}, Meter: metrics.Meter{Namespace: "n", Stage: "s"}},
			Logger: slog.New(slog.NewJSONHandler(&log, nil))}, nil, routes)
		r := httptest.NewRequest(http.MethodGet, tt.path, nil)
		r.Header.Set(edgeSecretHeader, tt.secret)
		app.ServeHTTP(httptest.NewRecorder(), r)
		var line map[string]any
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if _, is := line["_aws"]; is != (tt.want != "") || is && line[string(tt.want)] != 1.0 {
			t.Errorf("%s with %q: %s", tt.path, tt.secret, log.String())
		}
	}
}

// Whoever calls the API at its own address, past the firewall, is counted by the refusal.
func TestManyRequestsPastTheEdgeRaiseTheAlarm(t *testing.T) {
	called := func(times int, secret string) string {
		var log bytes.Buffer
		app := NewApp(AppConfig{Config: Config{PublicURL: "https://konto.example", EdgeSecrets: []string{edgeSecret}, Meter: metrics.Meter{Namespace: alarms.Namespace, Stage: alarms.Stage}},
			Logger: slog.New(slog.NewJSONHandler(&log, nil))}, nil, sampleRoutes())
		for range times {
			r := httptest.NewRequest(http.MethodGet, "/nowhere", nil)
			r.Header.Set(edgeSecretHeader, secret)
			app.ServeHTTP(httptest.NewRecorder(), r)
		}
		return log.String()
	}
	alarms.FiresOn(t, "PastTheEdgeAlarm", "login", called(1001, "guessed"), called(1000, "guessed")+called(10, edgeSecret))
}

const edgeSecret = "0123456789abcdef"

// The query of the runbook finds what a page that failed left in the log.
func TestTheRunbooksQueryAsksForWhatIsLogged(t *testing.T) {
	runbook, err := os.ReadFile("../../docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	query := regexp.MustCompile(`(?m)^    fields (.*?) \| filter (\w+) `).FindStringSubmatch(string(runbook))
	if query == nil {
		t.Fatal("the runbook has no query")
	}
	var log bytes.Buffer
	h := testApp(t, AppConfig{}, &log, Route{Method: http.MethodGet, Pattern: "/x", Handle: func(*Request) (Response, error) { return nil, Unavailable(errors.New("the table does not answer")) }})
	call(h, "GET", "/x", "")
	var line map[string]any
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(strings.Split(query[1], ", "), query[2]) {
		if _, logged := line[name]; !logged && name != "@timestamp" {
			t.Errorf("%s is not in the log: %s", name, log.String())
		}
	}
}
