package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	asForm = "application/x-www-form-urlencoded"
	asJSON = "application/json"
)

// S17: whatever arrives in a body is done or a clear 4xx that names the reason.
func TestBodiesOutsideTheLimitsAreRefused(t *testing.T) {
	h := testApp(t, AppConfig{}, io.Discard, sampleRoutes()...)
	for _, c := range []struct {
		name, kind, body string
		status           int
		code             string
	}{
		{"a good form", asForm, "city=Bonn", 303, ""},
		{"a good form with a charset", asForm + "; charset=utf-8", "city=K%C3%B6ln", 303, ""},
		{"a good JSON object", asJSON, `{"city":"Bonn","note":null}`, 303, ""},
		{"numbers and bools in JSON", asJSON, `{"city":12,"note":true}`, 303, ""},
		{"line breaks where they are allowed", asForm, "city=Bonn&note=a%0D%0Ab%09c", 303, ""},
		{"a line break where none belongs", asForm, "city=Bo%0Ann", 422, "control_character"},
		{"a body of 100 kB", asForm, "city=" + strings.Repeat("a", 100<<10), 413, "too_large"},
		{"a field of 5 kB", asForm, "city=" + strings.Repeat("a", 5<<10), 422, "too_long"},
		{"a value of 1,000 bytes", asForm, "city=" + strings.Repeat("a", 1000), 303, ""},
		{"a value that no key could hold", asForm, "city=" + strings.Repeat("a", 1001), 422, "too_long"},
		{"a text of 4 kB", asForm, "city=Bonn&note=" + strings.Repeat("a", 4<<10), 303, ""},
		{"NUL", asForm, "city=Bo%00nn", 422, "control_character"},
		{"an escape character", asForm, "city=%1B[31m", 422, "control_character"},
		{"a C1 control character", asForm, "city=%C2%85", 422, "control_character"},
		{"a right-to-left override", asForm, "city=%E2%80%AEBonn", 303, ""},
		{"an isolate in JSON", asJSON, `{"city":"\u2066Bonn"}`, 303, ""},
		{"a mark of direction in a name", asForm, "ci%E2%80%AEty=Bonn", 400, "invalid_field_name"},
		{"invalid UTF-8", asForm, "city=%FF%FE", 422, "invalid_encoding"},
		{"invalid UTF-8 in JSON", asJSON, "{\"city\":\"\xff\"}", 400, "invalid_encoding"},
		{"a broken escape", asForm, "city=%zz", 400, "invalid_encoding"},
		{"a repeated field", asForm, "city=Bonn&city=Köln", 400, "repeated_field"},
		{"a repeated name in JSON", asJSON, `{"city":"Bonn","city":"Köln"}`, 400, "repeated_field"},
		{"a control character in a name", asForm, "ci%00ty=Bonn", 400, "invalid_field_name"},
		{"too many fields", asForm, strings.Repeat("a=&", 100) + "b=", 400, "too_many_fields"},
		{"a nested object", asJSON, `{"city":{"a":1}}`, 400, "invalid_json"},
		{"an array", asJSON, `["city"]`, 400, "invalid_json"},
		{"half an object", asJSON, `{"city":"Bonn"`, 400, "invalid_json"},
		{"two objects", asJSON, `{"city":"Bonn"}{}`, 400, "invalid_json"},
		{"plain text", "text/plain", "city=Bonn", 415, "unsupported_media_type"},
		{"multipart", "multipart/form-data; boundary=x", "--x--", 415, "unsupported_media_type"},
		{"no content type", "", "city=Bonn", 415, "unsupported_media_type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := call(h, "POST", "/sample", c.body, "Content-Type", c.kind, "Accept", asJSON)
			if w.Code != c.status || c.code != "" && !strings.Contains(w.Body.String(), `"code":"`+c.code+`"`) {
				t.Errorf("got %d %.300s, want %d %s", w.Code, w.Body, c.status, c.code)
			}
			if html := call(h, "POST", "/sample", c.body, "Content-Type", c.kind); html.Code != c.status {
				t.Errorf("as HTML got %d, want %d", html.Code, c.status)
			}
		})
	}
}

func TestOddAddressesAndHeadersAreRefused(t *testing.T) {
	h := testApp(t, AppConfig{}, io.Discard, sampleRoutes()...)
	for _, c := range []struct {
		name   string
		change func(r *http.Request)
		status int
	}{
		{"nothing odd", func(*http.Request) {}, 200},
		{"NUL in the path", func(r *http.Request) { r.URL.Path = "/sample\x00" }, 400},
		{"invalid UTF-8 in the path", func(r *http.Request) { r.URL.Path = "/\xff" }, 400},
		{"dots in the path", func(r *http.Request) { r.URL.Path = "/x/../sample" }, 404},
		{"a double slash", func(r *http.Request) { r.URL.Path = "//sample" }, 404},
		{"a slash at the end", func(r *http.Request) { r.URL.Path = "/sample/" }, 404},
		{"a bidi mark in a name of the query", func(r *http.Request) { r.URL.RawQuery = "q%E2%80%AE=1" }, 400},
		{"a repeated query field", func(r *http.Request) { r.URL.RawQuery = "q=1&q=2" }, 400},
		{"a query field of 5 kB", func(r *http.Request) { r.URL.RawQuery = "q=" + strings.Repeat("a", 5<<10) }, 400},
		{"a broken query", func(r *http.Request) { r.URL.RawQuery = "q=%" }, 400},
		{"a control character in a header", func(r *http.Request) { r.Header.Set("X-Odd", "a\x01b") }, 400},
		{"a hundred and one headers", func(r *http.Request) { r.Header["X-Many"] = make([]string, 101) }, 431},
		{"more headers than API Gateway takes", func(r *http.Request) { r.Header.Set("X-Long", strings.Repeat("a", 10_240-len("GET/sampleX-Long")+1)) }, 431},
		{"as many as it takes", func(r *http.Request) { r.Header.Set("X-Long", strings.Repeat("a", 10_240-len("GET/sampleX-Long"))) }, 200},
		{"broken cookies", func(r *http.Request) { r.Header.Set("Cookie", `lang="; =;;=x; a=b=c`) }, 200},
		{"a language nobody speaks", func(r *http.Request) { r.Header.Set("Accept-Language", strings.Repeat("-x", 3000)) }, 200},
		{"an unreadable Accept", func(r *http.Request) { r.Header.Set("Accept", ";;q=,=/") }, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/sample", nil)
			c.change(r)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.status {
				t.Errorf("got %d, want %d", w.Code, c.status)
			}
		})
	}
}

// Nothing a visitor sends makes a 5xx.
func TestNoBodyMakesAServerError(t *testing.T) {
	h := testApp(t, AppConfig{}, io.Discard, sampleRoutes()...)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{asForm, asJSON, "", "\x00"}).Draw(t, "kind")
		body := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.Map(rapid.String(), func(s string) string { return "city=" + url.QueryEscape(s) })).Draw(t, "body")
		if w := call(h, "POST", "/sample", body, "Content-Type", kind); w.Code >= 500 {
			t.Fatalf("got %d", w.Code)
		}
	})
}

func TestOnlyOwnPathsAreReturnTargets(t *testing.T) {
	for target, own := range map[string]bool{
		"/account": true, "/merge/orders/K7QX-2M4D?a=b#c": true, "/": true,
		"": false, "account": false, "//evil.example": false, `/\evil.example`: false, `\\evil.example`: false, "https://evil.example": false,
		"/a\nSet-Cookie: x": false, "/\t/evil.example": false, "javascript:alert(1)": false, "/" + strings.Repeat("a", 3000): false,
	} {
		if OwnPath(target) != own {
			t.Errorf("%.40q: got %v, want %v", target, !own, own)
		}
	}
}

// S18: what leads elsewhere leads to the start; what was done by then stays done.
func TestARedirectElsewhereLeadsToTheStart(t *testing.T) {
	h := testApp(t, AppConfig{}, io.Discard, Route{Method: http.MethodGet, Pattern: "/away", Handle: func(*Request) (Response, error) {
		return SeeOther("//evil.example"), nil
	}})
	w := call(h, "GET", "/away", "")
	if w.Code != 303 || w.Header().Get("Location") != "/" {
		t.Errorf("got %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestARefusedTextKeepsItsLines(t *testing.T) {
	long := strings.Repeat("x", maxField)
	f, err := formOf(asForm, []byte(url.Values{"note": {"eins\r\nzwei\x00" + long}, "city": {"\x07Bonn\n"}}.Encode()))
	if err == nil || f.Get("note") != "eins\r\nzwei "+long || f.Get("city") != " Bonn " {
		t.Errorf("%.20q, %q, %v", f.Get("note"), f.Get("city"), err)
	}
}
