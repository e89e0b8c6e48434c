package account

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/product"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// one is a package of each product.
var one = map[string]string{product.Server: "P-1001", product.Hosting: "P-1002", product.Shop: "P-1004"}

func annaWithShop() *world {
	w := anna()
	w.packages = append(w.packages, customer.Package{ID: "P-1004", Number: "10000017", Product: "shop", Domains: []string{"laden.example"}, ContractStart: "2020-01-01"})
	return w
}

// shownSettings is the form of a package as a browser would send it.
func shownSettings(t *testing.T, w *world, id string, kv ...string) url.Values {
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
		fields := shownSettings(t, annaWithShop(), one[kind])
		var got []string
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			got = append(got, name+"="+fields.Get(name))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s shows %s, want %s", kind, got, want)
		}
		w := annaWithShop()
		if a := w.postTo(t, packagePath(one[kind])+"/settings", fields); a.Header().Get("Location") != packagePath(one[kind])+"?done=nothing" || len(w.writes) != 0 {
			t.Errorf("%s sent back unchanged: %d to %q, %d writes", kind, a.Code, a.Header().Get("Location"), len(w.writes))
		}
	}
}

func TestSettingsAreSavedWithAuditAndEvent(t *testing.T) {
	w := annaWithShop()
	a := w.postTo(t, "/account/packages/P-1002/settings", shownSettings(t, w, "P-1002", "phpVersion", "8.5", "displayName", " Mein  Blog "))
	if a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/account/packages/P-1002?done=settings" || len(w.writes) != 1 || len(w.writes[0]) != 5 {
		t.Fatalf("%d to %q, writes %d\n%s", a.Code, a.Header().Get("Location"), len(w.writes), a.text("main"))
	}
	check, update, event, out := w.writes[0][0].ConditionCheck, w.writes[0][1].Update, w.writes[0][2].Put.Item, w.writes[0][3].Put.Item
	if table.String(check.Key, "pk") != "C#10000017" || !strings.Contains(*check.ConditionExpression, "attribute_not_exists(mergedInto)") ||
		!strings.Contains(*check.ConditionExpression, "contains(members, :number)") || table.String(check.ExpressionAttributeValues, ":number") != "10000023" {
		t.Errorf("the check is %+v (S11, S12)", check)
	}
	if table.String(update.Key, "pk") != "C#10000023" || !strings.Contains(*update.ConditionExpression, "settingsVersion") {
		t.Errorf("the update is %+v", update)
	}
	settings := update.ExpressionAttributeValues[":settings"].(*types.AttributeValueMemberM).Value
	if len(settings) != 2 || table.String(settings, "phpVersion") != "8.5" || table.String(settings, "displayName") != "Mein Blog" {
		t.Errorf("stored are %v: only what was changed", settings)
	}
	if table.String(event, "action") != "package-settings.changed" || table.String(event, "number") != "10000017" {
		t.Errorf("the audit event is %v (M10)", event)
	}
	if table.String(out, "pk") != "package-settings.changed#P-1002#1" {
		t.Errorf("the outbox item is %v (M9)", out)
	}
	for done, want := range map[string]string{"settings": "Die Einstellungen sind gespeichert.", "nothing": "Sie haben nichts geändert.", "lottery": ""} {
		if got := w.get(t, "/account/packages/P-1002?done="+done).text(".notice"); !strings.HasSuffix(got, want) || (want == "") != (got == "") {
			t.Errorf("done=%s says %q", done, got)
		}
	}
}

func TestSettingsComeAsJSONToo(t *testing.T) {
	w := annaWithShop()
	got := w.get(t, "/account/packages/P-1004", "Accept", "application/json").Body.String()
	if !strings.Contains(got, `"settings":{"displayName":"","language":"de","maintenanceMode":"false"},"settingsVersion":0`) {
		t.Errorf("the package is %s", got)
	}
	r := newJSON("/account/packages/P-1004/settings", `{"maintenanceMode":true}`)
	if a := w.do(t, r, nil); a.Code != http.StatusSeeOther || len(w.writes) != 1 {
		t.Errorf("one setting as JSON without a version: %d %s", a.Code, a.Body)
	}
}

func TestOneMoreLineIsOneMoreSettingEverywhere(t *testing.T) {
	w := annaWithShop()
	w.products = maps.Clone(product.Settings)
	w.products[product.Server] = append(slices.Clone(w.products[product.Server]), product.Setting{Name: "rescueMode",
		Label: lang.T("Rettungssystem"), Choices: []product.Choice{{Value: "off", Words: lang.T("Aus")}, {Value: "on", Words: lang.T("An")}}, Default: "off"})
	if got := w.get(t, "/account/packages/P-1001").text("fieldset:has([name=rescueMode]) legend"); got != "Rettungssystem" {
		t.Errorf("the page says %q", got)
	}
	if got := w.get(t, "/account/packages/P-1001", "Accept", "application/json").Body.String(); !strings.Contains(got, `"rescueMode":"off"`) {
		t.Errorf("JSON is %s", got)
	}
	if a := w.postTo(t, "/account/packages/P-1001/settings", url.Values{"rescueMode": {"perhaps"}}); a.Code != 422 || a.doc.Find("#f-rescueMode-error").Length() != 1 {
		t.Errorf("a wrong value: %d", a.Code)
	}
	if a := w.postTo(t, "/account/packages/P-1001/settings", url.Values{"rescueMode": {"on"}}); a.Code != 303 || len(w.writes) != 1 {
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
	w := annaWithShop()
	a := w.postTo(t, "/account/packages/P-1001/settings", shownSettings(t, w, "P-1001", "reverseDns", "kein name", "displayName", "Büro"))
	if a.Code != 422 || len(w.writes) != 0 || !strings.Contains(a.text("#f-reverseDns-error"), "kein vollständiger Rechnername") {
		t.Fatalf("status %d, %d writes, %s", a.Code, len(w.writes), a.text("main"))
	}
	if got := a.doc.Find("#f-reverseDns").AttrOr("value", "") + a.doc.Find("#f-displayName").AttrOr("value", ""); got != "kein nameBüro" {
		t.Errorf("the entry became %q", got)
	}
	if a = w.postTo(t, "/account/packages/P-1001/settings", url.Values{"version": {"x"}, "displayName": {"Büro"}}); a.Code != 422 {
		t.Errorf("a version that is no number: %d", a.Code)
	}
}

func TestSettingsOfAnotherWindowAreNotOverwritten(t *testing.T) {
	w := annaWithShop()
	fields := shownSettings(t, w, "P-1002", "phpVersion", "8.5")
	w.packages[1].Settings, w.packages[1].SettingsVersion = map[string]string{"phpVersion": "8.3"}, 1
	a := w.postTo(t, "/account/packages/P-1002/settings", fields)
	if a.Code != http.StatusConflict || len(w.writes) != 0 || !strings.Contains(a.text("#f-phpVersion-error"), "jetzt ist „8.3“ gespeichert") {
		t.Fatalf("status %d, %d writes: %s", a.Code, len(w.writes), a.text(".error-summary"))
	}
	again := url.Values{"phpVersion": {a.doc.Find("[name=phpVersion] option[selected]").AttrOr("value", "")}, "version": {a.doc.Find("[name=version]").AttrOr("value", "")}}
	if a = w.postTo(t, "/account/packages/P-1002/settings", again); a.Code != 303 || len(w.writes) != 1 {
		t.Errorf("saved once more: %d with %v", a.Code, again)
	}
}

func TestSettingsOfOthersAndOfEndedPackagesAreRefused(t *testing.T) {
	w := annaWithShop()
	w.packages[0].Number = "10000099"
	for id, status := range map[string]int{"P-1001": 404, "P-none": 404, "P-1003": 409} {
		if a := w.postTo(t, "/account/packages/"+id+"/settings", url.Values{"displayName": {"Fremd"}}); a.Code != status || len(w.writes) != 0 {
			t.Errorf("%s answered %d, want %d (S11)", id, a.Code, status)
		}
	}
	if w.get(t, "/account/packages/P-1003").doc.Find("form[action$=settings]").Length() != 0 {
		t.Error("an ended package has a form")
	}
}

func TestASessionThatEndedMeanwhileSavesNothing(t *testing.T) {
	failed := "ConditionalCheckFailed"
	w := annaWithShop()
	w.fail = &table.Cancelled{Reasons: []types.CancellationReason{{Code: &failed}, {}, {}, {}}}
	w.now = w.profile
	w.now.MergedInto = "10000099"
	if a := w.postTo(t, "/account/packages/P-1001/settings", url.Values{"displayName": {"Büro"}}); a.Header().Get("Location") != "/login" {
		t.Errorf("%d to %q (S8)", a.Code, a.Header().Get("Location"))
	}
	w.now = customer.Profile{}
	if a := w.postTo(t, "/account/packages/P-1001/settings", url.Values{"displayName": {"Büro"}}); a.Code != http.StatusServiceUnavailable {
		t.Errorf("a package that keeps changing: %d (L1)", a.Code)
	}
}

func TestTheNameOfAPackageStandsInTheOverview(t *testing.T) {
	w := annaWithShop()
	w.packages[0].Settings = map[string]string{"displayName": "<b>Büro</b>"}
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
