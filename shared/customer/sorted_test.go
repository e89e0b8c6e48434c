package customer

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/table"
)

// shelf answers every query with the packages of a number, whatever the filter.
type shelf struct {
	table.DB
	items map[string][]table.Item
}

func (s shelf) Query(_ context.Context, in *dynamodb.QueryInput, _ ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	items := s.items[table.String(in.ExpressionAttributeValues, ":pk")]
	if in.Select == "COUNT" {
		return &dynamodb.QueryOutput{Count: int32(len(items))}, nil
	}
	return &dynamodb.QueryOutput{Items: items}, nil
}

// GetItem finds a package, or whose it is.
func (s shelf) GetItem(_ context.Context, in *dynamodb.GetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	for _, items := range s.items {
		for _, item := range items {
			owner := table.Owner(table.String(item, "id"))
			switch {
			case table.String(in.Key, "pk") == table.String(owner, "pk"):
				return &dynamodb.GetItemOutput{Item: table.With(owner, table.Item{"number": item["number"]})}, nil
			case table.String(in.Key, "pk") == table.String(item, "pk") && table.String(in.Key, "sk") == table.String(item, "sk"):
				return &dynamodb.GetItemOutput{Item: item}, nil
			}
		}
	}
	return &dynamodb.GetItemOutput{}, nil
}

func shelved(packages ...Package) Store {
	s := shelf{items: map[string][]table.Item{}}
	for _, p := range packages {
		pk := table.Customer(p.Number)
		s.items[pk] = append(s.items[pk], table.With(table.Package(p.Number, p.ID), table.MustMarshal(p)))
	}
	return Store{table.Store{DB: s, Names: table.Names{Customers: "customers"}}}
}

func TestPackagesAreSortedOverAllNumbersPageByPage(t *testing.T) {
	packages := []Package{
		{ID: "P-1", Number: "10000017", Product: "shop", Domains: []string{"zebra.example"}, ContractStart: "2020-01-01", TermMonths: 12, NoticePeriodMonths: 3},
		{ID: "P-2", Number: "10000017", Product: "hosting", ContractStart: "2020-01-01", EndedAt: "2021-12-31", Domains: []string{"Mitte.example"}, Settings: map[string]string{"displayName": "Ärzte"}},
		{ID: "P-3", Number: "10000023", Product: "hosting"},
		{ID: "P-4", Number: "10000023", Product: "server", Domains: []string{"anfang.example"}, ContractStart: "2026-11-15", TermMonths: 1},
		{ID: "P-5", Number: "10000023", Product: "shop", Domains: []string{"zebra.example"}, ContractStart: "2020-01-01", TermMonths: 12},
	}
	for order, want := range map[string][]string{SortName: {"P-4", "P-2", "P-3", "P-1", "P-5"}, SortProduct: {"P-2", "P-3", "P-4", "P-1", "P-5"},
		SortEnd: {"P-4", "P-5", "P-1", "P-3", "P-2"}} {
		var got []string
		for after, pages := "", 0; pages == 0 || after != ""; pages++ {
			page, err := shelved(packages...).Packages(t.Context(), []string{"10000017", "10000023"}, PackageQuery{Sort: order, Limit: 2, After: after, Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
			if err != nil || page.Total != 5 || pages > 2 {
				t.Fatalf("%+v, %v, page %d", page, err, pages)
			}
			for _, p := range page.Packages {
				got = append(got, p.ID)
			}
			after = page.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("by %s: %v, want %v", order, got, want)
		}
	}
	page, err := shelved(packages...).Packages(t.Context(), []string{"10000017", "10000023"}, PackageQuery{Sort: SortName, Limit: 2, After: "P-gone"})
	if err != nil || page.Packages[0].ID != "P-4" {
		t.Errorf("a made-up cursor begins at the start: %+v, %v", page, err)
	}
}

// A link to the next page stays good when the package that it names has left the list meanwhile.
func TestALinkToTheNextPageOutlivesItsPackage(t *testing.T) {
	named := func(id, number, name string) Package {
		return Package{ID: id, Number: number, Product: "shop", Settings: map[string]string{"displayName": name}}
	}
	s := shelved(named("P-1", "10000017", "Anfang"), named("P-2", "10000017", "Mitte"), named("P-3", "10000017", "Schluss"),
		named("P-4", "10000017", "Nicht gesucht"), named("P-9", "10000099", "Neben anderen"))
	s.DB = without{s.DB.(shelf), "P-4"}
	for after, want := range map[string]string{"P-4": "P-3", "P-2": "P-3", "P-9": "P-1", "P-gone": "P-1", "P-3": ""} {
		page, err := s.Packages(t.Context(), []string{"10000017"}, PackageQuery{Search: "t", Sort: SortName, After: after})
		got := ""
		if len(page.Packages) > 0 {
			got = page.Packages[0].ID
		}
		if err != nil || got != want || page.Total != 3 {
			t.Errorf("after %s: %q of %d, %v; want %q", after, got, page.Total, err, want)
		}
	}
}

// without answers searches without one package, which is still there.
type without struct {
	shelf
	id string
}

func (w without) Query(ctx context.Context, in *dynamodb.QueryInput, o ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	out, err := w.shelf.Query(ctx, in, o...)
	out.Items = slices.DeleteFunc(slices.Clone(out.Items), func(item table.Item) bool { return table.String(item, "id") == w.id })
	return out, err
}

// BenchmarkSorted2000Packages is the work of a sorted page beside DynamoDB's own: sort keys, order, one page in full.
func BenchmarkSorted2000Packages(b *testing.B) {
	var packages []Package
	for i := range 2000 {
		packages = append(packages, Package{ID: fmt.Sprintf("P-%05d", i), Number: "10000017", Product: Products[i%3], Tariff: "M", ContractStart: "2020-01-31",
			TermMonths: 12, Domains: []string{fmt.Sprintf("d%d.example", i*7919%2000), "zweite.example"}, Settings: map[string]string{"displayName": ""}})
	}
	s := shelved(packages...)
	for _, order := range Sorts {
		b.Run("by "+order, func(b *testing.B) {
			for b.Loop() {
				if page, err := s.Packages(b.Context(), []string{"10000017"}, PackageQuery{Sort: order, Limit: 50}); err != nil || page.Total != 2000 {
					b.Fatal(page.Total, err)
				}
			}
		})
	}
}

// By end stands a cancelled package at its last day, and each other where it could end for the kind of customer.
func TestTheOrderByEndKnowsCancelledPackagesAndConsumers(t *testing.T) {
	packages := []Package{
		{ID: "P-cancelled", Number: "10000017", ContractStart: "2020-01-01", TermMonths: 12, EndedAt: "2027-02-28"},
		{ID: "P-last-day", Number: "10000017", EndedAt: "2026-11-23"},
		{ID: "P-over", Number: "10000017", EndedAt: "2026-11-22"},
		{ID: "P-new-law", Number: "10000017", ContractStart: "2023-05-01", TermMonths: 12, NoticePeriodMonths: 1},
		{ID: "P-renewal", Number: "10000017", ContractStart: "2021-01-01", TermMonths: 24, Renewal: "6", NoticePeriodMonths: 3},
		{ID: "P-unknown", Number: "10000017", ContractStart: "9999-12-31", TermMonths: 12},
	}
	for consumer, want := range map[bool][]string{
		true:  {"P-last-day", "P-new-law", "P-cancelled", "P-renewal", "P-unknown", "P-over"},
		false: {"P-last-day", "P-cancelled", "P-new-law", "P-renewal", "P-unknown", "P-over"},
	} {
		page, err := shelved(packages...).Packages(t.Context(), []string{"10000017"}, PackageQuery{Sort: SortEnd, Consumer: consumer, Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
		var got []string
		for _, p := range page.Packages {
			got = append(got, p.ID)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("consumer %v: %v, %v, want %v", consumer, got, err, want)
		}
	}
}
