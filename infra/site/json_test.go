package site

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"kundenkonto/shared/web"
)

// filesByGET are routes whose answer is no page: a picture, stylesheets, JSON Schemas.
func filesByGET() map[string]bool {
	files := map[string]bool{}
	for _, r := range Routes() {
		files[name(r)] = len(r.Kinds) > 0 && !slices.Contains(r.Kinds, "application/json")
	}
	return files
}

// Every route answers a program in JSON: what a page shows, or a problem with a code that stays. What is mailed or kept in
// a cookie is never given back.
func TestEveryRouteAnswersProgramsInJSON(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		pages, files := 0, filesByGET()
		for _, q := range c.requests() {
			for _, form := range []url.Values{q.form, {}} { // as it should be, and with everything missing
				w.again()
				q.form = form
				a := w.send(t.Context(), c, q, func(r *http.Request) { r.Header.Set("Accept", "application/json") })
				if !files[q.route] {
					programReads(t, q, a)
				}
				for purpose, secret := range c.tokens {
					if strings.Contains(a.Body.String(), secret) {
						t.Errorf("%s gives the link for %s back (S20)", q.route, purpose)
					}
				}
				for _, cookie := range c.cookies[q.who] {
					if strings.Contains(a.Body.String(), cookie.Value) {
						t.Errorf("%s gives a cookie back (S20)", q.route)
					}
				}
				if a.Code == http.StatusOK && strings.HasPrefix(q.route, "GET ") {
					pages++
				}
			}
		}
		t.Logf("%d answers of pages", pages)
		if pages < 40 {
			t.Errorf("only %d pages were read", pages)
		}
	})
}

// programReads says what a program cannot read in an answer.
func programReads(t *testing.T, q request, a *httptest.ResponseRecorder) {
	t.Helper()
	kind, _, _ := strings.Cut(a.Header().Get("Content-Type"), ";")
	var object map[string]any
	switch {
	case a.Code >= 300 && a.Code < 400:
		if to := a.Header().Get("Location"); !web.OwnPath(to) {
			t.Errorf("%s leads to %q", q.route, to)
		}
	case json.Unmarshal(a.Body.Bytes(), &object) != nil:
		t.Errorf("%s answers %d with %s: %.100s", q.route, a.Code, kind, a.Body)
	case a.Code >= 400:
		if code, _ := object["code"].(string); kind != "application/problem+json" || code == "" || object["title"] == "" || object["status"] != float64(a.Code) {
			t.Errorf("%s is no problem as of RFC 9457: %s %s", q.route, kind, a.Body)
		}
	case kind != "application/json" || len(object) == 0 && q.route != "GET /accessibility":
		t.Errorf("%s answers %d with %s: %.100s", q.route, a.Code, kind, a.Body)
	}
}
