package site

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// told are the security events in the log since the state was gone back to.
func (w *world) told() (events []string) {
	for line := range strings.Lines(w.log.String()) {
		var e struct {
			SecurityEvent string `json:"security_event"`
		}
		w.must(json.Unmarshal([]byte(line), &e))
		if e.SecurityEvent != "" {
			events = append(events, e.SecurityEvent)
		}
	}
	return events
}

// S20: whoever is refused leaves one security event in the log, whatever the route, with the name that OWASP's Logging
// Vocabulary has for it: from another site, without a session, without the group, for what is another's, with a link that is none.
func TestEveryRefusalIsASecurityEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		outsider, err := session.StaffStore{Store: w.calm}.Create(context.Background(), rand.Reader, session.StaffSession{User: "otto", Name: "Otto"}, time.Now())
		w.must(err)
		w.save()
		c.cookies["outside the team"] = []*http.Cookie{session.NewStaffCookie(outsider)}
		access := map[string]web.Access{}
		for _, r := range Routes() {
			access[name(r)] = r.Access
		}
		tried := map[string]int{}
		refused := func(kind string, q request, statuses []int, want string, change ...func(*http.Request)) {
			t.Helper()
			w.again()
			a := w.send(t.Context(), c, q, change...)
			if tried[kind]++; !slices.Contains(statuses, a.Code) {
				t.Errorf("%s, %s: %d, want one of %v", q.route, kind, a.Code, statuses)
			}
			if got := w.told(); !slices.Equal(got, []string{want}) {
				t.Errorf("%s, %s: the log tells of %v, want %s (S20)", q.route, kind, got, want)
			}
		}
		for _, q := range c.requests() {
			if strings.HasPrefix(q.route, "POST") {
				refused("from another site", q, []int{403}, "malicious_cors", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
			}
			if access[q.route] != web.Anonymous {
				nobody := q
				nobody.who = ""
				refused("without a session", nobody, []int{303}, "authn_required")
				refused("without a session, as JSON", nobody, []int{401}, "authn_required", func(r *http.Request) { r.Header.Set("Accept", "application/json") })
			}
			if access[q.route] == web.Staff {
				q.who = "outside the team"
				refused("without the group", q, []int{403}, "authz_fail")
			}
			if access[q.route] == web.Customer && placeholder.MatchString(q.route) {
				q.who = provable
				refused("for what is another's", q, []int{404}, "authz_fail")
				refused("for what is another's, as JSON", q, []int{404}, "authz_fail", func(r *http.Request) { r.Header.Set("Accept", "application/json") })
			}
			if link := tokenOf(q); link != "" {
				q.path, q.form = strings.Replace(q.path, url.QueryEscape(link), "made-up", 1), url.Values{"token": {"made-up"}, "newPassword": q.form["newPassword"]}
				refused("with a link that is none", q, []int{404, 410}, "authn_token_reuse")
			}
		}
		good := c.good()
		for route, status := range map[string]int{"POST /account/sessions/revoke": 404, "POST /merge/adopt": 409} {
			q := good[route] // names a session, a number of a draft in the form
			q.who = provable
			refused("for what is another's, in a form", q, []int{status}, "authz_fail")
		}
		for kind, least := range map[string]int{"from another site": 40, "without a session": 40, "without the group": 20, "for what is another's": 5, "with a link that is none": 8} {
			if tried[kind] < least {
				t.Errorf("%s: only %d routes were tried", kind, tried[kind])
			}
		}
	})
}

// tokenOf is the secret of a mailed link in a request, "" when it needs none.
func tokenOf(q request) string {
	u, err := url.Parse(q.path)
	if err != nil || q.who != "" {
		return ""
	}
	return q.form.Get("token") + u.Query().Get("token")
}
