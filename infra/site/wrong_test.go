package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/web"
)

// mark stands in what must not be stored when it is refused.
const mark = "zq7x"

// wrong are inputs that break other programs (S17).
var wrong = map[string]string{
	"empty": "", "blanks": "   ", "5,000 characters": mark + strings.Repeat("x", 5000), "1,020 characters": mark + strings.Repeat("x", 1016), "2,030 characters": mark + strings.Repeat("x", 2026),
	"3,000 characters": mark + strings.Repeat("x", 2996), "999 bytes of umlauts": mark + "x" + strings.Repeat("ü", 497), "100 kB": mark + strings.Repeat("ä", 50_000),
	"NUL": mark + "\x00b", "line break": mark + "\r\nBcc: eva@evil.example", "escape": "\x1b[31m" + mark, "bidi mark": mark + "\u202eb", "isolate": "\u2066" + mark,
	"broken UTF-8": mark + "\xff\xfe", "lone surrogate": mark + "\xed\xa0\x80", "Cyrillic": mark + " Улица 5", "Arabic": mark + " شارع 5", "emoji": mark + " 🙂",
	"SQL": mark + "'; DROP TABLE customers;--", "script": "<script>" + mark + "</script>", "attribute": `" onfocus="` + mark, "template": "{{.Password}}${7*7}" + mark,
	"path": "../../etc/" + mark, "negative": "-1", "large": "999999999999999999999999", "expression": "attribute_not_exists(pk) OR :v = :v " + mark,
	"other site": "https://" + mark + ".example/", "other site by slashes": "//" + mark + ".example", "other site by backslash": `/\` + mark + ".example", "script address": "javascript:alert('" + mark + "')",
}

// contains says which item that was written since the state was gone back to has the text. The audit of a search is left
// out: it says what was searched for, found or not (S13).
func (w *world) contains(text string) (where string) {
	w.wire.fake.Changed(w.saved, func(name string, item tablefake.Item) {
		if item["action"]["S"] == audit.Searched {
			return
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		w.must(e.Encode(item))
		if strings.Contains(b.String(), text) {
			where = name + " " + b.String()
		}
	}, func(string, tablefake.Item) {})
	return where
}

// clear says what is wrong with the answer to a wrong input (S16 to S19).
func (w *world) clear(a *httptest.ResponseRecorder) error {
	body, location := a.Body.String(), a.Header().Get("Location")
	switch {
	case a.Code >= 500:
		return fmt.Errorf("%d", a.Code)
	case location != "" && !web.OwnPath(location):
		return fmt.Errorf("leads to %q (S18)", location)
	case strings.Contains(body, "<script>"+mark) || strings.Contains(body, `" onfocus="`+mark) || strings.Contains(body, `href="javascript:`) || strings.Contains(body, `action="javascript:`):
		return fmt.Errorf("runs what was entered (S19): %s", body)
	case a.Code < 400:
		return nil
	case w.contains(mark) != "":
		return fmt.Errorf("%d, and stored in %s (S17)", a.Code, w.contains(mark))
	case strings.HasPrefix(a.Header().Get("Content-Type"), "application/problem+json"):
		var p struct{ Code, Title string }
		if err := json.Unmarshal(a.Body.Bytes(), &p); err != nil || p.Code == "" || p.Title == "" {
			return fmt.Errorf("%d without a reason: %s", a.Code, body)
		}
	case !strings.Contains(body, "<h1"):
		return fmt.Errorf("%d says nothing: %.200s", a.Code, body)
	}
	return nil
}

// Every field of every route with every wrong input, as form, as JSON, in the address (S16, S17, S18, S19).
func TestWrongInputsInEveryFieldOfEveryRoute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		routes := map[string]web.Route{}
		for _, r := range Routes() {
			routes[name(r)] = r
		}
		tried := 0
		for _, q := range c.requests() {
			for _, f := range append(routes[q.route].Fields, web.Field{Name: "nobodyKnowsMe"}) {
				for kind, value := range wrong {
					for _, asJSON := range []bool{false, true} {
						w.again()
						logged := w.log.Len()
						a, ok := w.sendWrong(t, c, q, f, value, asJSON)
						if !ok {
							continue
						}
						tried++
						if logged := w.log.String()[logged:]; len(value) > 500 && strings.Contains(logged, value[:500]) {
							t.Errorf("%s: %s with %s stands in the log: %s (S20)", q.route, f.Name, kind, logged)
						}
						if err := w.clear(a); err != nil {
							t.Errorf("%s: %s with %s, JSON %v: %v", q.route, f.Name, kind, asJSON, err)
						}
						w.shown(t, c, q, a)
					}
				}
			}
		}
		t.Logf("%d requests", tried)
	})
}

// sendWrong puts the value where the field belongs.
func (w *world) sendWrong(t *testing.T, c *cast, q request, f web.Field, value string, asJSON bool) (*httptest.ResponseRecorder, bool) {
	form := url.Values{}
	for name := range q.form {
		form.Set(name, q.form.Get(name))
	}
	post := strings.HasPrefix(q.route, "POST")
	change := func(r *http.Request) {
		if asJSON {
			r.Header.Set("Accept", "application/json")
		}
	}
	switch {
	case f.In == web.InQuery:
		q.path, _, _ = strings.Cut(q.path, "?")
		q.path += "?" + url.Values{f.Name: {value}}.Encode()
	case f.In == web.InPath:
		if strings.TrimSpace(value) == "" || strings.ContainsAny(value, "./") || len(value) > 10000 { // another address
			return nil, false
		}
		_, pattern, _ := strings.Cut(q.route, " ")
		q.path = strings.ReplaceAll(strings.ReplaceAll(pattern, "{"+f.Name+"}", url.PathEscape(value)), "{"+f.Name+"...}", url.PathEscape(value))
	case !post:
		return nil, false
	case asJSON:
		body := map[string]string{}
		for name := range form {
			body[name] = form.Get(name)
		}
		body[f.Name] = value
		raw, err := json.Marshal(body)
		w.must(err)
		return w.send(t.Context(), c, q, change, withBody("application/json", raw)), true
	default:
		form.Set(f.Name, value)
	}
	q.form = form
	return w.send(t.Context(), c, q, change), true
}

// shown looks at pages that may show what was stored.
func (w *world) shown(t *testing.T, c *cast, q request, a *httptest.ResponseRecorder) {
	if a.Code >= 400 || w.contains("<script>"+mark) == "" {
		return
	}
	for _, path := range []string{"/account", "/account/master-data", "/account/history", "/account/packages/P" + anna, "/service/orders/" + c.orders[reviewed].ID, "/merge/orders/" + c.orders[reviewed].ID} {
		who := anna
		if strings.HasPrefix(path, "/service") {
			who = "staff"
		} else if strings.HasPrefix(path, "/merge") {
			who = reviewed
		}
		page := w.send(t.Context(), c, request{route: "GET " + path, path: path, who: who})
		if page.Code >= 500 || strings.Contains(page.Body.String(), "<script>"+mark) {
			t.Errorf("%s, then %s: %d (S19)", q.route, path, page.Code)
		}
	}
}

func withBody(contentType string, body []byte) func(*http.Request) {
	return func(r *http.Request) {
		fresh := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body))
		r.Body, r.ContentLength = fresh.Body, fresh.ContentLength
		r.Header.Set("Content-Type", contentType)
	}
}
