package site

import (
	"strings"
	"testing"

	"kundenkonto/shared/web"
)

// open are the routes that everybody may call. Whoever adds one has to say so here.
var open = map[string]bool{
	"GET /{$}": true, "GET /health": true, "GET /openapi.json": true, "GET /schemas/{file}": true, "GET /assets/{path...}": true, "GET /accessibility": true,
	"GET /login": true, "POST /login": true, "POST /logout": true,
	"GET /login/second-factor": true, "POST /login/second-factor": true,
	"GET /login/passkey": true, "POST /login/passkey": true, "POST /login/passkey/finish": true,
	"GET /login/stop-recovery": true, "POST /login/stop-recovery": true,
	"GET /password/forgot": true, "POST /password/forgot": true, "GET /password/reset": true, "POST /password/reset": true,
	"GET /account/email/confirm": true, "POST /account/email/confirm": true, "GET /account/email/stop": true, "POST /account/email/stop": true,
	"GET /cancel": true, "POST /cancel": true,
	"GET /merge/veto": true, "POST /merge/veto": true,
	"GET /service/login": true, "GET /service/callback": true, "POST /service/logout": true,
}

// areas are who may call the other routes that begin so.
var areas = []struct {
	prefix string
	access web.Access
}{{"/account", web.Customer}, {"/merge", web.Customer}, {"/service", web.Staff}}

// belongs is who the table lets in; false for a route that stands in no row.
func belongs(r web.Route) (web.Access, bool) {
	if open[name(r)] {
		return web.Anonymous, true
	}
	for _, a := range areas {
		if r.Pattern == a.prefix || strings.HasPrefix(r.Pattern, a.prefix+"/") {
			return a.access, true
		}
	}
	return web.Anonymous, false
}

// The table of S10 is held against the real routes.
func TestEveryRouteStandsInTheTableOfRolesAsItIs(t *testing.T) {
	left := map[string]bool{}
	for route := range open {
		left[route] = true
	}
	for _, r := range Routes() {
		access, listed := belongs(r)
		if !listed {
			t.Errorf("%s stands in no row: who may call it? (S10)", name(r))
		}
		if r.Access != access {
			t.Errorf("%s says %s, the table says %s (S10)", name(r), r.Access, access)
		}
		delete(left, name(r))
	}
	for route := range left {
		t.Errorf("the table has %s, which is no route", route)
	}
}
