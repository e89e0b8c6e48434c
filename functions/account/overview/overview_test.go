package overview_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

func TestOverviewShowsMasterDataAndAllPackages(t *testing.T) {
	w := visitor.Anna(t)
	a := w.Get("/account")
	if a.Status != http.StatusOK {
		t.Fatalf("status %d\n%s", a.Status, a.Body)
	}
	if got := a.Text("#pakete"); got != "Ihre Pakete (3)" {
		t.Errorf("heading is %q", got)
	}
	for selector, want := range map[string]string{
		"section[aria-labelledby=kundendaten]":         "Anna Schäfer",
		".greeting":                                    "Guten Tag, Anna Schäfer. 3 Pakete",
		".facts div:nth-child(3) dd":                   "Hauptstr. 510115 BerlinDeutschland ändern Anschrift",
		".facts div:nth-child(7) dd:nth-child(2)":      "IBAN DE•• ••• 3000 Kontonummer •••3000Bankleitzahl 37040044",
		"tbody tr:nth-child(1) th":                     "schaefer.example + 1 weitere",
		"tbody tr:nth-child(1) [data-label=Produkt]":   "Server",
		"tbody tr:nth-child(1) [data-label^=Vertrag]":  "30.04.2027 kündbar zum 30.04.2027",
		"tbody tr:nth-child(2) th":                     "P-1002",
		"tbody tr:nth-child(2) [data-label^=Vertrag]":  "unbefristet kündbar zum 23.12.2026",
		"tbody tr:nth-child(2) [data-label^=Bestellt]": "10000023",
		"tbody tr:nth-child(3) [data-label^=Vertrag]":  "beendet 31.03.2025",
	} {
		if got := a.Text(selector); !strings.Contains(got, want) {
			t.Errorf("%s says %q, want %q", selector, got, want)
		}
	}
	if href, _ := a.Find("tbody tr:first-child th a").Attr("href"); href != "/account/packages/P-1001" {
		t.Errorf("the row leads to %q", href)
	}
	if a.Find("#zusammenfassungen, .notice").Length() != 0 {
		t.Error("there is a running merge or a notice without a cause")
	}
}

func TestOverviewInEnglish(t *testing.T) {
	a := visitor.Anna(t).Get("/account?lang=en")
	if h := a.Text("h1") + a.Text("#pakete") + a.Text("tbody tr:first-child td:nth-child(4)"); h != "OverviewYour packages (3)30 April 2027 can end on 30 April 2027" {
		t.Errorf("the page says %q", h)
	}
}

func TestOverviewAsJSON(t *testing.T) {
	w := visitor.Anna(t)
	w.Is(func(p *customer.Profile) { p.Members = nil })
	a := w.Get("/account", "Accept", "application/json")
	var got struct {
		CustomerNumber string
		MergedNumbers  []string
		RunningMerges  []any
		MasterData     map[string]any
		Packages       []map[string]any
		Total          int
	}
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
		t.Fatal(err)
	}
	if got.CustomerNumber != "10000017" || got.Total != 2 || len(got.Packages) != 2 || got.RunningMerges == nil || got.MergedNumbers == nil ||
		got.MasterData["street"] != "Hauptstr. 5" || got.Packages[0]["contractUntil"] != "2027-04-30" || got.MasterData["version"] != 7.0 {
		t.Errorf("got %s", a.Body)
	}
}

func TestOverviewTellsWhoSignedInWithAnOldNumberItsSuccessor(t *testing.T) {
	w := visitor.Anna(t)
	w.Resume(func(s *session.Session) { s.Via = visitor.Earlier })
	if got := w.Get("/account").Text(".notice"); !strings.Contains(got, "Die Kundennummer 10000023 gehört jetzt zu 10000017.") {
		t.Errorf("the notice says %q (M6)", got)
	}
	w.Resume(func(s *session.Session) { s.Via = "10000999" })
	if got := w.Get("/account").Text(".notice"); got != "" {
		t.Errorf("after the merge with the number was undone, the notice says %q", got)
	}
}

func TestOverviewSaysWhatWasSaved(t *testing.T) {
	for path, want := range map[string]string{
		"/account?saved=master-data": "Ihre Stammdaten sind gespeichert. Eine Bestätigung geht an anna@schaefer.example.",
		"/account?saved=nothing":     "Sie haben nichts geändert.",
		"/account?saved=lottery":     "",
	} {
		if got := visitor.Anna(t).Get(path).Text(".notice"); !strings.HasSuffix(got, want) || (want == "") != (got == "") {
			t.Errorf("%s says %q, want %q", path, got, want)
		}
	}
}

func TestOverviewShowsARunningMergeAndItsNextDate(t *testing.T) {
	late := visitor.Running(merge.InReview)
	late.EscalateAt = world.Noon.Add(-time.Hour)
	for name, c := range map[string]struct {
		order order.Order
		says  string
		leads bool
	}{
		"submitted":                  {visitor.Running(merge.Submitted), "Wir prüfen bis spätestens 25.11.2026 um 13:00 Uhr", true},
		"in review":                  {visitor.Running(merge.InReview), "Wir prüfen bis spätestens 25.11.2026", true},
		"in review for too long":     {late, "dauert länger", true},
		"approved":                   {visitor.Running(merge.Approved), "Wird ausgeführt am 26.11.2026 um 13:00 Uhr", true},
		"stale":                      {visitor.Running(merge.Stale), "Daten haben sich geändert", true},
		"failed":                     {visitor.Running(merge.Failed), "Sie müssen nichts tun", true},
		"executed a moment ago":      {visitor.Running(merge.Executed), "", false},
		"withdrawn with a lock left": {visitor.Running(merge.Withdrawn), "", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := visitor.Anna(t)
			w.SaveOrder(c.order)
			w.Overwrite(w.Store.Names.MergeOrders, table.With(table.Lock(visitor.Number), table.Item{"order": table.S(c.order.ID)}))
			a := w.Get("/account")
			got := a.Text("section[aria-labelledby=zusammenfassungen]")
			if !strings.Contains(got, c.says) || (got != "") != c.leads {
				t.Errorf("says %q, want %q", got, c.says)
			}
			if n := a.Find(`a[href="/merge/orders/K7QX-2M4D"]`).Length(); (n == 1) != c.leads {
				t.Errorf("%d links to the order", n)
			}
		})
	}
}

func TestOverviewTellsTheOtherSideOfARunningMerge(t *testing.T) {
	w := visitor.Anna(t)
	o := visitor.Running(merge.InReview)
	o.Customer, o.Survivor.Record.Number, o.Sources[0].Record.Number = "10000099", "10000099", visitor.Number
	w.SaveOrder(o)
	a := w.Get("/account")
	if got := a.Text("section[aria-labelledby=zusammenfassungen]"); !strings.Contains(got, "Diese Kundennummer soll mit 10000099 zusammengefasst werden") || !strings.Contains(got, "stoppen") {
		t.Errorf("says %q (M4)", got)
	}
	if a.Find(`a[href^="/merge/orders/K"]`).Length() != 0 {
		t.Error("it links another customer's order, which is 404")
	}
	o.State = merge.Stale
	w.SaveOrder(o)
	if got := w.Get("/account").Text("section[aria-labelledby=zusammenfassungen]"); !strings.Contains(got, "Wartet auf Bestätigung") || !strings.Contains(got, "Sie müssen nichts tun.") || strings.Contains(got, "Sehen Sie sich") {
		t.Errorf("says %q of an order that somebody else has to confirm", got)
	}
}

func many(n int) []customer.Package {
	var list []customer.Package
	for i := range n {
		list = append(list, customer.Package{ID: fmt.Sprintf("P-%05d", i), Number: "10000017", Product: "hosting", Domains: []string{fmt.Sprintf("d%d.example", i)}})
	}
	return list
}

// rowsOf are the names of the packages on a page.
func rowsOf(a world.Page) []string {
	return a.Find("tbody th a").Map(func(_ int, link *goquery.Selection) string { return link.Text() })
}

func TestPackagesArePagedByStableLinks(t *testing.T) {
	w := visitor.Anna(t)
	w.Only(many(300)...)
	a := w.Get("/account?q=example&product=hosting")
	if rows := a.Find("tbody tr").Length(); rows != 50 {
		t.Errorf("%d rows on a page", rows)
	}
	next, _ := a.Find("a[rel=next]").Attr("href")
	if next != "/account?after=P-00049&product=hosting&q=example#pakete" {
		t.Errorf("next page is %q", next)
	}
	if got := a.Text("#pakete"); got != "Ihre Pakete (300 gefunden)" {
		t.Errorf("heading is %q", got)
	}
	if rows := rowsOf(w.Get(strings.TrimSuffix(next, "#pakete"))); len(rows) != 50 || rows[0] != "d50.example" {
		t.Errorf("the next page has %v", rows)
	}
}

func TestPackagesAreSortedByLinksThatKeepTheRest(t *testing.T) {
	w := visitor.Anna(t)
	w.Only(many(300)...)
	a := w.Get("/account?q=example&product=hosting&sort=name")
	rows := rowsOf(a)
	if !slices.IsSorted(rows) || rows[2] != "d10.example" || a.Text("section[aria-labelledby=pakete] p.small strong") != "Name" {
		t.Errorf("shown are %v", rows)
	}
	var links []string
	a.Find("section[aria-labelledby=pakete] p.small a").Each(func(_ int, link *goquery.Selection) { links = append(links, link.AttrOr("href", "")) })
	if got := strings.Join(links, " "); got != "/account?product=hosting&q=example#pakete /account?product=hosting&q=example&sort=product#pakete /account?product=hosting&q=example&sort=end#pakete" {
		t.Errorf("the links are %s", got)
	}
	if next := a.Find("a[rel=next]").AttrOr("href", ""); next != "/account?after=P-00142&product=hosting&q=example&sort=name#pakete" {
		t.Errorf("next page is %q", next)
	}
	if a.Find("form.search input[name=sort][value=name]").Length() != 1 {
		t.Error("a search loses the order")
	}
	for _, made := range []string{"number", "price", "DROP"} {
		if rows := rowsOf(w.Get("/account?sort=" + made)); rows[2] != "d2.example" {
			t.Errorf("sort=%s shows %v", made, rows)
		}
	}
}

func TestAnEmptyListSaysWhy(t *testing.T) {
	for path, want := range map[string]string{
		"/account":                  "gehört zurzeit kein Paket",
		"/account?q=%3Cb%3Enix":     "Kein Paket passt zu „<b>nix“.",
		"/account?product=shop":     "kein Paket dieser Art",
		"/account?after=P-9":        "Hier ist die Liste zu Ende.",
		"/account?product=nonsense": "gehört zurzeit kein Paket",
		"/account?after=../../etc":  "gehört zurzeit kein Paket",
	} {
		w := visitor.Anna(t)
		w.Only()
		if got := w.Get(path).Text(".empty"); !strings.Contains(got, want) {
			t.Errorf("%s says %q, want %q", path, got, want)
		}
	}
}

func TestFewPackagesNeedNoSearch(t *testing.T) {
	if visitor.Anna(t).Get("/account").Find("form.search").Length() != 0 {
		t.Error("three packages have a search")
	}
	if visitor.Anna(t).Get("/account?q=alt").Find("form.search input[value=alt]").Length() != 1 {
		t.Error("the search lost its text")
	}
}

func TestTheOverviewTellsWhenTheRunningTermCannotBeTheLast(t *testing.T) {
	w := visitor.Anna(t) // on 23 November the notice of three months for 31 December is too late
	w.Only(customer.Package{ID: "P-1", Number: "10000017", Product: "shop", ContractStart: "2020-01-01", TermMonths: 12, NoticePeriodMonths: 3})
	if got := w.Get("/account?sort=end").Text("tbody [data-label^=Vertrag]"); got != "31.12.2026 kündbar zum 31.12.2027" {
		t.Errorf("the row says %q", got)
	}
}
