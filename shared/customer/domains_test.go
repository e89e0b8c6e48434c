package customer

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// domainWalk reads all pages and gives "domain number package" in their order.
func (s shelf) domainWalk(t testing.TB, q DomainQuery) (found []string) {
	t.Helper()
	q.After = ""
	for range 1000 {
		page, err := s.Domains(t.Context(), s.numbers, q)
		if err != nil || len(page.Domains) > q.Limit {
			t.Fatalf("%+v: %d domains, next %q, %v", q, len(page.Domains), page.Next, err)
		}
		for _, d := range page.Domains {
			found = append(found, d.Name+" "+d.Package.Number+" "+d.Package.ID)
		}
		if q.After = page.Next; q.After == "" {
			return found
		}
	}
	t.Fatalf("%+v: the pages never end", q)
	return nil
}

func shop(id, number string, domains ...string) Package {
	return Package{ID: id, Number: number, Product: "shop", Tariff: "Shop Basic", Domains: domains}
}

func TestDomainsOfAllNumbersAreListedByThePage(t *testing.T) {
	ended := shop("P-5", "10000017", "alt.example")
	ended.EndedAt = "2026-11-22"
	last := shop("P-6", "10000017", "heute.example")
	last.EndedAt = "2026-11-23"
	s := shelved(t, shop("P-1", "10000017", "b.example", "a.example", "a-b.example"), shop("P-2", "10000023", "a.example", "blumen-köln.example"),
		shop("P-3", "10000017"), shop("P-4", "10000023", "www.a.example"), ended, last)
	want := []string{"a-b.example 10000017 P-1", "a.example 10000017 P-1", "a.example 10000023 P-2", "b.example 10000017 P-1", "heute.example 10000017 P-6",
		"www.a.example 10000023 P-4", "blumen-köln.example 10000023 P-2"} // by its ASCII form, xn--
	for limit := range 8 {
		if got := s.domainWalk(t, DomainQuery{Today: today, Limit: limit + 1}); !slices.Equal(got, want) {
			t.Errorf("by pages of %d: %q", limit+1, got)
		}
	}
	for search, wanted := range map[string][]string{
		"A.EXAMPLE": {want[1], want[2], want[5]}, "köln": {want[6]}, "xn--blumen": {want[6]}, "a-": {want[0]}, "P-1": nil, "alt": nil, "nichts": nil,
	} {
		for _, limit := range []int{1, 2, 50} {
			if got := s.domainWalk(t, DomainQuery{Search: search, Today: today, Limit: limit}); !slices.Equal(got, wanted) {
				t.Errorf("%s by pages of %d: %q, want %q", search, limit, got, wanted)
			}
		}
	}
	for _, cursor := range []string{"@", "P-1", "a.example", "\x00@1", strings.Repeat("a", 2000)} { // of nobody's
		if page, err := s.Domains(t.Context(), s.numbers, DomainQuery{After: cursor, Today: today}); err != nil || len(page.Domains) == 0 {
			t.Errorf("%q: %v %v", cursor, page, err)
		}
	}
}

// What a page and a search of domains ask for does not grow with the packages (decision 0061).
func TestAPageOfDomainsCostsTheSameForAnyNumberOfPackages(t *testing.T) {
	units := map[string][]int64{}
	for _, n := range []int{300, 1500} {
		var packages []Package
		for i := range n {
			packages = append(packages, shop(fmt.Sprintf("P-%05d", i), []string{"10000017", "10000023"}[i%2], fmt.Sprintf("d%05d.example", i), fmt.Sprintf("e%05d.example", i)))
		}
		s := shelved(t, packages...)
		var requests atomic.Int64
		s.DB = s.fake.Client(counted{s.fake, &requests})
		for name, q := range map[string]DomainQuery{"a page": {}, "a later page": {After: "d00100.example@10000017"}, "a search": {Search: "d0010"}} {
			q.Today, q.Limit = today, 25
			requests.Store(0)
			if page, err := s.Domains(t.Context(), s.numbers, q); err != nil || len(page.Domains) < 10 {
				t.Fatalf("%s of %d: %d domains, %v", name, n, len(page.Domains), err)
			}
			units[name] = append(units[name], requests.Load())
		}
	}
	for name, cost := range units {
		if cost[0] != cost[1] {
			t.Errorf("%s asks %v times", name, cost)
		}
	}
}
