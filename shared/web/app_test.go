package web

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kundenkonto/shared/lang"
)

var testNow = time.Date(2026, 11, 23, 13, 2, 0, 0, time.UTC)

const formPage = `{{define "title"}}{{t "Sicherheit"}}{{end}}{{define "content"}}<h1>{{t "Sicherheit"}}</h1>
<form method="post">{{template "field" (field $ "city" (t "Ort") "value" .View.City)}}{{template "button" (button (t "Weiter"))}}</form>{{end}}`

type cityView struct {
	City string `json:"city"`
}

func testApp(t testing.TB, cfg AppConfig, log io.Writer, routes ...Route) http.Handler {
	t.Helper()
	pages, err := ParsePages(fstest.MapFS{"pages/sample.html": {Data: []byte(formPage)}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Now = func() time.Time { return testNow }
	cfg.PublicURL, cfg.Brand = "https://konto.example", "Kundenkonto"
	cfg.Logger = slog.New(slog.NewJSONHandler(log, nil))
	return NewApp(cfg, pages, routes)
}

func sampleRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/sample", Handle: func(r *Request) (Response, error) { return Page("sample", cityView{"Berlin"}), nil }},
		{Method: http.MethodPost, Pattern: "/sample", Fields: []Field{{Name: "note", Multiline: true}}, Handle: func(r *Request) (Response, error) {
			f, err := r.Form()
			if err != nil {
				return nil, err
			}
			if f.Text("city") == "" {
				return Page("sample", cityView{f.Get("city")}).WithError(Unprocessable("city_missing", lang.T("Es fehlt etwas."),
					Invalid("city", "missing", lang.T("Geben Sie den Ort an.")))), nil
			}
			return SeeOther("/sample"), nil
		}},
	}
}

func call(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method == http.MethodPost {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPageAndErrorsInBothLanguagesAndKinds(t *testing.T) {
	h := testApp(t, AppConfig{}, io.Discard, sampleRoutes()...)
	for _, c := range []struct {
		name, method, target, body string
		headers                    []string
		status                     int
		kind, want                 string
	}{
		{"a page in German", "GET", "/sample", "", nil, 200, "text/html; charset=utf-8", `<html lang="de">`},
		{"a page in English by Accept-Language", "GET", "/sample", "", []string{"Accept-Language", "en-GB,en;q=0.9"}, 200, "text/html; charset=utf-8", "<h1>Security</h1>"},
		{"a page as JSON is its view", "GET", "/sample", "", []string{"Accept", "application/json"}, 200, "application/json", `{"city":"Berlin"}`},
		{"a refused form links the error to its field", "POST", "/sample", "city=", nil, 422, "text/html; charset=utf-8", `<a href="#f-city">Geben Sie den Ort an.</a>`},
		{"a refused form has an error title", "POST", "/sample", "city=", nil, 422, "text/html; charset=utf-8", `<title>Fehler: Sicherheit – Kundenkonto</title>`},
		{"a refused form as problem", "POST", "/sample", "city=", []string{"Accept", "application/json"}, 422, "application/problem+json", `"fields":[{"field":"city","code":"missing","detail":"Geben Sie den Ort an."}]`},
		{"an unknown path", "GET", "/nothing", "", nil, 404, "text/html; charset=utf-8", "Seite nicht gefunden"},
		{"an unknown path as problem", "GET", "/nothing", "", []string{"Accept", "application/json"}, 404, "application/problem+json", `"code":"not_found"`},
		{"an unknown method", "DELETE", "/sample", "", []string{"Sec-Fetch-Site", "same-origin"}, 405, "text/html; charset=utf-8", "Seite nicht so aufrufbar"},
		{"a done form", "POST", "/sample", "city=Bonn", nil, 303, "application/json", `"/sample"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := call(h, c.method, c.target, c.body, c.headers...)
			if w.Code != c.status || w.Header().Get("Content-Type") != c.kind || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("got %d %s\n%s\nwant %d %s with %q", w.Code, w.Header().Get("Content-Type"), w.Body, c.status, c.kind, c.want)
			}
		})
	}
}
