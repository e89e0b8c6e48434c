package overview_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/product"
)

func TestDomainsOfAllPackagesAreListed(t *testing.T) {
	w := visitor.Anna(t)
	a := w.Get("/account/domains").Is(200)
	a.Count("tbody tr", 2) // that of the package that has ended is not there
	a.Has("tbody tr:first-child", "a-schaefer.example schaefer.example Server, Root Server M 10000017")
	a.Count(`tbody a[href="/account/packages/P-1001"]`, 2)
	w.Get("/account/domains?q=A-SCH").Count("tbody tr", 1)
	w.Get("/account/domains?q=https://a-schaefer.example/").Count("tbody tr", 1)
	w.Get("/account/domains?q=nichts").Is(200).Has("main", "Keine Domain passt zu „nichts“.")
	w.Get("/account/domains?after=zz.example@10000017").Is(200).Has("main", "Hier ist die Liste zu Ende.")
	w.Get("/account").Count(`nav a[href="/account/domains"]`, 1)
	var got struct {
		Domains []struct{ Domain, ID, Name, Product, Tariff, OrderedUnder string }
	}
	if err := json.Unmarshal([]byte(w.Get("/account/domains", world.JSON...).Body), &got); err != nil || len(got.Domains) != 2 || got.Domains[1].Domain != "schaefer.example" ||
		got.Domains[1].ID != "P-1001" || got.Domains[1].OrderedUnder != visitor.Number {
		t.Errorf("%+v %v", got, err)
	}
	w.Only()
	w.Get("/account/domains").Is(200).Has("main", "Zu Ihren Paketen gehört zurzeit keine Domain.")
}

func TestDomainsAreListedByPages(t *testing.T) {
	w := visitor.Anna(t)
	var many []customer.Package
	for i := range 120 {
		many = append(many, customer.Package{ID: fmt.Sprintf("P-%03d", i), Number: []string{visitor.Number, visitor.Earlier}[i%2], Product: "shop", Domains: []string{fmt.Sprintf("d%03d.example", i)}})
	}
	w.Only(many...)
	var seen []string
	for path := "/account/domains"; path != ""; {
		a := w.Get(path).Is(200)
		for _, row := range a.Find("tbody th").EachIter() {
			seen = append(seen, row.Text())
		}
		path = a.Find("a[rel=next]").AttrOr("href", "")
	}
	if len(seen) != 120 || !slices.IsSorted(seen) {
		t.Errorf("%d: %q", len(seen), seen)
	}
}

// The file is read as it was written by who reads CSV, and no cell begins as a formula does.
func TestTheTableOfDomainsForSpreadsheets(t *testing.T) {
	w := visitor.Anna(t)
	names := []string{"=HYPERLINK(\"http://x\")", "+49", "-1", "@SUM(A1)", "Mein \"Blog\"; privat", "ganz, normal"}
	var packages []customer.Package
	for i := range names {
		packages = append(packages, customer.Package{ID: fmt.Sprintf("P-%d", i), Number: visitor.Number, Product: "shop", Tariff: "Shop, groß", Domains: []string{fmt.Sprintf("blumen-köln%d.example", i)}})
	}
	w.Only(packages...)
	for i, name := range names {
		w.Set(packages[i].ID, map[string]string{product.DisplayName: name})
	}
	for l, comma := range map[string]rune{"de": ';', "en": ','} {
		a := w.Get("/account/domains/file?lang=" + l).Is(200)
		if got := a.Header.Get("Content-Type") + a.Header.Get("Content-Disposition"); got != `text/csv; charset=utf-8attachment; filename="domains.csv"` {
			t.Errorf("comes as %s", got)
		}
		text, marked := strings.CutPrefix(a.Body, "\ufeff")
		r := csv.NewReader(strings.NewReader(text))
		r.Comma = comma
		rows, err := r.ReadAll()
		if err != nil || !marked || len(rows) != len(names)+1 || !strings.Contains(text, "\r\n") {
			t.Fatalf("%v: %q", err, a.Body)
		}
		for i, name := range names {
			row := rows[i+1]
			if strings.ContainsAny(name[:1], "=+-@") {
				name = "'" + name
			}
			if want := []string{fmt.Sprintf("blumen-köln%d.example", i), name, fmt.Sprintf("P-%d", i), "shop", "Shop, groß", visitor.Number}; !slices.Equal(row, want) {
				t.Errorf("row %q, want %q", row, want)
			}
		}
	}
}

// Nobody sees a domain of somebody else's.
func TestDomainsOfAStrangerAreNotListed(t *testing.T) {
	w := visitor.Anna(t)
	w.Save(customer.Profile{Number: "10000099", Version: 1})
	w.Hold(customer.Package{ID: "P-9", Number: "10000099", Product: "shop", Domains: []string{"fremd.example"}})
	for _, path := range []string{"/account/domains", "/account/domains?q=fremd", "/account/domains?after=a.example@10000099", "/account/domains/file"} {
		if a := w.Get(path); strings.Contains(strings.ReplaceAll(a.Body, `value="fremd"`, ""), "fremd.example") {
			t.Errorf("%s shows it", path)
		}
	}
}
