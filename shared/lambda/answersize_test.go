package lambda

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/shared/web"

	"github.com/aws/aws-lambda-go/events"
	"pgregory.net/rapid"
)

// handed is the size of an answer's headers and of all of it, as Lambda and API Gateway count them.
func handed(t rapid.TB, e events.APIGatewayV2HTTPResponse) (headers, all int) {
	t.Helper()
	for name, value := range e.Headers {
		headers += len(name) + len(value)
	}
	for _, c := range e.Cookies {
		headers += len("set-cookie") + len(c)
	}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return headers, len(b)
}

// An answer that API Gateway or Lambda would drop is an error page of ours, and a line of the log that says why.
func TestAnAnswerThatWouldNotArriveIsAnErrorPage(t *testing.T) {
	long := strings.Repeat("x", gatewayHeaders)
	for name, tt := range map[string]struct {
		answer web.Response
		status int
	}{
		"a long address":         {web.SeeOutside("https://issuer.example/?state=" + long), 500},
		"a long header":          {web.JSON(200, "ok").WithHeader("X-Long", long), 500},
		"many cookies":           {web.JSON(200, "ok").WithCookie(&http.Cookie{Name: "a", Value: long[:6000]}).WithCookie(&http.Cookie{Name: "b", Value: long[:6000]}), 500},
		"7 MB":                   {web.Raw(200, "text/plain", bytes.Repeat([]byte("a"), 7<<20)), 500},
		"2 MB of angle brackets": {web.Raw(200, "text/plain", bytes.Repeat([]byte("<"), 2<<20)), 500},
		"5 MB that are no text":  {web.Raw(200, "image/png", bytes.Repeat([]byte{0xff}, 5<<20)), 500},
		"5 MB of text":           {web.Raw(200, "text/plain", bytes.Repeat([]byte("a"), 5<<20)), 200},
		"8 kB of headers":        {web.JSON(200, "ok").WithHeader("X-Long", long[:8000]), 200},
	} {
		var log bytes.Buffer
		h := testApp(t, web.AppConfig{}, &log, web.Route{Method: http.MethodGet, Pattern: "/x", Handle: func(*web.Request) (web.Response, error) { return tt.answer, nil }})
		e, err := Adapt(context.Background(), h, gateway("GET", "/x", "", http.Header{"Accept": {"text/html"}}, nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		headers, all := handed(t, e)
		if e.StatusCode != tt.status || headers > gatewayHeaders || all > lambdaAnswer {
			t.Errorf("%s: %d, %d bytes of headers, %d in all", name, e.StatusCode, headers, all)
		}
		if failed := strings.Contains(log.String(), `"cause":"an answer`); failed != (tt.status == 500) {
			t.Errorf("%s: logged %.300s", name, log.String())
		}
		if tt.status == 500 && (!strings.Contains(e.Body, "Bei uns ist ein Fehler") || e.Headers["x-long"] != "" || len(e.Cookies) > 0) {
			t.Errorf("%s: %.200s %v", name, e.Body, e.Cookies)
		}
	}
}

// Whatever API Gateway lets in, also where a handler takes the query into its redirect and cookies, goes out again.
func TestNoRequestMakesAnAnswerThatWouldNotArrive(t *testing.T) {
	copying := func(r *web.Request) (web.Response, error) {
		q := r.URL.RawQuery
		return web.SeeOther("/next?" + q).WithCookie(&http.Cookie{Name: "seen", Value: r.Header.Get("X-Seen"), Path: "/"}), nil
	}
	h := testApp(t, web.AppConfig{FormActions: []string{"https://issuer.example"}}, &bytes.Buffer{}, web.Route{Method: http.MethodGet, Pattern: "/x", Handle: copying, Fields: []web.Field{{Name: "q", In: web.InQuery, Max: 4 << 10}}})
	rapid.Check(t, func(t *rapid.T) {
		query := url.Values{}
		for range rapid.IntRange(0, 12).Draw(t, "fields") {
			query.Set(genToken.Draw(t, "name"), strings.Repeat(rapid.SampledFrom([]string{"a", "ü", "%", "&", "/"}).Draw(t, "of"), rapid.IntRange(0, 4<<10).Draw(t, "long")))
		}
		header := http.Header{"X-Seen": {strings.Repeat("c", rapid.IntRange(0, 4<<10).Draw(t, "cookie"))}, "Accept-Language": {"en"}}
		path := rapid.SampledFrom([]string{"/x", "/nowhere", "/" + strings.Repeat("x", 8000)}).Draw(t, "path")
		e, err := Adapt(context.Background(), h, gateway("GET", path, query.Encode(), header, nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		if headers, all := handed(t, e); e.StatusCode >= 500 || headers > gatewayHeaders || all > lambdaAnswer {
			t.Fatalf("%s: %d, %d bytes of headers, %d in all", path, e.StatusCode, headers, all)
		}
	})
}
