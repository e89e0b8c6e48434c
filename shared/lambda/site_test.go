package lambda

import (
	"io"
	"log/slog"
	"net/http"
	"testing"
	"testing/fstest"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/web"
)

// What API Gateway and Lambda let through, in bytes (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html,
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
const (
	gatewayHeaders = 10_240
	lambdaAnswer   = 6 << 20
)

const (
	asForm = "application/x-www-form-urlencoded"
	asJSON = "application/json"
)

const formPage = `{{define "title"}}x{{end}}{{define "content"}}<h1>x</h1>
<form method="post">{{template "field" (field $ "city" "Ort" "value" .View.City)}}</form>{{end}}`

type cityView struct {
	City string `json:"city"`
}

// testApp is a site with a page and what it logs.
func testApp(t testing.TB, cfg web.AppConfig, log io.Writer, routes ...web.Route) http.Handler {
	t.Helper()
	pages, err := web.ParsePages(fstest.MapFS{"pages/sample.html": {Data: []byte(formPage)}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Now = func() time.Time { return time.Date(2026, 11, 23, 13, 2, 0, 0, time.UTC) }
	cfg.PublicURL, cfg.Brand = "https://konto.example", "Kundenkonto"
	cfg.Logger = slog.New(slog.NewJSONHandler(log, nil))
	return web.NewApp(cfg, pages, routes)
}

func sampleRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/sample", Handle: func(*web.Request) (web.Response, error) { return web.Page("sample", cityView{"Berlin"}), nil }},
		{Method: http.MethodPost, Pattern: "/sample", Fields: []web.Field{{Name: "note", Multiline: true}}, Handle: func(r *web.Request) (web.Response, error) {
			f, err := r.Form()
			if err != nil {
				return nil, err
			}
			if f.Text("city") == "" {
				return web.Page("sample", cityView{f.Get("city")}).WithError(web.Unprocessable("city_missing", lang.T("Es fehlt etwas."),
					web.Invalid("city", "missing", lang.T("Geben Sie den Ort an.")))), nil
			}
			return web.SeeOther("/sample"), nil
		}},
	}
}

func hasControl(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}
