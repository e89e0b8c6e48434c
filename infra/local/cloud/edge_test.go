package cloud

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTheEdgeSaysWhoTheViewerIsAndProvesItself(t *testing.T) {
	var got *http.Request
	api := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r }))
	defer api.Close()
	edge := httptest.NewServer(newEdge(&engine{url: api.URL, port: 4566}, "abc123", "the secret"))
	defer edge.Close()

	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, edge.URL+"/account?a=b%20c", nil)
	for _, h := range []string{headerViewer, headerSecret, "X-Forwarded-For", "Forwarded"} {
		req.Header.Set(h, "forged")
	}
	req.Header.Set("Cookie", "__Host-session=x")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()

	if got.Host != "abc123.execute-api.localhost:4566" {
		t.Errorf("host %q is not the API's", got.Host)
	}
	if !strings.HasSuffix(got.URL.Path, "/account") || got.URL.RawQuery != "a=b%20c" {
		t.Errorf("asked for %s", got.URL)
	}
	if v := got.Header.Values(headerViewer); len(v) != 1 || v[0] != "127.0.0.1" {
		t.Errorf("viewer %q, want the connection's address", v)
	}
	if v := got.Header.Values(headerSecret); len(v) != 1 || v[0] != "the secret" {
		t.Errorf("secret %q", v)
	}
	if v := got.Header.Get("Forwarded") + got.Header.Get("X-Forwarded-For"); v != "" {
		t.Errorf("a viewer's %q got through", v)
	}
	if got.Header.Get("Cookie") != "__Host-session=x" {
		t.Error("the cookie was lost")
	}
}

func TestRedirectsAreLeftToTheBrowser(t *testing.T) {
	api := httptest.NewServer(http.RedirectHandler("/login", http.StatusSeeOther))
	defer api.Close()
	edge := httptest.NewRecorder()
	newEdge(&engine{url: api.URL}, "abc123", "s").ServeHTTP(edge, httptest.NewRequest(http.MethodGet, "/account", nil))
	if edge.Code != http.StatusSeeOther || edge.Header().Get("Location") != "/login" {
		t.Errorf("%d to %q", edge.Code, edge.Header().Get("Location"))
	}
}
