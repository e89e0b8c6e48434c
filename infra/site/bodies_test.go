package site

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
)

// bodies are whole bodies that are none, with the answer.
var bodies = []struct {
	name, kind, body string
	status           int
}{
	{"100 kB", "application/x-www-form-urlencoded", "a=" + strings.Repeat("x", 100_000), 413},
	{"repeated field", "application/x-www-form-urlencoded", "a=1&a=2", 400},
	{"broken escape", "application/x-www-form-urlencoded", "a=%zz", 400},
	{"plain text", "text/plain", "a=1", 415},
	{"multipart", "multipart/form-data; boundary=x", "--x--", 415},
	{"no kind", "", "a=1", 415},
	{"broken JSON", "application/json", `{"a":`, 400},
	{"deep JSON", "application/json", strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000), 400},
	{"an array", "application/json", `[1]`, 400},
	{"a nested value", "application/json", `{"customerNumber":{"$ne":null},"password":["a"]}`, 400},
	{"repeated name", "application/json", `{"a":1,"a":2}`, 400},
	{"invalid UTF-8", "application/json", "{\"a\":\"\xff\"}", 400},
}

// withoutBody are routes that read none, so that whatever is sent changes nothing.
func (w *world) refusedBody(t *testing.T, c *cast, q request, kind, body string, status int) {
	before := w.main()
	for _, accept := range []string{"text/html", "application/json"} {
		a := w.send(t.Context(), c, q, withBody(kind, []byte(body)), func(r *http.Request) { r.Header.Set("Accept", accept) })
		if a.Code == status && !reflect.DeepEqual(before, w.main()) {
			t.Errorf("%s: %d, and something changed", q.route, a.Code)
		}
		if a.Code != status && (len(q.form) > 0 || a.Code >= 500) { // a route without input may not look at a body
			t.Errorf("%s: %d, want %d (S17)", q.route, a.Code, status)
		}
	}
}

func TestBodiesThatAreNoneAreRefusedByEveryRoute(t *testing.T) { // S17
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		for _, q := range c.requests() {
			if !strings.HasPrefix(q.route, "POST") {
				continue
			}
			for _, b := range bodies {
				w.again()
				w.refusedBody(t, c, q, b.kind, b.body, b.status)
			}
		}
	})
}

// S16: every POST from elsewhere, or from nobody knows where, is refused and does nothing.
func TestRequestsFromElsewhereAreRefusedByEveryRoute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		for _, q := range c.requests() {
			if !strings.HasPrefix(q.route, "POST") {
				continue
			}
			for kind, headers := range map[string]http.Header{
				"neither header": {}, "another site": {"Sec-Fetch-Site": {"cross-site"}}, "a sister site": {"Sec-Fetch-Site": {"same-site"}, "Origin": {"https://konto.example"}},
				"another origin": {"Origin": {"https://evil.example"}}, "no origin": {"Origin": {"null"}},
			} {
				w.again()
				before := w.main()
				a := w.send(t.Context(), c, q, func(r *http.Request) {
					r.Header.Del("Sec-Fetch-Site")
					for name := range headers {
						r.Header.Set(name, headers.Get(name))
					}
				})
				if a.Code != http.StatusForbidden || w.wire.requests != 0 || !reflect.DeepEqual(before, w.main()) {
					t.Errorf("%s from %s: %d after %d calls (S16)", q.route, kind, a.Code, w.wire.requests)
				}
			}
		}
	})
}

// attributes are the names under which anything is stored.
func attributes() []string {
	var all []string
	for _, v := range []any{customer.Profile{}, customer.Package{}, order.Order{}, order.Draft{}, credential.Credential{}, session.Session{}, session.StaffSession{}, secondfactor.Factor{}} {
		for f := range reflect.TypeOf(v).Fields() {
			tag, _, _ := strings.Cut(f.Tag.Get("dynamodbav"), ",")
			for _, n := range []string{tag, f.Name} {
				if n != "" && n != "-" {
					all = append(all, n)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(append(all, "pk", "sk", "ttl"))
}

// S11: what a route does not ask for is never stored: every attribute's name is sent along with every good request.
func TestAttributesThatARouteDoesNotAskForAreNeverStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		asked := map[string]map[string]bool{}
		for _, r := range Routes() {
			asked[name(r)] = map[string]bool{}
			for _, f := range r.Fields {
				asked[name(r)][f.Name] = true
			}
		}
		for _, q := range c.requests() {
			for chunk := range slices.Chunk(attributes(), 60) {
				for _, value := range []string{mark, "4711471147114711"} {
					w.again()
					more := q
					more.form = fields()
					for n := range q.form {
						more.form.Set(n, q.form.Get(n))
					}
					for _, n := range chunk {
						if !asked[q.route][n] {
							more.form.Set(n, value)
						}
					}
					a := w.send(t.Context(), c, more)
					if a.Code >= 500 || q.status != 0 && a.Code != q.status && a.Code < 400 {
						t.Errorf("%s with %v: %d", q.route, chunk, a.Code)
					}
					if where := w.contains(value); where != "" {
						t.Errorf("%s stores what it did not ask for: %s (S11)", q.route, where)
					}
				}
			}
		}
	})
}
