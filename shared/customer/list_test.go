package customer

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/product"
	"kundenkonto/shared/table"
)

var today = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// shelf is a store with packages of some numbers, as an import leaves them.
type shelf struct {
	Store
	fake    *tablefake.Fake
	numbers []string
	counts  packageCounts
}

func shelved(t testing.TB, packages ...Package) shelf {
	s := shelf{fake: tablefake.New(), counts: packageCounts{}}
	s.Store = Store{s.fake.Store()}
	of := map[string][]Package{}
	for _, p := range packages {
		of[p.Number] = append(of[p.Number], p)
		s.must(t, PutPackage(s.Names, p.Placed(today)))
		if len(p.Settings) > 0 {
			s.must(t, []types.TransactWriteItem{PutSettings(s.Names, p, p.Settings)})
		}
	}
	for number, list := range of {
		s.numbers, s.counts[number] = append(s.numbers, number), CountPackages(list)
		s.must(t, []types.TransactWriteItem{PutNew(s.Names, Profile{Number: number, PackageCounts: s.counts[number]})})
	}
	slices.Sort(s.numbers)
	return s
}

func (s shelf) must(t testing.TB, items []types.TransactWriteItem) {
	for part := range slices.Chunk(items, table.MaxItems) {
		if err := s.Transact(t.Context(), part, ""); err != nil {
			t.Fatal(err)
		}
	}
}

// ways are the two ways to a page: of few packages, and of many by the indexes.
func (s shelf) ways(t testing.TB) map[string]func(PackageQuery) (PackagePage, error) {
	return map[string]func(PackageQuery) (PackagePage, error){
		"few": func(q PackageQuery) (PackagePage, error) { return s.fewPackages(t.Context(), s.numbers, q) },
		"many": func(q PackageQuery) (PackagePage, error) {
			if q.Search != "" {
				return s.searchPackages(t.Context(), s.numbers, s.counts, q)
			}
			return s.manyPackages(t.Context(), s.numbers, s.counts, q)
		},
	}
}

// walk reads all pages and gives the ids in their order.
func walk(t testing.TB, read func(PackageQuery) (PackagePage, error), q PackageQuery) (ids []string) {
	t.Helper()
	for q.After = ""; ; {
		page, err := read(q)
		if err != nil || len(page.Packages) > q.Limit || page.Next != "" && len(page.Packages) != q.Limit {
			t.Fatalf("%+v: %d packages, next %q, %v", q, len(page.Packages), page.Next, err)
		}
		for _, p := range page.Packages {
			ids = append(ids, p.ID)
		}
		if len(ids) > page.Total {
			t.Fatalf("%+v: %d packages of %d", q, len(ids), page.Total)
		}
		if q.After = page.Next; q.After == "" {
			if len(ids) != page.Total {
				t.Fatalf("%+v: %d packages of %d", q, len(ids), page.Total)
			}
			return ids
		}
	}
}

func TestPackagesAreSortedOverAllNumbersPageByPage(t *testing.T) {
	s := shelved(t,
		Package{ID: "P-1", Number: "10000017", Product: "shop", Domains: []string{"zebra.example"}, ContractStart: "2020-01-01", TermMonths: 12, NoticePeriodMonths: 3},
		Package{ID: "P-2", Number: "10000017", Product: "hosting", ContractStart: "2020-01-01", EndedAt: "2021-12-31", Domains: []string{"Mitte.example"}, Settings: map[string]string{"displayName": "Ärzte"}},
		Package{ID: "P-3", Number: "10000023", Product: "hosting"},
		Package{ID: "P-4", Number: "10000023", Product: "server", Domains: []string{"anfang.example"}, ContractStart: "2026-11-15", TermMonths: 1},
		Package{ID: "P-5", Number: "10000023", Product: "shop", Domains: []string{"zebra.example"}, ContractStart: "2020-01-01", TermMonths: 12},
	)
	for way, read := range s.ways(t) {
		for order, want := range map[string][]string{SortName: {"P-4", "P-2", "P-3", "P-1", "P-5"}, SortProduct: {"P-2", "P-3", "P-4", "P-1", "P-5"},
			SortEnd: {"P-4", "P-5", "P-1", "P-3", "P-2"}} {
			if got := walk(t, read, PackageQuery{Sort: order, Limit: 2, Today: today}); !slices.Equal(got, want) {
				t.Errorf("%s by %s: %v, want %v", way, order, got, want)
			}
		}
		page, err := read(PackageQuery{Sort: SortName, Limit: 2, After: "P-gone"})
		if err != nil || page.Packages[0].ID != "P-4" {
			t.Errorf("%s: a made-up cursor begins at the start: %+v, %v", way, page, err)
		}
	}
}

// A link to the next page stays good when the package that it names has left the list meanwhile.
func TestALinkToTheNextPageOutlivesItsPackage(t *testing.T) {
	named := func(id, number, name string) Package {
		return Package{ID: id, Number: number, Product: "shop", Settings: map[string]string{"displayName": name}}
	}
	s := shelved(t, named("P-1", "10000017", "Web Anfang"), named("P-2", "10000017", "Web Mitte"), named("P-3", "10000017", "Web Schluss"),
		named("P-4", "10000017", "Anders"), named("P-5", "10000017", "Zuletzt"), named("P-9", "10000099", "Neben anderen"))
	s.numbers = []string{"10000017"}
	for way, read := range s.ways(t) {
		for after, want := range map[string]string{"P-4": "P-1", "P-5": "", "P-1": "P-2", "P-2": "P-3", "P-9": "P-1", "P-gone": "P-1", "P-3": ""} {
			page, err := read(PackageQuery{Search: "web", Sort: SortName, After: after, Limit: 25})
			got := ""
			if len(page.Packages) > 0 {
				got = page.Packages[0].ID
			}
			if err != nil || got != want || page.Total != 3 {
				t.Errorf("%s after %s: %q of %d, %v; want %q", way, after, got, page.Total, err, want)
			}
		}
	}
}

// By end stands a cancelled package at its last day, and each other where it could end for the kind of customer.
func TestTheOrderByEndKnowsCancelledPackagesAndConsumers(t *testing.T) {
	const number, kind = "10000017", "hosting"
	s := shelved(t,
		Package{ID: "P-cancelled", Number: number, Product: kind, ContractStart: "2020-01-01", TermMonths: 12, EndedAt: "2027-02-28"},
		Package{ID: "P-last-day", Number: number, Product: kind, EndedAt: "2026-11-23"},
		Package{ID: "P-over", Number: number, Product: kind, EndedAt: "2026-11-22"},
		Package{ID: "P-new-law", Number: number, Product: kind, ContractStart: "2023-05-01", TermMonths: 12, NoticePeriodMonths: 1},
		Package{ID: "P-renewal", Number: number, Product: kind, ContractStart: "2021-01-01", TermMonths: 24, Renewal: "6", NoticePeriodMonths: 3},
		Package{ID: "P-unknown", Number: number, Product: kind, ContractStart: "9999-12-31", TermMonths: 12},
	)
	for way, read := range s.ways(t) {
		for consumer, want := range map[bool][]string{
			true:  {"P-last-day", "P-new-law", "P-cancelled", "P-renewal", "P-unknown", "P-over"},
			false: {"P-last-day", "P-cancelled", "P-new-law", "P-renewal", "P-unknown", "P-over"},
		} {
			if got := walk(t, read, PackageQuery{Sort: SortEnd, Consumer: consumer, Today: today, Limit: 2}); !slices.Equal(got, want) {
				t.Errorf("%s, consumer %v: %v, want %v", way, consumer, got, want)
			}
		}
	}
}

// packagesDrawn are packages of up to three numbers, with names and contracts that meet.
func packagesDrawn(t *rapid.T) []Package {
	day := rapid.SampledFrom([]string{"", "2019-01-31", "2020-02-29", "2022-03-01", "2025-11-23", "2026-11-24", "2027-06-01", "9999-12-31"})
	return rapid.Custom(func(t *rapid.T) []Package {
		var all []Package
		for i := range rapid.IntRange(1, 12).Draw(t, "packages") {
			p := Package{ID: fmt.Sprintf("P-%d", i), Number: rapid.SampledFrom([]string{"10000017", "10000023", "10000031"}).Draw(t, "number"),
				Product: rapid.SampledFrom(Products).Draw(t, "product"), ContractStart: day.Draw(t, "start"), EndedAt: day.Draw(t, "end"),
				TermMonths: rapid.SampledFrom([]int{0, 1, 12, 24}).Draw(t, "term"), NoticePeriodMonths: rapid.SampledFrom([]int{0, 1, 2, 3, 120}).Draw(t, "notice"),
				Renewal: rapid.SampledFrom([]contract.Renewal{"", "1", "12", contract.Indefinite}).Draw(t, "renewal")}
			for j := range rapid.IntRange(0, 2).Draw(t, "domains") {
				p.Domains = append(p.Domains, rapid.SampledFrom([]string{"a", "a-b", "Älter", "web.a"}).Draw(t, "label")+fmt.Sprintf("%d.example", j))
			}
			if name := rapid.SampledFrom([]string{"", "", "a", "a b", "A#b", "ä", "Über  uns", strings.Repeat("ß", 400)}).Draw(t, "name"); name != "" {
				p.Settings = map[string]string{product.DisplayName: name}
			}
			all = append(all, p)
		}
		return all
	}).Draw(t, "all")
}

// The indexes give what reading everything gives: in each order, with each product, page by page.
func TestManyPackagesAreListedAsFewAre(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := shelved(t, packagesDrawn(rt)...)
		ways := s.ways(t)
		q := PackageQuery{Sort: rapid.SampledFrom(Sorts).Draw(rt, "sort"), Product: rapid.SampledFrom(append(slices.Clone(Products), "")).Draw(rt, "product"),
			Consumer: rapid.Bool().Draw(rt, "consumer"), Limit: rapid.IntRange(1, 4).Draw(rt, "limit"), Today: today}
		if few, many := walk(t, ways["few"], q), walk(t, ways["many"], q); !slices.Equal(few, many) {
			rt.Fatalf("%+v: few %v, many %v", q, few, many)
		}
	})
}

// A search of many finds each beginning of a label, a name or an id, and nothing that a search of few does not find.
func TestASearchOfManyFindsBeginnings(t *testing.T) {
	s := shelved(t,
		Package{ID: "P-1001", Number: "10000017", Product: "shop", Domains: []string{"shop.auto-müller.example", "xn--mller-kva.example"}},
		Package{ID: "P-1002", Number: "10000023", Product: "hosting", Domains: []string{"autohaus.example"}, Settings: map[string]string{"displayName": "Über uns"}},
	)
	few, many := s.ways(t)["few"], s.ways(t)["many"]
	for search, want := range map[string]string{
		"shop.auto": "P-1001", "auto": "P-1001 P-1002", "Müller": "P-1001", "mu\u0308ller.ex": "P-1001", "xn--": "P-1001", "mller": "P-1001",
		"P-1002": "P-1002", "p-100": "P-1001 P-1002", "1002": "P-1002", "über": "P-1002", "Über uns": "P-1002",
		"haus": "", "example": "", "ns": "", "%": "", "S#": "", "P-1002\t": "P-1002", strings.Repeat("a", 253): "",
	} {
		q := PackageQuery{Search: search, Limit: 25, Sort: SortNumber}
		got := walk(t, many, q)
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", search, got, want)
		}
		all := walk(t, few, q)
		for _, id := range got {
			if !slices.Contains(all, id) {
				t.Errorf("%q: %s is found by the entries only", search, id)
			}
		}
	}
	for _, q := range []PackageQuery{{Search: " \t"}, {Search: " \t", Sort: SortName}} {
		if page, err := s.Packages(t.Context(), s.numbers, q); err != nil || page.Total != 2 {
			t.Errorf("blanks are no search: %d packages, %v", page.Total, err)
		}
	}
	if got := walk(t, many, PackageQuery{Search: "auto", Product: "hosting", Limit: 1}); !slices.Equal(got, []string{"P-1002"}) {
		t.Errorf("of one product: %v", got)
	}
}

// What a page costs does not grow with the packages: the same number of requests, and no more keys than a page has.
func TestAPageCostsTheSameForAnyNumberOfPackages(t *testing.T) {
	costs := func(n int) map[string]int {
		var all []Package
		for i := range n {
			all = append(all, Package{ID: fmt.Sprintf("P-%05d", i), Number: "10000017", Product: Products[i%3], ContractStart: "2020-01-31", TermMonths: 12,
				Domains: []string{fmt.Sprintf("web-%d.example", i*7919%n)}})
		}
		s := shelved(t, all...)
		var requests atomic.Int64
		s.DB = s.fake.Client(counted{s.fake, &requests})
		cost := map[string]int{}
		for _, q := range []PackageQuery{{}, {Sort: SortName}, {Sort: SortProduct}, {Sort: SortEnd}, {Product: "shop"}, {Search: "web-"}} {
			requests.Store(0)
			page, err := s.Packages(t.Context(), s.numbers, q)
			if err != nil || len(page.Packages) != 25 || page.Next == "" || page.Total < 100 {
				t.Fatalf("%d packages, %+v: %d of %d, %v", n, q, len(page.Packages), page.Total, err)
			}
			cost[fmt.Sprintf("%+v", q)] = int(requests.Load())
		}
		return cost
	}
	small, large := costs(2*few), costs(4*few)
	for q, n := range small {
		if large[q] != n {
			t.Errorf("%s: %d requests for some packages, %d for twice as many", q, n, large[q])
		}
	}
}

// counted counts the requests.
type counted struct {
	http.RoundTripper
	n *atomic.Int64
}

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.RoundTripper.RoundTrip(r)
}

// Packages that no import has written since the indexes are there are listed all the same.
func TestPackagesThatAreInNoIndexAreListed(t *testing.T) {
	s := shelved(t)
	for i := range 2 * few {
		s.must(t, PutPackage(s.Names, Package{ID: fmt.Sprintf("P-%05d", i), Number: "10000017", Product: Products[i%3], Domains: []string{"auto.example"}}))
	}
	s.must(t, []types.TransactWriteItem{PutNew(s.Names, Profile{Number: "10000017"})})
	for _, q := range []PackageQuery{{}, {Sort: SortName}, {Sort: SortEnd, Today: today}, {Search: "uto"}} {
		if page, err := s.Packages(t.Context(), []string{"10000017"}, q); err != nil || page.Total != 2*few || len(page.Packages) != 25 || page.Packages[0].ID != "P-00000" {
			t.Errorf("%+v: %d of %d, %v", q, len(page.Packages), page.Total, err)
		}
	}
}

func TestARenamedPackageMovesInTheOrderByName(t *testing.T) {
	s := shelved(t, Package{ID: "P-1", Number: "10000017", Product: "shop", Domains: []string{"a.example"}}, Package{ID: "P-2", Number: "10000017", Product: "shop", Domains: []string{"b.example"}})
	first, err := s.Package(t.Context(), "P-1")
	if err != nil {
		t.Fatal(err)
	}
	s.must(t, []types.TransactWriteItem{PutSettings(s.Names, first, map[string]string{product.DisplayName: "Zuletzt"})})
	if got := walk(t, s.ways(t)["many"], PackageQuery{Sort: SortName, Limit: 1}); !slices.Equal(got, []string{"P-2", "P-1"}) {
		t.Errorf("by name: %v", got)
	}
	// Neither an import nor another form writes on what it has not seen: the place would be of another name.
	imported := first.Placed(today)
	imported.Domains = []string{"c.example"}
	if err := s.Transact(t.Context(), PutPackageFound(s.Names, first, imported.Placed(today), nil), ""); err == nil {
		t.Error("an import wrote over settings that it had not read")
	}
	renamed, _ := s.Package(t.Context(), "P-1")
	renamed.Domains = []string{"c.example"}
	s.must(t, PutPackageFound(s.Names, first, renamed.Placed(today), nil))
	first.SettingsVersion, first.Settings = renamed.SettingsVersion, renamed.Settings
	if err := s.Transact(t.Context(), []types.TransactWriteItem{PutSettings(s.Names, first, nil)}, ""); err == nil {
		t.Error("settings were saved with a place of a domain that has gone")
	}
}

// BenchmarkPage is the work of a page beside DynamoDB's own, of few packages and of many.
func BenchmarkPage(b *testing.B) {
	for _, n := range []int{few, 10 * few} {
		var packages []Package
		for i := range n {
			packages = append(packages, Package{ID: fmt.Sprintf("P-%05d", i), Number: "10000017", Product: Products[i%3], Tariff: "M", ContractStart: "2020-01-31",
				TermMonths: 12, Domains: []string{fmt.Sprintf("d%d.example", i*7919%n), "zweite.example"}})
		}
		s := shelved(b, packages...)
		for _, order := range Sorts {
			b.Run(fmt.Sprintf("of=%d/by=%s", n, order), func(b *testing.B) {
				for b.Loop() {
					if page, err := s.Packages(b.Context(), s.numbers, PackageQuery{Sort: order, Limit: 50, Today: today}); err != nil || page.Total != n {
						b.Fatal(page.Total, err)
					}
				}
			})
		}
	}
}

// A package of an earlier release has no entries; its name may have been set since. It is imported all the same, and found then.
func TestAPackageWithoutEntriesIsImportedAfterItsNameWasSet(t *testing.T) {
	store := Store{Store: tablefake.New().Store()}
	put := func(items ...types.TransactWriteItem) {
		t.Helper()
		if err := store.Transact(t.Context(), items, ""); err != nil {
			t.Fatal(err)
		}
	}
	read := func() Package {
		t.Helper()
		p, err := store.Package(t.Context(), "P-1")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	put(PutPackage(store.Names, Package{ID: "P-1", Number: "10000017", Product: "shop"})...)
	put(PutSettings(store.Names, read(), map[string]string{"displayName": "Laden"}))
	old := read()
	put(PutPackageFound(store.Names, old, old.Placed(time.Time{}), nil)...)
	if p := read(); p.ByEnd == "" || p.Settings["displayName"] != "Laden" {
		t.Errorf("%+v", p)
	}
}
