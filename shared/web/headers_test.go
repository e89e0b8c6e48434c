package web

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// S15: every answer, of whatever kind, carries the headers.
func TestSecurityHeadersOnEveryAnswer(t *testing.T) {
	routes := append(sampleRoutes(), Route{Method: http.MethodGet, Pattern: "/panic", Handle: func(*Request) (Response, error) { panic("canary") }},
		Route{Method: http.MethodGet, Pattern: "/assets/{path...}", Handle: Assets})
	h := testApp(t, AppConfig{FormActions: []string{"https://issuer.example"}}, io.Discard, routes...)
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; " +
			"form-action 'self' https://issuer.example; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
		"Strict-Transport-Security":    "max-age=63072000; includeSubDomains",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           permissionsPolicy,
	}
	for _, c := range []struct {
		name, method, path, accept, cache string
	}{
		{"a page", "GET", "/sample", "", "no-store"},
		{"a page as JSON", "GET", "/sample", "application/json", "no-store"},
		{"a redirect", "POST", "/sample", "", "no-store"},
		{"a missing page", "GET", "/nothing", "", "no-store"},
		{"a crash", "GET", "/panic", "", "no-store"},
		{"an asset by an old name", "GET", "/assets/style.00000000.css", "", "no-cache"},
		{"an asset by its name", "GET", assetPath(t, "style.css"), "", "public, max-age=31536000, immutable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := map[string]string{"POST": "city=Bonn"}[c.method]
			w := call(h, c.method, c.path, body, "Accept", c.accept)
			for name, v := range want {
				if got := w.Header().Get(name); got != v {
					t.Errorf("%s: got %q, want %q", name, got, v)
				}
			}
			if got := w.Header().Get("Cache-Control"); got != c.cache {
				t.Errorf("Cache-Control: got %q, want %q", got, c.cache)
			}
			if strings.Contains(w.Body.String(), "canary") {
				t.Error("the cause of the crash is shown")
			}
		})
	}
}

func assetPath(t *testing.T, name string) string {
	t.Helper()
	p, err := (&PageData{}).Asset(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// S16: proof of the same origin or a refusal.
func TestCrossSiteRequestsAreRefused(t *testing.T) {
	h := testApp(t, AppConfig{}, io.Discard, sampleRoutes()...)
	for _, c := range []struct {
		name, site, origin string
		status             int
	}{
		{"the browser says same origin", "same-origin", "", 303},
		{"the visitor reloaded the form", "none", "", 303},
		{"an old browser names our origin", "", "https://konto.example", 303},
		{"the browser hides the origin of a same-origin form", "same-origin", "null", 303},
		{"a sibling domain", "same-site", "https://konto.example", 403},
		{"another site", "cross-site", "https://evil.example", 403},
		{"another site that claims our origin", "cross-site", "https://konto.example", 403},
		{"an old browser on another site", "", "https://evil.example", 403},
		{"our host without encryption", "", "http://konto.example", 403},
		{"an origin that begins like ours", "", "https://konto.example.evil.example", 403},
		{"a hidden origin only", "", "null", 403},
		{"neither header", "", "", 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := call(h, "POST", "/sample", "city=Bonn", "Sec-Fetch-Site", c.site, "Origin", c.origin)
			if w.Code != c.status {
				t.Errorf("got %d, want %d", w.Code, c.status)
			}
			if w := call(h, "GET", "/sample", "", "Sec-Fetch-Site", c.site, "Origin", c.origin); w.Code != 200 {
				t.Errorf("reading got %d, want 200", w.Code)
			}
		})
	}
}

func TestOnlyTheEdgeIsBelieved(t *testing.T) {
	var seen *Request
	routes := []Route{{Method: http.MethodGet, Pattern: "/who", Handle: func(r *Request) (Response, error) { seen = r; return JSON(200, "ok"), nil }}}
	for _, c := range []struct {
		name, secrets, given, viewer string
		status                       int
		address                      string
	}{
		{"no secret is configured: the connection counts", "", "", "203.0.113.9", 200, "192.0.2.1"},
		{"the right secret: its address counts", "one,two", "one", "203.0.113.9", 200, "203.0.113.9"},
		{"the other secret during a change", "one,two", "two", "203.0.113.9:4711", 200, "203.0.113.9"},
		{"an IPv6 address with a port", "one", "one", "[2001:db8::1]:4711", 200, "2001:db8::1"},
		{"nonsense for an address", "one", "one", "localhost", 200, "192.0.2.1"},
		{"the right secret without an address", "one", "one", "", 200, "192.0.2.1"},
		{"a wrong secret", "one,two", "three", "203.0.113.9", 403, ""},
		{"part of a secret", "one,two", "on", "203.0.113.9", 403, ""},
		{"no secret", "one,two", "", "203.0.113.9", 403, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := AppConfig{}
			if c.secrets != "" {
				cfg.EdgeSecrets = strings.Split(c.secrets, ",")
			}
			seen = nil
			w := call(testApp(t, cfg, io.Discard, routes...), "GET", "/who", "", "X-Origin-Secret", c.given, "X-Viewer-Address", c.viewer)
			if w.Code != c.status {
				t.Fatalf("got %d, want %d", w.Code, c.status)
			}
			if c.status != 200 {
				return
			}
			if got := seen.ClientIP.String(); got != c.address {
				t.Errorf("got address %s, want %s", got, c.address)
			}
			for _, name := range []string{"X-Origin-Secret", "X-Viewer-Address"} {
				if _, there := seen.Header[http.CanonicalHeaderKey(name)]; there {
					t.Errorf("%s reaches the handler", name)
				}
			}
		})
	}
}
