package account

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/product"
	"kundenkonto/shared/web"
)

// one is a package of each product.
var one = map[string]string{product.Server: "P-1001", product.Hosting: "P-1002", product.Shop: "P-1004"}

func annaWithShop(t *testing.T) *account {
	w := anna(t)
	w.Hold(customer.Package{ID: "P-1004", Number: "10000017", Product: "shop", Domains: []string{"laden.example"}, ContractStart: "2020-01-01"})
	return w
}

// shownSettings is the form of a package as a browser would send it.
func shownSettings(t *testing.T, w *account, id string, kv ...string) url.Values {
	t.Helper()
	fields := url.Values{}
	form := w.get(t, "/account/packages/"+id).doc.Find(`form[action="/account/packages/` + id + `/settings"]`)
	for _, s := range product.Settings.All() {
		input := form.Find(`[name="` + s.Name + `"]`)
		switch {
		case input.Length() == 0:
			continue
		case input.Is("select"):
			fields.Set(s.Name, input.Find("option[selected]").AttrOr("value", ""))
		case input.Is("[type=radio]"):
			fields.Set(s.Name, input.Filter("[checked]").AttrOr("value", ""))
		default:
			fields.Set(s.Name, input.AttrOr("value", ""))
		}
	}
	fields.Set("version", form.Find("[name=version]").AttrOr("value", ""))
	for i := 0; i < len(kv); i += 2 {
		fields.Set(kv[i], kv[i+1])
	}
	return fields
}

func TestEachProductHasItsSettings(t *testing.T) {
	for kind, want := range map[string]string{
		product.Hosting: "displayName= httpsRedirect=true phpVersion=8.4 version=0",
		product.Server:  "backupNotification=failed displayName= reverseDns= version=0",
		product.Shop:    "displayName= language=de maintenanceMode=false version=0",
	} {
		fields := shownSettings(t, annaWithShop(t), one[kind])
		var got []string
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			got = append(got, name+"="+fields.Get(name))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s shows %s, want %s", kind, got, want)
		}
		w := annaWithShop(t)
		if a := w.postTo(t, packagePath(one[kind])+"/settings", fields); a.Header().Get("Location") != packagePath(one[kind])+"?done=nothing" || w.writes() != 0 {
			t.Errorf("%s sent back unchanged: %d to %q, %d writes", kind, a.Code, a.Header().Get("Location"), w.writes())
		}
	}
}

func TestSettingsAreSavedWithAuditAndEvent(t *testing.T) {
	w := annaWithShop(t)
	a := w.postTo(t, "/account/packages/P-1002/settings", shownSettings(t, w, "P-1002", "phpVersion", "8.5", "displayName", " Mein  Blog "))
	if a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/account/packages/P-1002?done=settings" || w.writes() != 1 {
		t.Fatalf("%d to %q, writes %d\n%s", a.Code, a.Header().Get("Location"), w.writes(), a.text("main"))
	}
	if got := w.pack("P-1002").Settings; !maps.Equal(got, map[string]string{"phpVersion": "8.5", "displayName": "Mein Blog"}) {
		t.Errorf("stored are %v: only what was changed", got)
	}
	if events := w.Events(); len(events) != 1 || events[0].Action != "package-settings.changed" || events[0].Number != ownNumber {
		t.Errorf("the audit events are %v (M10)", events)
	}
	if out := w.told()["package-settings.changed"]; out.ID != "package-settings.changed#P-1002#1" {
		t.Errorf("the outbox item is %v (M9)", out)
	}
	for done, want := range map[string]string{"settings": "Die Einstellungen sind gespeichert.", "nothing": "Sie haben nichts geändert.", "lottery": ""} {
		if got := w.get(t, "/account/packages/P-1002?done="+done).text(".notice"); !strings.HasSuffix(got, want) || (want == "") != (got == "") {
			t.Errorf("done=%s says %q", done, got)
		}
	}
}

func TestSettingsComeAsJSONToo(t *testing.T) {
	w := annaWithShop(t)
	got := w.get(t, "/account/packages/P-1004", "Accept", "application/json").Body.String()
	if !strings.Contains(got, `"settings":{"displayName":"","language":"de","maintenanceMode":"false"},"settingsVersion":0`) {
		t.Errorf("the package is %s", got)
	}
	r := newJSON("/account/packages/P-1004/settings", `{"maintenanceMode":true}`)
	if a := w.do(t, r, nil); a.Code != http.StatusSeeOther || w.writes() != 1 {
		t.Errorf("one setting as JSON without a version: %d %s", a.Code, a.Body)
	}
}

func TestOneMoreLineIsOneMoreSettingEverywhere(t *testing.T) {
	w := annaWithShop(t)
	w.products = maps.Clone(product.Settings)
	w.products[product.Server] = append(slices.Clone(w.products[product.Server]), product.Setting{Name: "rescueMode",
		Label: lang.T("Rettungssystem"), Choices: []product.Choice{{Value: "off", Words: lang.T("Aus")}, {Value: "on", Words: lang.T("An")}}, Default: "off"})
	w.serve()
	if got := w.get(t, "/account/packages/P-1001").text("fieldset:has([name=rescueMode]) legend"); got != "Rettungssystem" {
		t.Errorf("the page says %q", got)
	}
	if got := w.get(t, "/account/packages/P-1001", "Accept", "application/json").Body.String(); !strings.Contains(got, `"rescueMode":"off"`) {
		t.Errorf("JSON is %s", got)
	}
	if a := w.postTo(t, "/account/packages/P-1001/settings", url.Values{"rescueMode": {"perhaps"}}); a.Code != 422 || a.doc.Find("#f-rescueMode-error").Length() != 1 {
		t.Errorf("a wrong value: %d", a.Code)
	}
	if a := w.postTo(t, "/account/packages/P-1001/settings", url.Values{"rescueMode": {"on"}}); a.Code != 303 || w.writes() != 1 {
		t.Errorf("a right value: %d", a.Code)
	}
	described := slices.ContainsFunc(routes(area.Deps{Products: w.products}), func(r web.Route) bool {
		return slices.ContainsFunc(r.Fields, func(f web.Field) bool { return f.Name == "rescueMode" })
	})
	if !described {
		t.Error("no route, and so no document, names it")
	}
}

func TestWrongSettingsAreNamedAndKept(t *testing.T) {
	w := annaWithShop(t)
	a := w.postTo(t, "/account/packages/P-1001/settings", shownSettings(t, w, "P-1001", "reverseDns", "kein name", "displayName", "Büro"))
	if a.Code != 422 || w.writes() != 0 || !strings.Contains(a.text("#f-reverseDns-error"), "kein vollständiger Rechnername") {
		t.Fatalf("status %d, %d writes, %s", a.Code, w.writes(), a.text("main"))
	}
	if got := a.doc.Find("#f-reverseDns").AttrOr("value", "") + a.doc.Find("#f-displayName").AttrOr("value", ""); got != "kein nameBüro" {
		t.Errorf("the entry became %q", got)
	}
	if a = w.postTo(t, "/account/packages/P-1001/settings", url.Values{"version": {"x"}, "displayName": {"Büro"}}); a.Code != 422 {
		t.Errorf("a version that is no number: %d", a.Code)
	}
}

func TestSettingsOfAnotherWindowAreNotOverwritten(t *testing.T) {
	w := annaWithShop(t)
	fields := shownSettings(t, w, "P-1002", "phpVersion", "8.5")
	w.set("P-1002", map[string]string{"phpVersion": "8.3"})
	a := w.postTo(t, "/account/packages/P-1002/settings", fields)
	if a.Code != http.StatusConflict || w.writes() != 0 || !strings.Contains(a.text("#f-phpVersion-error"), "jetzt ist „8.3“ gespeichert") {
		t.Fatalf("status %d, %d writes: %s", a.Code, w.writes(), a.text(".error-summary"))
	}
	again := url.Values{"phpVersion": {a.doc.Find("[name=phpVersion] option[selected]").AttrOr("value", "")}, "version": {a.doc.Find("[name=version]").AttrOr("value", "")}}
	if a = w.postTo(t, "/account/packages/P-1002/settings", again); a.Code != 303 || w.writes() != 1 {
		t.Errorf("saved once more: %d with %v", a.Code, again)
	}
}

func TestSettingsOfOthersAndOfEndedPackagesAreRefused(t *testing.T) {
	w := annaWithShop(t)
	w.giveAway("P-1001", "10000099")
	for id, status := range map[string]int{"P-1001": 404, "P-none": 404, "P-1003": 409} {
		if a := w.postTo(t, "/account/packages/"+id+"/settings", url.Values{"displayName": {"Fremd"}}); a.Code != status || w.writes() != 0 {
			t.Errorf("%s answered %d, want %d (S11)", id, a.Code, status)
		}
	}
	if w.get(t, "/account/packages/P-1003").doc.Find("form[action$=settings]").Length() != 0 {
		t.Error("an ended package has a form")
	}
}

func TestASessionThatEndedMeanwhileSavesNothing(t *testing.T) {
	for name, alter := range map[string]func(*customer.Profile){ // S8, S11, S12
		"the own number was merged":         func(p *customer.Profile) { p.MergedInto = "10000099" },
		"a new password ended the session":  func(p *customer.Profile) { p.Epoch++ },
		"the package's number went its way": func(p *customer.Profile) { p.Members = nil },
	} {
		w := annaWithShop(t)
		w.Meanwhile(saves, func() { w.is(alter) })
		a := w.postTo(t, "/account/packages/P-1002/settings", url.Values{"displayName": {"Büro"}})
		if a.Code < 400 && a.Header().Get("Location") != "/login" || w.pack("P-1002").Settings != nil || len(w.Events()) != 0 {
			t.Errorf("%s: %d to %q, stored %v", name, a.Code, a.Header().Get("Location"), w.pack("P-1002").Settings)
		}
	}
	w := annaWithShop(t)
	var busy func()
	busy = func() {
		w.set("P-1001", map[string]string{"displayName": fmt.Sprint("Name ", w.pack("P-1001").SettingsVersion)})
		w.Meanwhile(saves, busy)
	}
	w.Meanwhile(saves, busy)
	if a := w.postTo(t, "/account/packages/P-1001/settings", url.Values{"displayName": {"Büro"}}); a.Code != http.StatusServiceUnavailable {
		t.Errorf("a package that keeps changing: %d (L1)", a.Code)
	}
}

func TestTheNameOfAPackageStandsInTheOverview(t *testing.T) {
	w := annaWithShop(t)
	w.set("P-1001", map[string]string{"displayName": "<b>Büro</b>"})
	a := w.get(t, "/account")
	if got := a.text("tbody tr:first-child th"); got != "<b>Büro</b> schaefer.example + 1 weitere" {
		t.Errorf("the row says %q (S19)", got)
	}
	if link := a.doc.Find("tbody tr:first-child td.action a"); link.AttrOr("href", "") != "/account/packages/P-1001#einstellungen" || !strings.HasPrefix(link.Text(), "Einstellungen") {
		t.Errorf("the link is %q", link.AttrOr("href", ""))
	}
	if a.doc.Find("tbody tr:nth-child(3) td.action a").Length() != 0 {
		t.Error("an ended package has settings")
	}
}
