package web

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

// S17: what may become a key is no longer than a key; S18: a redirect leads somewhere safe, whatever its target.
func TestLongValuesAreRefusedBeforeTheyBecomeKeys(t *testing.T) {
	done := 0
	ok := func(r *Request) (Response, error) {
		if _, err := r.Form(); err != nil {
			return nil, err
		}
		done++
		return JSON(200, "ok"), nil
	}
	routes := []Route{
		{Method: http.MethodGet, Pattern: "/things/{id}", Handle: ok, Fields: []Field{{Name: "id", In: InPath}, {Name: "q", In: InQuery, Max: 20}, {Name: "token", In: InQuery, Secret: true}}},
		{Method: http.MethodPost, Pattern: "/things", Handle: ok, Fields: []Field{{Name: "id"}, {Name: "password", Secret: true}, {Name: "note", Multiline: true}, {Name: "next", Max: MaxPath}}},
	}
	h := testApp(t, AppConfig{}, &bytes.Buffer{}, routes...)
	long := strings.Repeat("x", 1001)
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{"GET", "/things/" + long[:1000], "", 200}, {"GET", "/things/" + long, "", 404}, {"GET", "/things/" + strings.Repeat("%C3%BC", 501), "", 404},
		{"GET", "/things/1?q=" + long[:1000], "", 200}, {"GET", "/things/1?q=" + long, "", 422}, {"GET", "/things/1?unknown=" + long, "", 422},
		{"GET", "/things/1?token=" + long, "", 200}, {"GET", "/things/1?token=" + strings.Repeat("x", 4097), "", 400},
		{"POST", "/things", "id=" + long[:1000], 200}, {"POST", "/things", "id=" + long, 422}, {"POST", "/things", "unknown=" + long, 422},
		{"POST", "/things", "password=" + long + "&note=" + long + "&next=/" + long, 200}, {"POST", "/things", "next=/" + long + long + long, 422},
	} {
		before := done
		if w := call(h, c.method, c.path, c.body, "Content-Type", "application/x-www-form-urlencoded"); w.Code != c.want || (done > before) != (c.want == 200) {
			t.Errorf("%s %.40s %.40s: %d, want %d, handled %v", c.method, c.path, c.body, w.Code, c.want, done > before)
		}
	}
}

func TestARedirectNeverFails(t *testing.T) {
	target := ""
	var log bytes.Buffer
	h := testApp(t, AppConfig{}, &log, Route{Method: http.MethodPost, Pattern: "/x", Handle: func(*Request) (Response, error) { return SeeOther(target), nil }})
	secret := "geheimesuchanfrage"
	for to, want := range map[string]string{
		"/account?saved=1": "/account?saved=1", "/account?q=" + strings.Repeat(secret, 150): "/account", "/" + strings.Repeat("x", MaxPath): "/",
		"//evil.example": "/", "https://evil.example/?x": "/", `/\evil.example?x`: "/", "/a\x00b": "/", "": "/", "evil": "/", "/account?x=\r\nSet-Cookie: a=b": "/account",
	} {
		target = to
		w := call(h, "POST", "/x", "")
		if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != want {
			t.Errorf("%.40q: %d to %q, want %q", to, w.Code, got, want)
		}
	}
	if strings.Contains(log.String(), secret) || strings.Contains(log.String(), "evil") {
		t.Error("a target stands in the log")
	}
}
