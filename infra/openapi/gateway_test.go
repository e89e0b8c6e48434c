package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"kundenkonto/infra/site"
	"kundenkonto/shared/web"
)

var routeKey = regexp.MustCompile(`RouteKey: "?(?:ANY|GET|POST) (/[^",]*)"?, Target: !Sub "integrations/\$\{(\w+)Integration\}"`)

// A route the gateway does not know would be answered by the login function's
// error page, and only in the cloud.
func TestTheGatewayLeadsEveryRouteToItsSlice(t *testing.T) {
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	keys := routeKey.FindAllStringSubmatch(string(template), -1)
	if len(keys) == 0 {
		t.Fatal("no routes found in template.yaml")
	}
	for slice, routes := range site.Slices() {
		for _, r := range routes {
			if got := leadsTo(keys, r); got != slice {
				t.Errorf("%s %s leads to %q, not to %s", r.Method, r.Pattern, got, slice)
			}
		}
	}
}

// leadsTo finds the integration as API Gateway does: a full match before the
// longest greedy one.
func leadsTo(keys [][]string, r web.Route) string {
	path, best, integration := strings.TrimSuffix(r.Pattern, "{$}"), -1, ""
	for _, k := range keys {
		prefix, greedy := strings.CutSuffix(k[1], "{path+}")
		if k[1] == path {
			return k[2]
		}
		if greedy && strings.HasPrefix(path, prefix) && len(prefix) > best {
			best, integration = len(prefix), k[2]
		}
	}
	return integration
}
