package session_test

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// guarded is a site with one page for customers and one for the service team.
func guarded(t *testing.T) http.Handler {
	customers, staff := account(t), session.StaffStore{Store: localtest.StoreFor(t, "review")}
	page := session.Require(customers, func(r *web.Request, s session.Visitor) (web.Response, error) {
		return web.JSON(200, s.Profile.Number+" "+string(r.Lang)), nil
	})
	routes := []web.Route{
		{Method: http.MethodGet, Pattern: "/merge/draft", Handle: page}, {Method: http.MethodPost, Pattern: "/merge/check", Handle: page},
		{Method: http.MethodGet, Pattern: "/service", Handle: session.RequireStaff(staff, nil, func(_ *web.Request, s session.StaffSession) (web.Response, error) {
			return web.JSON(200, s.Name), nil
		})},
	}
	cfg := web.AppConfig{Config: web.Config{PublicURL: "https://konto.example"}, Now: func() time.Time { return noon },
		Logger: slog.New(slog.NewJSONHandler(io.Discard, nil))}
	return web.NewApp(cfg, nil, routes)
}

func ask(h http.Handler, method, path, accept, cookie, value string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept", accept)
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: cookie, Value: value})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestOnlyTheRightSessionComesThrough(t *testing.T) {
	h, p := guarded(t), localtest.Customer(t, "")
	mine := begin(t, p)
	staff := session.StaffStore{Store: localtest.StoreFor(t, "review")}
	make := func(groups ...string) string {
		value, err := staff.Create(t.Context(), rand.Reader, session.StaffSession{User: "u", Name: "Petra", Groups: groups}, noon)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	team, outsider := make(session.StaffGroup), make("accounting")
	for name, c := range map[string]struct {
		method, path, accept, cookie, value string
		status                              int
		location                            string
	}{
		"the customer":                    {"GET", "/merge/draft", "text/html", session.Cookie, mine, 200, ""},
		"nobody":                          {"GET", "/merge/draft?page=2", "text/html", "", "", 303, "/login?next=" + url.QueryEscape("/merge/draft?page=2")},
		"nobody who sends a form":         {"POST", "/merge/check", "text/html", "", "", 303, "/login?next=%2Fmerge"},
		"a program without a session":     {"GET", "/merge/draft", "application/json", "", "", 401, ""},
		"an ended session":                {"GET", "/merge/draft", "text/html", session.Cookie, "gone", 303, "/login?next=%2Fmerge%2Fdraft"},
		"staff on a customer's page":      {"GET", "/merge/draft", "application/json", session.Cookie, team, 401, ""},
		"the service team":                {"GET", "/service", "text/html", session.StaffCookie, team, 200, ""},
		"a customer on a staff page":      {"GET", "/service", "application/json", session.StaffCookie, mine, 401, ""},
		"nobody on a staff page":          {"GET", "/service", "text/html", "", "", 303, "/service/login?next=%2Fservice"},
		"somebody of another team":        {"GET", "/service", "text/html", session.StaffCookie, outsider, 403, ""},
		"the customer's cookie as staff":  {"GET", "/service", "text/html", session.Cookie, mine, 303, "/service/login?next=%2Fservice"},
		"a staff cookie in the wrong jar": {"GET", "/service", "text/html", session.Cookie, team, 303, "/service/login?next=%2Fservice"},
	} {
		t.Run(name, func(t *testing.T) {
			res := ask(h, c.method, c.path, c.accept, c.cookie, c.value)
			if res.StatusCode != c.status || res.Header.Get("Location") != c.location {
				t.Errorf("status %d to %q, want %d to %q", res.StatusCode, res.Header.Get("Location"), c.status, c.location)
			}
		})
	}
}
