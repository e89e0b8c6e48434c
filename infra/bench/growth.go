package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/bench/figure"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/meter"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// page is one that may grow with what there is.
type page struct{ name, path string }

var (
	ofPackages = []page{{"overview", "/account"}, {"by-name", "/account?sort=name"}, {"by-end", "/account?sort=end"}, {"by-product", "/account?sort=product"},
		{"search", "/account?q=domain000007"}, {"export", "/account/export"}}
	ofTeam = []page{{"queue", "/service"}, {"customer-by-number", "/service/customers?q=20000003"}, {"customer-by-email", "/service/customers?q=kunde000003%40kunde.example"},
		{"customers-by-domain", "/service/customers?q=gemeinsam.example"}}
)

// growth looks at pages with ever more packages, customers and orders: counted requests and units, and the CPU of our own part.
func (b bench) growth() (all []figure.Figure, err error) {
	for _, n := range b.sizes {
		err := b.walk(func(h *meter.House) {
			signedIn(h)
			packages(h, meter.Anna, n)
			all = append(all, grown(h, n, ofPackages)...)
		})
		if err != nil {
			return nil, fmt.Errorf("%d packages: %w", n, err)
		}
		err = b.walk(func(h *meter.House) {
			signedIn(h)
			orders(h, n)
			customers(h, n)
			staffIn(h)
			all = append(all, grown(h, n, ofTeam)...)
		})
		if err != nil {
			return nil, fmt.Errorf("%d customers and orders: %w", n, err)
		}
	}
	return all, nil
}

// grown counts what each page asks for, then measures it with the answers in memory.
func grown(h *meter.House, n int, pages []page) (all []figure.Figure) {
	const samples, longest = 7, 2000 // milliseconds of CPU that a page may take all in all
	name := func(p page) string { return fmt.Sprintf("Growth/page=%s/size=%d", p.name, n) }
	h.Meter.Quiet = quiet
	for _, p := range pages {
		h.Meter.Reset()
		h.Send(http.MethodGet, p.path)
		t := h.Meter.Taken()
		all = append(all, figure.Of(name(p), "requests", float64(t.Requests)), figure.Of(name(p), "rounds", float64(t.Rounds)), figure.Of(name(p), "read-units", t.Reads))
	}
	stub(h)
	for _, p := range pages {
		look := func() { h.Send(http.MethodGet, p.path) }
		look()
		found := series{}
		for once := spend(1, look); len(found["cpu-ms/op"]) < samples; {
			found.take(spend(max(1, min(10, int(longest/samples/max(once.cpu, 0.1)))), look))
		}
		all = append(all, found.figures(name(p), "cpu-ms/op", "allocs/op")...)
	}
	return all
}

// packages gives a number so many more packages, each with one domain: copies of some that differ in product and contract.
func packages(h *meter.House, number string, n int) {
	const kinds = 36
	copies(h, n, kinds, func(i int) []types.TransactWriteItem {
		return customer.PutPackage(h.Store.Names, customer.Package{ID: "ZP000000", Number: number, Product: customer.Products[i%3],
			Tariff: "Root Server M", ContractStart: fmt.Sprintf("%d-%02d-%02d", 2008+i%17, 1+i%12, 1+i%28), TermMonths: 1 + i%24, NoticePeriodMonths: i % 4,
			Domains: []string{"domain000000.example"}}.Placed(h.Now()))
	}, func(i int) []string {
		return []string{"ZP000000", fmt.Sprintf("ZP%06d", i), "zp000000", fmt.Sprintf("zp%06d", i), "domain000000", fmt.Sprintf("domain%06d", i*7919%n)}
	})
	profiles := customer.Store{Store: h.Store}
	p, err := profiles.Profile(h.Context(), number)
	h.Must(err)
	counts := tablefake.Value{}
	for i, product := range customer.Products {
		counts[product] = tablefake.Value{"N": strconv.Itoa(p.PackageCounts[product] + (n+2-i)/3)}
	}
	item := maps.Clone(h.Meter.Fake.Item(h.Store.Names.Customers, tablefake.Item{"pk": {"S": table.Customer(number)}, "sk": {"S": table.SKProfile}}))
	item["packageCounts"] = tablefake.Value{"M": counts}
	h.Meter.Fake.Put(h.Store.Names.Customers, item)
}

// customers puts so many customers beside, each with an address of its own and a domain that all have.
func customers(h *meter.House, n int) {
	const number = "20000000"
	copies(h, n, 1, func(int) []types.TransactWriteItem {
		return append(customer.PutPackage(h.Store.Names, customer.Package{ID: "K" + number, Number: number, Product: "shop", Domains: []string{"gemeinsam.example"}}),
			customer.PutNew(h.Store.Names, customer.Profile{Number: number, FirstName: "Karl", LastName: "Kunde", City: "Berlin", Country: "DE",
				Email: "kunde000000@kunde.example", Language: "de", Version: 1, CreatedAt: h.Now()}))
	}, func(i int) []string {
		return []string{number, fmt.Sprint(20000000 + i), "kunde000000", fmt.Sprintf("kunde%06d", i)}
	})
}

// copies puts n copies of the items of so many kinds into the tables, with texts replaced: the program writes one of each kind.
func copies(h *meter.House, n, kinds int, kind func(int) []types.TransactWriteItem, replaced func(int) []string) {
	type item struct {
		table string
		is    tablefake.Item
	}
	made := make([][]item, kinds)
	for k := range kinds {
		scratch := tablefake.New()
		h.Must(scratch.Store().Transact(h.Context(), kind(k), ""))
		scratch.Changed(tablefake.New(), func(table string, is tablefake.Item) { made[k] = append(made[k], item{table, is}) }, nil)
	}
	for i := range n {
		for _, one := range made[i%kinds] {
			is, err := copied(one.is, replaced(i)...)
			h.Must(err)
			h.Meter.Fake.Put(one.table, is)
		}
	}
}

// orders puts so many orders into the queue: copies of one that waits there.
func orders(h *meter.House, n int) {
	h.Import(meter.Line(meter.Bert, 0))
	id := h.Submit(func(_ string, do func()) { do() })
	var one tablefake.Item
	h.Meter.Fake.Items(h.Store.Names.MergeOrders, func(i tablefake.Item) {
		if i["statePk"] != nil {
			one = i
		}
	})
	desk, _, found := strings.Cut(fmt.Sprint(one["statePk"]["S"]), "#")
	submitted, err := h.Orders().Get(h.Context(), id)
	h.Must(err)
	if !found {
		h.Fatal("no order waits")
	}
	for i := range n - 1 {
		next := fmt.Sprintf("K%03d-%04d", i/10000, i%10000)
		item, err := copied(one, id, next, table.FormatTime(submitted.SubmittedAt), table.FormatTime(submitted.SubmittedAt.Add(time.Duration(i)*time.Second)))
		h.Must(err)
		item["statePk"] = tablefake.Value{"S": table.DeskShard(desk, next)}
		h.Meter.Fake.Put(h.Store.Names.MergeOrders, item)
	}
}

// copied is an item of the wire with texts replaced.
func copied(item tablefake.Item, pairs ...string) (c tablefake.Item, err error) {
	raw, err := json.Marshal(item)
	if err != nil {
		return nil, err
	}
	return c, json.Unmarshal([]byte(strings.NewReplacer(pairs...).Replace(string(raw))), &c)
}
