package lambda

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"kundenkonto/shared/web"

	"github.com/aws/aws-lambda-go/events"
	"pgregory.net/rapid"
)

var (
	genToken  = rapid.StringMatching(`[a-z][a-z0-9]{0,8}`)
	genValue  = rapid.StringMatching(`[!-+\--~]{1,20}`) // visible, without the comma that joins repeated headers
	genBytes  = rapid.SliceOfN(rapid.Byte(), 0, 200)
	genCookie = rapid.StringMatching(`[a-zA-Z_]{1,10}=[a-zA-Z0-9]{0,20}`)
	genPath   = rapid.Custom(func(t *rapid.T) string {
		return "/" + strings.Join(rapid.SliceOfN(rapid.Map(rapid.String(), url.PathEscape), 0, 4).Draw(t, "parts"), "/")
	})
)

// gateway does what API Gateway does with a visitor's request (HTTP API, 2.0).
func gateway(method, path, query string, header http.Header, cookies []string, body []byte) events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, RawQueryString: query, Cookies: cookies, Headers: map[string]string{}}
	for name, values := range header {
		e.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	e.Body, e.IsBase64Encoded = string(body), false
	if !utf8.Valid(body) || len(body)%3 == 0 { // base64 happens for text, too
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.SourceIP, e.RequestContext.RequestID = method, "2001:db8::7", "req-1"
	return e
}

func TestARequestArrivesAsItWasSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		path, body := genPath.Draw(t, "path"), genBytes.Draw(t, "body")
		query := url.Values{genToken.Draw(t, "name"): {rapid.String().Draw(t, "value")}}.Encode()
		cookies := rapid.SliceOfN(genCookie, 0, 4).Draw(t, "cookies")
		header := http.Header{"Host": {"konto.example"}}
		for _, name := range rapid.SliceOfN(genToken, 0, 4).Draw(t, "headers") {
			header.Set("X-"+name, genValue.Draw(t, "header"))
		}
		var seen *http.Request
		var seenBody []byte
		h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r; seenBody, _ = io.ReadAll(r.Body) })
		if _, err := Adapt(context.Background(), h, gateway("POST", path, query, header, cookies, body)); err != nil {
			t.Fatal(err)
		}
		if seen.Method != http.MethodPost || seen.URL.EscapedPath() != path || seen.URL.RawQuery != query {
			t.Fatalf("got %s %s?%s, want %s?%s", seen.Method, seen.URL.EscapedPath(), seen.URL.RawQuery, path, query)
		}
		if !bytes.Equal(seenBody, body) || seen.ContentLength != int64(len(body)) {
			t.Fatalf("got body %q of %d, want %q", seenBody, seen.ContentLength, body)
		}
		if got := seen.Header.Get("Cookie"); got != strings.Join(cookies, "; ") {
			t.Fatalf("got cookies %q, want %q", got, cookies)
		}
		if seen.Host != "konto.example" || seen.RemoteAddr != "[2001:db8::7]:0" {
			t.Fatalf("got host %q from %q", seen.Host, seen.RemoteAddr)
		}
		for name, values := range header {
			if name != "Host" && seen.Header.Get(name) != values[0] {
				t.Fatalf("header %s: got %q, want %q", name, seen.Header.Get(name), values)
			}
		}
	})
}

func TestAnAnswerLeavesAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		status, body := rapid.SampledFrom([]int{200, 303, 404, 422, 503}).Draw(t, "status"), genBytes.Draw(t, "body")
		cookies := rapid.SliceOfN(genCookie, 0, 4).Draw(t, "cookies")
		repeated := rapid.SliceOfN(genValue, 1, 3).Draw(t, "values")
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for _, c := range cookies {
				w.Header().Add("Set-Cookie", c)
			}
			for _, v := range repeated {
				w.Header().Add("X-Repeated", v)
			}
			w.WriteHeader(status)
			_, _ = w.Write(body)
		})
		e, err := Adapt(context.Background(), h, gateway("GET", "/", "", nil, nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		e = throughJSON(t, e)
		got := []byte(e.Body)
		if e.IsBase64Encoded {
			if got, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
				t.Fatal(err)
			}
		}
		if e.StatusCode != status || !bytes.Equal(got, body) || !slices.Equal(e.Cookies, cookies) {
			t.Fatalf("got %d %q %q, want %d %q %q", e.StatusCode, got, e.Cookies, status, body, cookies)
		}
		if want := map[string]string{"x-repeated": strings.Join(repeated, ", ")}; !maps.Equal(e.Headers, want) {
			t.Fatalf("got headers %v, want %v", e.Headers, want)
		}
	})
}

// throughJSON is the way of every answer to API Gateway.
func throughJSON(t *rapid.T, e events.APIGatewayV2HTTPResponse) (out events.APIGatewayV2HTTPResponse) {
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOddEventsAreNoCrash(t *testing.T) {
	h := testApp(t, web.AppConfig{}, io.Discard, sampleRoutes()...)
	for name, e := range map[string]events.APIGatewayV2HTTPRequest{
		"an empty event":       {},
		"a broken base64 body": {Body: "###", IsBase64Encoded: true},
		"a lone percent sign":  {RawPath: "/100%"},
		"no leading slash":     {RawPath: "sample"},
		"two leading slashes":  {RawPath: "//evil.example/sample"},
		"a broken query":       {RawPath: "/sample", RawQueryString: "a=%zz"},
	} {
		t.Run(name, func(t *testing.T) {
			e.RequestContext.HTTP.Method = http.MethodGet
			got, err := Adapt(context.Background(), h, e)
			if err != nil || got.StatusCode < 400 || got.StatusCode > 499 {
				t.Errorf("got %d, %v, want a 4xx", got.StatusCode, err)
			}
		})
	}
}
