package overview_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

func TestOnTheCloudManyPackagesOfSeveralNumbersStayUsable(t *testing.T) {
	v := visitor.OnCloud(t)
	member := localtest.Customer(t, "").Number
	merged := v.Own()
	merged.Members = []string{member}
	v.Put(customer.Update(v.Store.Names, v.Own(), merged))
	var items []types.TransactWriteItem
	for i := range 120 {
		number := []string{v.Number, member}[i%2]
		items = append(items, customer.PutPackage(v.Store.Names, customer.Package{ID: fmt.Sprintf("P%s-%04d", v.Number, i), Number: number,
			Product: "hosting", Domains: []string{fmt.Sprintf("d%d-%s.example", i, v.Number)}, ContractStart: "2020-01-31", TermMonths: 12})...)
	}
	v.Put(items...)
	var seen []string
	for path, pages := "/account", 0; path != ""; pages++ {
		a := v.Get(path)
		if a.Status != http.StatusOK || a.Text("#pakete") != "Ihre Pakete (120)" || pages > 3 {
			t.Fatalf("%s: status %d, heading %q", path, a.Status, a.Text("#pakete"))
		}
		a.Find("tbody th a").Each(func(_ int, link *goquery.Selection) { seen = append(seen, link.Text()) })
		path, _, _ = strings.Cut(a.Find("a[rel=next]").AttrOr("href", ""), "#")
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 120 || len(seen) != 120 {
		t.Errorf("%d packages were shown on all pages", len(seen))
	}
	if a := v.Get("/account?q=" + url.QueryEscape(" HTTP://D77-"+v.Number)); a.Text("#pakete") != "Ihre Pakete (1 gefunden)" {
		t.Errorf("search finds %q", a.Text("#pakete"))
	}
	if a := v.Get("/account/packages/P" + v.Number + "-0001"); a.Status != http.StatusOK || !strings.Contains(a.Text("main"), member) {
		t.Errorf("a member's package: %d %s", a.Status, a.Text("main"))
	}
	if a := visitor.OnCloud(t).Get("/account/packages/P" + v.Number + "-0001"); a.Status != http.StatusNotFound {
		t.Errorf("another customer sees it: %d (S11)", a.Status)
	}
}

func TestOnTheCloudSettingsOfEachProductAreSavedAndFound(t *testing.T) {
	v := visitor.OnCloud(t)
	ids := v.HasPackages()
	for kind, fields := range map[string]url.Values{
		"hosting": {"phpVersion": {"8.5"}, "httpsRedirect": {"false"}, "displayName": {"Mein BLOG"}},
		"server":  {"reverseDns": {"server1.schaefer.example"}, "backupNotification": {"always"}},
		"shop":    {"language": {"fr"}, "maintenanceMode": {"true"}},
	} {
		path := "/account/packages/" + ids[kind]
		if a := v.Post(path+"/settings", fields); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: status %d: %s", kind, a.Status, a.Text("main"))
		}
		p := v.Package(ids[kind])
		for name := range fields {
			if p.Settings[name] != fields.Get(name) {
				t.Errorf("%s: %s is %q", kind, name, p.Settings[name])
			}
		}
		if p.SettingsVersion != 1 || p.Tariff != "M" || len(p.Domains) != 1 || v.Own().Version != 1 {
			t.Errorf("the package is %+v, the profile has version %d (a setting makes no order stale)", p, v.Own().Version)
		}
		item, err := v.Store.Get(t.Context(), v.Store.Names.Outbox, table.Outbox(table.OutboxID(outbox.PackageChanged, ids[kind]+"#1")))
		if err != nil || item == nil {
			t.Errorf("%s: there is no event: %v", kind, err)
		}
	}
	if a := v.Get("/account?q=blog"); a.Text("#pakete") != "Ihre Pakete (1 gefunden)" || !strings.Contains(a.Text("tbody"), "Mein BLOG") {
		t.Errorf("the search by name says %q %q", a.Text("#pakete"), a.Text("tbody"))
	}
	imported := v.Package(ids["hosting"])
	imported.Tariff, imported.Settings, imported.TermMonths = "L", nil, 0
	v.Put(customer.PutPackage(v.Store.Names, imported)...)
	if p := v.Package(ids["hosting"]); p.Tariff != "L" || p.TermMonths != 0 || p.Settings["phpVersion"] != "8.5" || p.SettingsVersion != 1 {
		t.Errorf("after an import the package is %+v (M1)", p)
	}
}

func TestOnTheCloudSettingsOfAStrangerOrUnderAMergedNumberAreRefused(t *testing.T) {
	v, stranger := visitor.OnCloud(t), visitor.OnCloud(t)
	id := v.HasPackages()["shop"]
	path := "/account/packages/" + id + "/settings"
	if a := stranger.Post(path, url.Values{"language": {"fr"}}); a.Status != http.StatusNotFound {
		t.Errorf("a stranger: %d (S11)", a.Status)
	}
	survivor := stranger.Own()
	survivor.Members = []string{v.Number}
	merged := v.Own()
	merged.MergedInto = stranger.Number
	own := v.Own()
	v.Put(customer.Update(v.Store.Names, stranger.Own(), survivor), customer.Update(v.Store.Names, v.Own(), merged))
	for name, items := range map[string][]types.TransactWriteItem{
		"the merged number itself":   {customer.CheckOwns(v.Store.Names, own, v.Number)},
		"a number that is no member": {customer.CheckOwns(v.Store.Names, stranger.Own(), localtest.Number(t))},
	} {
		if err := v.Store.Transact(t.Context(), items, ""); !errors.Is(err, table.ErrCondition) {
			t.Errorf("%s may write: %v (S12)", name, err)
		}
	}
	if a := v.Post(path, url.Values{"language": {"fr"}}); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/login") {
		t.Errorf("the session of the merged number: %d to %s (S8)", a.Status, a.Location)
	}
	if a := stranger.Post(path, url.Values{"language": {"fr"}}); a.Status != http.StatusSeeOther || v.Package(id).Settings["language"] != "fr" {
		t.Errorf("the survivor: %d %s", a.Status, a.Text("main"))
	}
}
