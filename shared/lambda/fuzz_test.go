package lambda

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"kundenkonto/shared/web"
)

// Whatever API Gateway hands over, the answer is one that it takes: text of UTF-8 or base64, one line a header, below the
// limits, and never a fault of ours.
func FuzzAdapter(f *testing.F) {
	f.Add("GET", "/sample", "lang=en", "text/html", "de", "", "__Host-lang=en", "same-origin", []byte(nil), false)
	f.Add("POST", "/sample", "", "application/json", "en-GB,en;q=0.9", asForm, "", "same-origin", []byte("city=Bonn"), true)
	f.Add("POST", "/sample", "", "", "", asJSON, "a=b", "cross-site", []byte(`{"city":"`), true)
	f.Add("GET", "/things/%C3%BC%2F", "to=%2Fa%0d%0ab&q=%ff", "*/*;q=0", "\xff", "", "\x00", "none", []byte("{"), false)
	f.Add("HEAD", "//sample", "%", "application/json;q=x", "", "", ";;=", "", []byte("\xff\xfe"), true)
	f.Add("BREW", "/things/%zz", "lang=xx&lang=de", "", "", "", "", "same-site", []byte("x"), false)
	h := testApp(f, web.AppConfig{}, io.Discard, append(sampleRoutes(), web.Route{Method: http.MethodGet, Pattern: "/things/{id}", Fields: []web.Field{{Name: "id", In: web.InPath}, {Name: "to", In: web.InQuery}},
		Handle: func(r *web.Request) (web.Response, error) {
			if to := r.URL.Query().Get("to"); web.OwnPath(to) {
				return web.SeeOther(to), nil
			}
			return web.Page("sample", cityView{r.PathValue("id") + r.URL.Query().Get("q")}), nil
		}})...)
	f.Fuzz(func(t *testing.T, method, path, query, accept, language, kind, cookie, site string, body []byte, encoded bool) {
		e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, RawQueryString: query, Body: string(body), IsBase64Encoded: encoded, Headers: map[string]string{
			"accept": accept, "accept-language": language, "content-type": kind, "sec-fetch-site": site, "accept-encoding": "gzip"}}
		if encoded {
			e.Body = base64.StdEncoding.EncodeToString(body)
		}
		if cookie != "" {
			e.Cookies = []string{cookie}
		}
		e.RequestContext.HTTP.Method, e.RequestContext.HTTP.SourceIP, e.RequestContext.RequestID = method, "2001:db8::7", "req-1"
		a, err := Adapt(t.Context(), h, e)
		if err != nil || a.StatusCode < 200 || a.StatusCode >= 500 {
			t.Fatalf("%d, %v: %.200s", a.StatusCode, err, a.Body)
		}
		headers, all := handed(t, a)
		if headers > gatewayHeaders || all > lambdaAnswer || !utf8.ValidString(a.Body) {
			t.Errorf("%d bytes of headers, %d in all, valid %v", headers, all, utf8.ValidString(a.Body))
		}
		for name, value := range a.Headers {
			if !utf8.ValidString(value) || hasControl(value) || hasControl(name) {
				t.Errorf("header %q: %q", name, value)
			}
		}
		for _, c := range a.Cookies {
			if hasControl(c) || !utf8.ValidString(c) {
				t.Errorf("cookie %q", c)
			}
		}
		if text := bodyOf(t, a); len(text) > 0 && strings.HasSuffix(a.Headers["content-type"], "json") && !json.Valid(text) || !utf8.Valid(text) {
			t.Errorf("%s: %.200q", a.Headers["content-type"], text)
		}
	})
}

// bodyOf is an answer's body as the browser reads it.
func bodyOf(t *testing.T, a events.APIGatewayV2HTTPResponse) []byte {
	t.Helper()
	body := []byte(a.Body)
	if a.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(a.Body); err != nil {
			t.Fatal(err)
		}
	}
	if a.Headers["content-encoding"] != "gzip" {
		return body
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	return body
}
