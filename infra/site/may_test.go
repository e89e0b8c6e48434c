package site

import (
	"net/http"
	"testing"
	"testing/synctest"

	"kundenkonto/infra/localtest/policy"
)

// S14: what a page does on the tables its function's role allows, conditions on keys and attributes among it, which the local
// cloud does not know.
func TestEachRouteDoesWhatItsRoleAllowsOnAWS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		owners := map[string]string{}
		for slice, routes := range Slices() {
			for _, r := range routes {
				owners[name(r)] = slice + "Role"
			}
		}
		for _, q := range c.requests() {
			role, err := policy.Read("../../template.yaml", owners[q.route])
			if err != nil {
				t.Fatalf("%s: %v", q.route, err)
			}
			w.again()
			w.wire.disturb = func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
				return role.Over(next, func(why string) { t.Errorf("%s: %s", q.route, why) }).RoundTrip(r)
			}
			w.send(t.Context(), c, q)
		}
	})
}
