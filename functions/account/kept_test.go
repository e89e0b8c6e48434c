package account_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

// idle lets the session of the visitor end by its idle limit.
func idle(v *visitor.Visitor) {
	v.T.Helper()
	s, _, err := session.Store{Store: v.Store}.Load(v.T.Context(), v.Cookies[session.Cookie], time.Now())
	if err != nil {
		v.T.Fatal(err)
	}
	s.LastUsed = time.Now().Add(-session.Idle)
	v.Put(session.Put(v.Store.Names, s))
}

// signInAgain is the sign-in after the session ended; the kept cookie stays in the browser.
func signInAgain(v *visitor.Visitor) *world.Browser {
	v.T.Helper()
	again := v.Another("")
	again.Cookies[session.KeptCookie] = v.Cookies[session.KeptCookie]
	return again
}

// keeps looks at what the browser is told to keep, and returns where it is led.
func keeps(v *visitor.Visitor, a world.Page) string {
	v.T.Helper()
	for _, c := range a.Given() {
		if c.Name == session.KeptCookie && c.MaxAge > 0 && (!c.HttpOnly || !c.Secure || c.MaxAge != 1800) {
			v.T.Errorf("the cookie is %v", c)
		}
	}
	to, err := url.Parse(a.Location)
	if err != nil || a.Status != http.StatusSeeOther || to.Path != "/login" {
		v.T.Fatalf("%d to %q, %v", a.Status, to, err)
	}
	return to.Query().Get("next")
}

// entered is a form with bank data and a password.
var entered = url.Values{"version": {"1"}, "street": {"Neue Straße 1"}, "country": {"AT"}, "postalCode": {"1010"}, "city": {"Wien"},
	"iban": {"DE02120300000000202051"}, "currentPassword": {visitor.Password}, "return": {"/merge"}, "unknown": {"x"}}

func TestOnTheCloudSigningInAgainBringsTheFormBackWithItsInput(t *testing.T) { // S9
	v := visitor.OnCloud(t)
	idle(v)
	next := keeps(v, v.Post(form.Path, entered))
	if next != form.Path+"?return=%2Fmerge" || v.Cookies[session.KeptCookie] == "" {
		t.Fatalf("next is %q (S9)", next)
	}
	if p := v.Own(); p.Version != 1 {
		t.Fatal("an ended session changed something (S10)")
	}
	again := signInAgain(v)
	a := again.Get(next)
	if a.Status != http.StatusOK || !strings.Contains(a.Text(".notice.info"), "Ihre Eingaben stehen wieder im Formular, gespeichert ist davon noch nichts") {
		t.Fatalf("%d %s", a.Status, a.Text("main"))
	}
	for field, want := range map[string]string{"street": "Neue Straße 1", "postalCode": "1010", "iban": "DE02120300000000202051", "currentPassword": "", "phone": "030 1234567"} {
		if got := a.Find("#f-"+field).AttrOr("value", ""); got != want {
			t.Errorf("%s is %q, want %q (S9)", field, got, want)
		}
	}
	if got := a.Find("select option[selected]").AttrOr("value", ""); got != "AT" {
		t.Errorf("the country is %q", got)
	}
	if p := v.Own(); p.Version != 1 || p.Street != "Hauptstr. 5" {
		t.Error("the form was sent by itself (S9)")
	}
	if a := again.Get(form.Path); a.Find("#f-street").AttrOr("value", "") != "Hauptstr. 5" {
		t.Error("the key opens it twice")
	}
}

func TestOnTheCloudAKeptFormRespectsWhatChangedMeanwhile(t *testing.T) {
	v := visitor.OnCloud(t)
	other := v.Another("")
	idle(v)
	next := keeps(v, v.Post(form.Path, url.Values{"version": {"1"}, "street": {"Neue Straße 1"}}))
	if a := other.Post(form.Path, url.Values{"version": {"1"}, "street": {"Andere Straße 9"}}); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	again := signInAgain(v)
	a := again.Get(next)
	version := a.Find("input[name=version]").AttrOr("value", "")
	if a := again.Post(form.Path, url.Values{"version": {version}, "street": {"Neue Straße 1"}}); a.Status != http.StatusConflict {
		t.Errorf("version %s: %d, something was overwritten silently (S12)", version, a.Status)
	}
}

func TestOnTheCloudSettingsComeBackAfterSigningInAgain(t *testing.T) { // S9
	v := visitor.OnCloud(t)
	id := v.HasPackages()["server"]
	idle(v)
	next := keeps(v, v.Post("/account/packages/"+id+"/settings", url.Values{"version": {"0"}, "displayName": {"Büroserver"},
		"reverseDns": {"kein name"}, "backupNotification": {"always"}}))
	if next != "/account/packages/"+id {
		t.Fatalf("leads back to %q", next)
	}
	a := signInAgain(v).Get(next)
	if got := a.Find("#f-displayName").AttrOr("value", "") + ", " + a.Find("#f-reverseDns").AttrOr("value", ""); got != "Büroserver, kein name" ||
		a.Find("[name=backupNotification][value=always][checked]").Length() != 1 {
		t.Errorf("the form has %q, %s", got, a.Text("main"))
	}
	if p := v.Package(id); p.SettingsVersion != 0 {
		t.Error("the form was sent by itself")
	}
}

func TestOnTheCloudKeptInputIsForItsCustomerOnly(t *testing.T) {
	v, stranger := visitor.OnCloud(t), visitor.OnCloud(t)
	idle(v)
	next := keeps(v, v.Post(form.Path, entered))
	stranger.Cookies[session.KeptCookie] = v.Cookies[session.KeptCookie]
	if a := stranger.Get(next); a.Status != http.StatusOK || strings.Contains(a.Body, "Neue Straße 1") {
		t.Errorf("%d, a stranger sees it (S11)", a.Status)
	}
	if a := signInAgain(v).Get(next); !strings.Contains(a.Body, "Neue Straße 1") {
		t.Error("the stranger's look took it away")
	}
}

func TestOnTheCloudKeptInputIsSealedAndHasNoPassword(t *testing.T) {
	v := visitor.OnCloud(t)
	idle(v)
	keeps(v, v.Post(form.Path, entered))
	secret, _, _ := strings.Cut(v.Cookies[session.KeptCookie], ".")
	item, err := v.Store.Get(t.Context(), localtest.Names(t).Sessions, table.Kept(secret))
	if err != nil || item == nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range []string{"Neue Stra", "DE0212", v.Number, visitor.Password, secret} {
		if strings.Contains(string(text), canary) {
			t.Errorf("the table holds %q (S20)", canary)
		}
	}
	if ttl := table.Int(item, table.AttrTTL); time.Until(time.Unix(ttl, 0)) > 31*time.Minute {
		t.Errorf("it stays until %v (S21)", time.Unix(ttl, 0))
	}
}

func TestOnTheCloudNothingIsKeptForWhoNeverSignedIn(t *testing.T) {
	for name, change := range map[string]func(v *visitor.Visitor){
		"no cookie":        func(v *visitor.Visitor) { v.Cookies[session.Cookie] = "" },
		"a made-up cookie": func(v *visitor.Visitor) { v.Cookies[session.Cookie] = strings.Repeat("A", 43) },
		"a session signed out": func(v *visitor.Visitor) {
			if err := (session.Store{Store: v.Store}).End(context.Background(), v.Cookies[session.Cookie]); err != nil {
				v.T.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := visitor.OnCloud(t)
			change(v)
			if keeps(v, v.Post(form.Path, entered)); v.Cookies[session.KeptCookie] != "" {
				t.Error("something was kept: anybody could fill the table (S17)")
			}
		})
	}
}

func TestOnTheCloudTooMuchInputIsNotKept(t *testing.T) {
	v := visitor.OnCloud(t)
	idle(v)
	long := url.Values{}
	for _, f := range []string{"street", "postalCode", "city", "phone", "mobile"} {
		long.Set(f, strings.Repeat("x", 4000))
	}
	if keeps(v, v.Post(form.Path, long)); v.Cookies[session.KeptCookie] != "" {
		t.Error("20 kB were kept (S17)")
	}
}

func TestOnTheCloudAPasswordFormKeepsNothing(t *testing.T) {
	v := visitor.OnCloud(t)
	idle(v)
	if keeps(v, v.Post("/account/password", url.Values{"currentPassword": {visitor.Password}, "newPassword": {visitor.NewPassword}})); v.Cookies[session.KeptCookie] != "" {
		t.Error("a password was kept (S20)")
	}
}

func TestOnTheCloudOneRequestExtendsTheSession(t *testing.T) {
	v := visitor.OnCloud(t)
	s, _, err := session.Store{Store: v.Store}.Load(t.Context(), v.Cookies[session.Cookie], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s.LastUsed = time.Now().Add(-26 * time.Minute)
	v.Put(session.Put(v.Store.Names, s))
	a := v.Get("/account/sessions/current")
	var told struct {
		SessionEnds time.Time
		SecondsLeft int
		Clock       string
	}
	if err := json.Unmarshal([]byte(a.Body), &told); err != nil || time.Until(told.SessionEnds) < 29*time.Minute || told.SecondsLeft < 29*60 || told.SecondsLeft > 30*60 || !strings.HasSuffix(told.Clock, " Uhr") {
		t.Errorf("%+v, %v (S9, WCAG 2.2.1)", told, err)
	}
	page := v.Get(form.Path)
	warning := page.Find("#ending[hidden][role=alert]")
	if warning.Length() != 1 || warning.Find("button").Text() != "Angemeldet bleiben" || warning.AttrOr("data-extend", "") != "/account/sessions/current" {
		t.Error("the page has no warning to show (S9)")
	}
	idle(v)
	if a := v.Get("/account/sessions/current"); a.Status != http.StatusSeeOther {
		t.Errorf("an ended session: %d", a.Status)
	}
}
