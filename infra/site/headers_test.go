package site

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// protected are the headers of S15 with what they have to say, as browsers get them.
var protected = map[string]string{
	"Content-Security-Policy":      "object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
	"Strict-Transport-Security":    "max-age=63072000",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=()",
}

// S15 on every route, through the edge: as a page, as JSON, as an error, and on what is none.
func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	localtest.Cloud(t)
	v := newVisitor(t)
	p := localtest.Customer(t, "")
	cookies := []*http.Cookie{session.NewCookie(signedIn(t, p, nil)), session.NewStaffCookie(staff(t, session.StaffGroup))}
	all := Routes()
	for _, path := range []string{"/nowhere", "/account/nowhere", "/merge/nowhere", "/service/nowhere", "/password/nowhere", "/assets/nowhere", "/account/../login", "/login/"} {
		all = append(all, web.Route{Method: http.MethodGet, Pattern: path})
	}
	all = append(all, web.Route{Method: http.MethodDelete, Pattern: "/login"}, web.Route{Method: http.MethodPut, Pattern: "/account"})
	seen := map[int]bool{}
	for _, r := range all {
		for _, json := range []bool{false, true} {
			for _, who := range [][]*http.Cookie{nil, cookies} {
				a := v.do(t, r.Method, filled(r.Pattern), "", json, who...)
				seen[a.StatusCode] = true
				for header, part := range protected {
					if !strings.Contains(a.Header.Get(header), part) {
						t.Errorf("%s: %d with %s %q (S15)", name(r), a.StatusCode, header, a.Header.Get(header))
					}
				}
				policy := a.Header.Get("Content-Security-Policy")
				if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || !strings.Contains(policy, "form-action 'self'") {
					t.Errorf("%s: policy %s (S15)", name(r), policy)
				}
				if kept := a.Header.Get("Cache-Control"); kept != "no-store" && !strings.HasPrefix(r.Pattern, "/assets/") && r.Pattern != "/openapi.json" {
					t.Errorf("%s: Cache-Control %q (S15)", name(r), kept)
				}
			}
		}
	}
	for _, status := range []int{200, 303, 401, 404, 405} {
		if !seen[status] {
			t.Errorf("no answer was a %d: %v", status, maps.Keys(seen))
		}
	}
}
