package site

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
)

// eachAnswer looks at what every route answers, as a page and as JSON, to whom it is for and to a stranger.
func eachAnswer(t *testing.T, look func(t *testing.T, route string, a *httptest.ResponseRecorder), change ...func(*http.Request)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		for _, q := range c.requests() {
			for _, accept := range []string{"text/html", "application/json"} {
				for _, who := range []string{q.who, "nobody"} {
					w.again()
					one := q
					one.who = who
					look(t, q.route, w.send(t.Context(), c, one, append(change, func(r *http.Request) { r.Header.Set("Accept", accept) })...))
				}
			}
		}
	})
}

// S8, ASVS 3.3: whatever cookie a route sets, it is ours alone, by TLS, out of reach of scripts and of other sites.
func TestEveryCookieHasThePrefixAndItsAttributes(t *testing.T) {
	seen := map[string]bool{}
	eachAnswer(t, func(t *testing.T, route string, a *httptest.ResponseRecorder) {
		for _, c := range a.Result().Cookies() {
			seen[c.Name] = true
			if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("%s sets %s", route, c.Raw)
			}
		}
	}, func(r *http.Request) { // the switch of the language sets one, too
		q := r.URL.Query()
		q.Set("lang", "en")
		if r.Method == http.MethodGet {
			r.URL.RawQuery = q.Encode()
		}
	})
	if len(seen) < 6 {
		t.Errorf("only %v were looked at", seen)
	}
}

// ASVS 3.4.2: no page of another origin reads an answer of ours.
func TestNoAnswerIsSharedWithAnotherOrigin(t *testing.T) {
	eachAnswer(t, func(t *testing.T, route string, a *httptest.ResponseRecorder) {
		for name := range a.Header() {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s sends %s: %s", route, name, a.Header().Get(name))
			}
		}
	}, func(r *http.Request) { r.Header.Set("Origin", "https://konto.example.evil.example") })
}

// ASVS 4.1.1: a body says what it is, texts with their character set, and JSON is JSON.
func TestEveryBodySaysWhatItIs(t *testing.T) {
	eachAnswer(t, func(t *testing.T, route string, a *httptest.ResponseRecorder) {
		if a.Body.Len() == 0 {
			return
		}
		kind, params, err := mime.ParseMediaType(a.Header().Get("Content-Type"))
		switch {
		case err != nil:
			t.Errorf("%s: %v", route, err)
		case strings.HasPrefix(kind, "text/") && !strings.EqualFold(params["charset"], "utf-8"):
			t.Errorf("%s says %s without UTF-8", route, kind)
		case strings.HasSuffix(kind, "json") && !json.Valid(a.Body.Bytes()):
			t.Errorf("%s says %s and is none", route, kind)
		}
	})
}
