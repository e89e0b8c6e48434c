package web

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// formOf reads a body as a route does that knows some fields.
func formOf(kind string, body []byte) (Form, error) {
	route := &Route{Fields: []Field{{Name: "note", Multiline: true}, {Name: "password", Secret: true}, {Name: "code", Max: 6}}}
	return (&Request{Request: &http.Request{Header: http.Header{"Content-Type": {kind}}}, route: route, body: body}).Form()
}

// Whatever is sent, a form holds readable text only, within the limits of its fields; what is refused is refused as a mistake
// of the sender that names the field; and what is taken is the same when it is sent again, as a form or as JSON.
func FuzzForm(f *testing.F) {
	for _, body := range []string{"city=Bonn&note=a%0D%0Ab%09c", "a=1&a=2", "city=%ff", "city=\xe2\x80\xae1", "password=%E2%80%8Bx%09", "code=1234567", "a=%zz", "=&&=", "note=%00&city=%07", "city=%e2%80%8f%9f", "city+x=1"} {
		f.Add(false, []byte(body))
	}
	for _, body := range []string{`{"city":"Bonn","note":"a\nb","n":1e400,"b":true,"z":null}`, `{"city":{}}`, `{"a":"1","a":"2"}`, `{"a":"\ud800"}`, `{"city":"\u0000"}`, `[1]`, `{"a":"b"}{}`, `{"":""}`} {
		f.Add(true, []byte(body))
	}
	f.Fuzz(func(t *testing.T, object bool, body []byte) {
		kind := map[bool]string{false: asForm, true: asJSON}[object]
		got, err := formOf(kind, body)
		if err != nil {
			refusedAsMistake(t, got, err)
			return
		}
		if len(got.values) > maxFields {
			t.Errorf("%d fields", len(got.values))
		}
		again := url.Values{}
		for name, value := range got.values {
			limit := map[string]int{"note": maxField, "password": maxField, "code": 6}[name]
			if limit == 0 {
				limit = maxValue
			}
			if textProblem(name, false) != "" || textProblem(value, name == "note") != "" || len(value) > limit {
				t.Errorf("%q has %q (%d bytes)", name, value, len(value))
			}
			again.Set(name, value)
		}
		flat, err := json.Marshal(got.values)
		if err != nil {
			t.Fatal(err)
		}
		for kind, body := range map[string][]byte{asForm: []byte(again.Encode()), asJSON: flat} {
			if sent, err := formOf(kind, body); err != nil || !maps.Equal(sent.values, got.values) {
				t.Errorf("sent again as %s: %q, %v; want %q", kind, sent.values, err, got.values)
			}
		}
	})
}

func refusedAsMistake(t *testing.T, got Form, err error) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) || refused.Status < 400 || refused.Status >= 500 || refused.Code == "" {
		t.Fatalf("%v", err)
	}
	if refused.Status == http.StatusUnprocessableEntity && len(refused.Fields) == 0 {
		t.Errorf("%s names no field", refused.Code)
	}
	for _, field := range refused.Fields {
		if refused.Status == http.StatusUnprocessableEntity && !got.Has(field.Field) {
			t.Errorf("%s is said of %q, which was not sent", refused.Code, field.Field)
		}
	}
	for name, value := range got.values { // is shown again
		if textProblem(name, false) != "" || textProblem(value, name == "note") != "" {
			t.Errorf("%q would be shown as %q", name, value)
		}
	}
}

// Whatever API Gateway hands over, the answer is one that it takes: text of UTF-8 or base64, one line a header, below the
// limits, and never a fault of ours.
func FuzzAdapter(f *testing.F) {
	f.Add("GET", "/sample", "lang=en", "text/html", "de", "", "__Host-lang=en", "same-origin", []byte(nil), false)
	f.Add("POST", "/sample", "", "application/json", "en-GB,en;q=0.9", asForm, "", "same-origin", []byte("city=Bonn"), true)
	f.Add("POST", "/sample", "", "", "", asJSON, "a=b", "cross-site", []byte(`{"city":"`), true)
	f.Add("GET", "/things/%C3%BC%2F", "to=%2Fa%0d%0ab&q=%ff", "*/*;q=0", "\xff", "", "\x00", "none", []byte("{"), false)
	f.Add("HEAD", "//sample", "%", "application/json;q=x", "", "", ";;=", "", []byte("\xff\xfe"), true)
	f.Add("BREW", "/things/%zz", "lang=xx&lang=de", "", "", "", "", "same-site", []byte("x"), false)
	h := testApp(f, AppConfig{}, io.Discard, append(sampleRoutes(), Route{Method: http.MethodGet, Pattern: "/things/{id}", Fields: []Field{{Name: "id", In: InPath}, {Name: "to", In: InQuery}},
		Handle: func(r *Request) (Response, error) {
			if to := r.URL.Query().Get("to"); OwnPath(to) {
				return SeeOther(to), nil
			}
			return Page("sample", cityView{r.PathValue("id") + r.URL.Query().Get("q")}), nil
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
		if headers > maxAnswerHeaders || all > 6<<20 || !utf8.ValidString(a.Body) {
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
