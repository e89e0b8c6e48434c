package overview_test

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// manyPackages serves a customer with that many packages under two numbers; cookie is of a session.
func manyPackages(b testing.TB, n int) (served http.Handler, cookie string) {
	b.Helper()
	fake := tablefake.New()
	admin := fake.Store()
	names := admin.Names
	p := visitor.Profile
	cookie, s, err := session.New(rand.Reader, world.Noon, session.Start{Number: p.Number, Epoch: p.Epoch})
	if err != nil {
		b.Fatal(err)
	}
	p.PackageCounts = map[string]int{}
	member := customer.Profile{Number: p.Members[0], MergedInto: p.Number, PackageCounts: map[string]int{}}
	items := []types.TransactWriteItem{session.Put(names, s)}
	for i := range n {
		owner := []customer.Profile{p, member}[i%2]
		owner.PackageCounts[customer.Products[i%3]]++
		items = append(items, customer.PutPackage(names, customer.Package{ID: fmt.Sprintf("P-%05d", i), Number: owner.Number,
			Product: customer.Products[i%3], Tariff: "Root Server M", ContractStart: fmt.Sprintf("%d-%02d-%02d", 2008+i%17, 1+i%12, 1+i%28), TermMonths: 1 + i%24,
			NoticePeriodMonths: i % 4, Domains: []string{fmt.Sprintf("domain-%d.example", i*7919%n), fmt.Sprintf("zweite-%d.example", i)}, Settings: map[string]string{"displayName": fmt.Sprint("Paket ", i)}}.Placed(world.Noon))...)
	}
	items = append(items, customer.PutNew(names, p), customer.PutNew(names, member))
	for part := range slices.Chunk(items, table.MaxItems) {
		if err := admin.Transact(b.Context(), part, ""); err != nil {
			b.Fatal(err)
		}
	}
	served, err = account.New(table.Store{DB: fake.Client(&tablefake.Memory{Next: fake}), Names: names}, web.AppConfig{Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto"},
		Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return world.Noon }})
	if err != nil {
		b.Fatal(err)
	}
	return served, cookie
}

// packageLists are the ways to look at the packages.
var packageLists = []string{"", "?sort=name", "?sort=end", "?sort=product", "?q=domain-7", "?product=shop&sort=name", "?sort=name&after=P-01000", "?after=P-01000"}

// A customer with 2,000 packages looks at them as others do: each way of looking shows a page. What it costs, BenchmarkOverview
// tells.
func TestTwoThousandPackagesAreShownByPages(t *testing.T) {
	site, cookie := manyPackages(t, 2000)
	for _, query := range packageLists {
		rec := look(site, cookie, query)
		if rows := strings.Count(rec.Body.String(), "<tr"); rec.Code != http.StatusOK || rows < 2 || rows > 50+1 {
			t.Errorf("%s: %d, %d rows", query, rec.Code, rows)
		}
	}
}

func look(site http.Handler, cookie, query string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/account"+query, nil)
	r.AddCookie(&http.Cookie{Name: session.Cookie, Value: cookie})
	rec := httptest.NewRecorder()
	site.ServeHTTP(rec, r)
	return rec
}

// BenchmarkOverview is the CPU of the overview with all but the tables' own work: the goal is 5 ms with 1,000 packages.
func BenchmarkOverview(b *testing.B) {
	for _, n := range []int{10, 1000, 2000} {
		site, cookie := manyPackages(b, n)
		for _, query := range packageLists[:5] {
			b.Run(fmt.Sprintf("%d packages %s", n, query), func(b *testing.B) {
				if rec := look(site, cookie, query); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "</table>") { // the tables' work
					b.Fatal(rec.Code, rec.Body)
				}
				before := cpu(b)
				for b.Loop() {
					look(site, cookie, query)
				}
				b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
			})
		}
	}
}

// cpu is what the process has used so far, garbage collection and all goroutines included.
func cpu(b testing.TB) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
