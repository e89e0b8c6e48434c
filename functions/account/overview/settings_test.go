package overview_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kundenkonto/functions/account/area"
	"kundenkonto/functions/account/overview"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/product"
	"kundenkonto/shared/web"
)

func annaWithShop(t *testing.T) *visitor.Visitor {
	t.Helper()
	w := visitor.Anna(t)
	w.HoldShop()
	return w
}

// settingsForm is the form of a package as a browser would send it.
func settingsForm(w *visitor.Visitor, id string, replaced ...string) url.Values {
	w.T.Helper()
	return w.Get("/account/packages/"+id).Filled(`form[action="/account/packages/`+id+`/settings"]`, replaced...)
}

func TestEachProductHasItsSettings(t *testing.T) {
	for kind, want := range map[string]string{
		product.Hosting: "displayName= httpsRedirect=true phpVersion=8.4 version=0",
		product.Server:  "backupNotification=failed displayName= reverseDns= version=0",
		product.Shop:    "displayName= language=de maintenanceMode=false version=0",
	} {
		fields := settingsForm(annaWithShop(t), visitor.One[kind])
		var got []string
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			got = append(got, name+"="+fields.Get(name))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s shows %s, want %s", kind, got, want)
		}
		w := annaWithShop(t)
		if a := w.Post("/account/packages/"+visitor.One[kind]+"/settings", fields); a.Location != "/account/packages/"+visitor.One[kind]+"?done=nothing" || w.Writes() != 0 {
			t.Errorf("%s sent back unchanged: %d to %q, %d writes", kind, a.Status, a.Location, w.Writes())
		}
	}
}

func TestSettingsAreSavedWithAuditAndEvent(t *testing.T) {
	w := annaWithShop(t)
	a := w.Post("/account/packages/P-1002/settings", settingsForm(w, "P-1002", "phpVersion", "8.5", "displayName", " Mein  Blog "))
	if a.Status != http.StatusSeeOther || a.Location != "/account/packages/P-1002?done=settings" || w.Writes() != 1 {
		t.Fatalf("%d to %q, writes %d\n%s", a.Status, a.Location, w.Writes(), a.Text("main"))
	}
	if got := w.Package("P-1002").Settings; !maps.Equal(got, map[string]string{"phpVersion": "8.5", "displayName": "Mein Blog"}) {
		t.Errorf("stored are %v: only what was changed", got)
	}
	if events := w.Events(); len(events) != 1 || events[0].Action != "package-settings.changed" || events[0].Number != visitor.Number {
		t.Errorf("the audit events are %v (M10)", events)
	}
	if out := w.Told()["package-settings.changed"]; out.ID != "package-settings.changed#P-1002#1" {
		t.Errorf("the outbox item is %v (M9)", out)
	}
	for done, want := range map[string]string{"settings": "Die Einstellungen sind gespeichert.", "nothing": "Sie haben nichts geändert.", "lottery": ""} {
		if got := w.Get("/account/packages/P-1002?done=" + done).Text(".notice"); !strings.HasSuffix(got, want) || (want == "") != (got == "") {
			t.Errorf("done=%s says %q", done, got)
		}
	}
}

func TestSettingsComeAsJSONToo(t *testing.T) {
	w := annaWithShop(t)
	got := w.Get("/account/packages/P-1004", "Accept", "application/json").Body
	if !strings.Contains(got, `"settings":{"displayName":"","language":"de","maintenanceMode":"false"},"settingsVersion":0`) {
		t.Errorf("the package is %s", got)
	}
	if a := w.PostJSON("/account/packages/P-1004/settings", `{"maintenanceMode":true}`); a.Status != http.StatusSeeOther || w.Writes() != 1 {
		t.Errorf("one setting as JSON without a version: %d %s", a.Status, a.Body)
	}
}

// roomWith lets the visitor see the room alone, with packages that can be set to other things.
func roomWith(t *testing.T, w *visitor.Visitor, settings product.Table) overview.Room {
	t.Helper()
	room := overview.Room{Deps: area.DepsOf(w.Watched)}
	room.Products = settings
	pages, err := web.ParsePages(overview.Pages, form.Partials, cancellation.Partials)
	if err != nil {
		t.Fatal(err)
	}
	w.Site = web.NewApp(w.Config(), pages, room.Routes())
	return room
}

func TestOneMoreLineIsOneMoreSettingEverywhere(t *testing.T) {
	w := annaWithShop(t)
	more := maps.Clone(product.Settings)
	more[product.Server] = append(slices.Clone(more[product.Server]), product.Setting{Name: "rescueMode",
		Label: lang.T("Rettungssystem"), Choices: []product.Choice{{Value: "off", Words: lang.T("Aus")}, {Value: "on", Words: lang.T("An")}}, Default: "off"})
	room := roomWith(t, w, more)
	if got := w.Get("/account/packages/P-1001").Text("fieldset:has([name=rescueMode]) legend"); got != "Rettungssystem" {
		t.Errorf("the page says %q", got)
	}
	if got := w.Get("/account/packages/P-1001", "Accept", "application/json").Body; !strings.Contains(got, `"rescueMode":"off"`) {
		t.Errorf("JSON is %s", got)
	}
	if a := w.Post("/account/packages/P-1001/settings", url.Values{"rescueMode": {"perhaps"}}); a.Status != 422 || a.Find("#f-rescueMode-error").Length() != 1 {
		t.Errorf("a wrong value: %d", a.Status)
	}
	if a := w.Post("/account/packages/P-1001/settings", url.Values{"rescueMode": {"on"}}); a.Status != 303 || w.Writes() != 1 {
		t.Errorf("a right value: %d", a.Status)
	}
	described := slices.ContainsFunc(room.Routes(), func(r web.Route) bool {
		return slices.ContainsFunc(r.Fields, func(f web.Field) bool { return f.Name == "rescueMode" })
	})
	if !described {
		t.Error("no route, and so no document, names it")
	}
}

func TestWrongSettingsAreNamedAndKept(t *testing.T) {
	w := annaWithShop(t)
	a := w.Post("/account/packages/P-1001/settings", settingsForm(w, "P-1001", "reverseDns", "kein name", "displayName", "Büro"))
	if a.Status != 422 || w.Writes() != 0 || !strings.Contains(a.Text("#f-reverseDns-error"), "kein vollständiger Rechnername") {
		t.Fatalf("status %d, %d writes, %s", a.Status, w.Writes(), a.Text("main"))
	}
	if got := a.Find("#f-reverseDns").AttrOr("value", "") + a.Find("#f-displayName").AttrOr("value", ""); got != "kein nameBüro" {
		t.Errorf("the entry became %q", got)
	}
	if a = w.Post("/account/packages/P-1001/settings", url.Values{"version": {"x"}, "displayName": {"Büro"}}); a.Status != 422 {
		t.Errorf("a version that is no number: %d", a.Status)
	}
}

func TestSettingsOfAnotherWindowAreNotOverwritten(t *testing.T) {
	w := annaWithShop(t)
	fields := settingsForm(w, "P-1002", "phpVersion", "8.5")
	w.Set("P-1002", map[string]string{"phpVersion": "8.3"})
	a := w.Post("/account/packages/P-1002/settings", fields)
	if a.Status != http.StatusConflict || w.Writes() != 0 || !strings.Contains(a.Text("#f-phpVersion-error"), "jetzt ist „8.3“ gespeichert") {
		t.Fatalf("status %d, %d writes: %s", a.Status, w.Writes(), a.Text(".error-summary"))
	}
	again := url.Values{"phpVersion": {a.Find("[name=phpVersion] option[selected]").AttrOr("value", "")}, "version": {a.Find("[name=version]").AttrOr("value", "")}}
	if a = w.Post("/account/packages/P-1002/settings", again); a.Status != 303 || w.Writes() != 1 {
		t.Errorf("saved once more: %d with %v", a.Status, again)
	}
}

func TestSettingsOfOthersAndOfEndedPackagesAreRefused(t *testing.T) {
	w := annaWithShop(t)
	w.GiveAway("P-1001", "10000099")
	for id, status := range map[string]int{"P-1001": 404, "P-none": 404, "P-1003": 409} {
		if a := w.Post("/account/packages/"+id+"/settings", url.Values{"displayName": {"Fremd"}}); a.Status != status || w.Writes() != 0 {
			t.Errorf("%s answered %d, want %d (S11)", id, a.Status, status)
		}
	}
	if w.Get("/account/packages/P-1003").Find("form[action$=settings]").Length() != 0 {
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
		w.Meanwhile(visitor.Saves, func() { w.Is(alter) })
		a := w.Post("/account/packages/P-1002/settings", url.Values{"displayName": {"Büro"}})
		if a.Status < 400 && a.Location != "/login" || w.Package("P-1002").Settings != nil || len(w.Events()) != 0 {
			t.Errorf("%s: %d to %q, stored %v", name, a.Status, a.Location, w.Package("P-1002").Settings)
		}
	}
	w := annaWithShop(t)
	var busy func()
	busy = func() {
		w.Set("P-1001", map[string]string{"displayName": fmt.Sprint("Name ", w.Package("P-1001").SettingsVersion)})
		w.Meanwhile(visitor.Saves, busy)
	}
	w.Meanwhile(visitor.Saves, busy)
	if a := w.Post("/account/packages/P-1001/settings", url.Values{"displayName": {"Büro"}}); a.Status != http.StatusServiceUnavailable {
		t.Errorf("a package that keeps changing: %d (L1)", a.Status)
	}
}

func TestTheNameOfAPackageStandsInTheOverview(t *testing.T) {
	w := annaWithShop(t)
	w.Set("P-1001", map[string]string{"displayName": "<b>Büro</b>"})
	a := w.Get("/account")
	if got := a.Text("tbody tr:first-child th"); got != "<b>Büro</b> schaefer.example + 1 weitere" {
		t.Errorf("the row says %q (S19)", got)
	}
	if link := a.Find("tbody tr:first-child td.action a"); link.AttrOr("href", "") != "/account/packages/P-1001#einstellungen" || !strings.HasPrefix(link.Text(), "Einstellungen") {
		t.Errorf("the link is %q", link.AttrOr("href", ""))
	}
	if a.Find("tbody tr:nth-child(3) td.action a").Length() != 0 {
		t.Error("an ended package has settings")
	}
}
