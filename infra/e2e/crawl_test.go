package e2e

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
)

// variable are the parts of a path that name an object.
var variable = regexp.MustCompile(`/(P-[^/]+|[A-Z0-9]{4}-[A-Z0-9]{4}|[0-9]{6,12})`)

// TestEveryPageThatLinksLeadTo follows the links from the first page, one of each kind, so that a new page is looked at
// in both languages and schemes without anybody listing it.
func TestEveryPageThatLinksLeadTo(t *testing.T) {
	localtest.Cloud(t)
	for _, l := range []lang.Lang{lang.DE, lang.EN} {
		t.Run("as a customer, "+string(l), func(t *testing.T) {
			t.Parallel()
			own, other := couple(t, l)
			newProgram(t).orders(own, other)
			v := travel(t, browser.Options{Lang: l, Shots: string(l) + "-page"})
			v.signsIn(own.CustomerNumber, secret)
			crawl(t, v.Visitor, "/account", "/merge", "/merge/orders")
		})
		t.Run("in the service team, "+string(l), func(t *testing.T) {
			t.Parallel()
			v := work(t, browser.Options{Lang: l, Shots: string(l) + "-page"})
			crawl(t, v.Visitor, "/service", "/service")
		})
	}
}

// crawl opens the pages that links lead to, from start on, and expects some of them.
func crawl(t *testing.T, v *browser.Visitor, start string, expected ...string) {
	t.Helper()
	seen, queue := map[string]bool{}, []string{start}
	for len(queue) > 0 {
		address := queue[0]
		queue = queue[1:]
		kind := kindOf(address)
		if kind == "" || seen[kind] {
			continue
		}
		seen[kind] = true
		v.Open(address)
		if !strings.HasPrefix(v.Address(), v.URL) {
			continue // it leads out, to the imprint for example
		}
		v.Shot(strings.Trim(strings.ReplaceAll(kind, "/", "-"), "-"))
		queue = append(queue, v.Links()...)
	}
	for _, path := range expected {
		if !seen[path] {
			t.Errorf("no link leads to %s, only to %v", path, seen)
		}
	}
	t.Log(len(seen), "kinds of page")
}

// kindOf is the path with its variable parts named alike; "" is what is no page.
func kindOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || slices.Contains([]string{"/", "/logout", "/service/logout", "/openapi.json"}, u.Path) || strings.HasPrefix(u.Path, "/assets/") ||
		strings.HasSuffix(u.Path, "/export") || strings.HasSuffix(u.Path, "/calendar") || strings.HasSuffix(u.Path, "/file") {
		return ""
	}
	return variable.ReplaceAllString(u.Path, "/one")
}
