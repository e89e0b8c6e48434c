package account

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

// idle lets the session of the visitor end by its idle limit.
func (v *visitor) idle() {
	v.t.Helper()
	s, _, err := session.Store{Store: v.admin}.Load(v.t.Context(), v.cookie, time.Now())
	if err != nil {
		v.t.Fatal(err)
	}
	s.LastUsed = time.Now().Add(-session.Idle)
	v.put(session.Put(v.admin.Names, s))
}

// signInAgain is the sign-in after the session ended; the kept cookie stays in the browser.
func (v *visitor) signInAgain() *visitor {
	v.t.Helper()
	again := v.browser("")
	again.kept = v.kept
	return again
}

// keeps takes over what the browser is told to keep, and returns where it is led.
func (v *visitor) keeps(a answer) string {
	v.t.Helper()
	for _, c := range a.Result().Cookies() {
		if c.Name != session.KeptCookie {
			continue
		}
		if v.kept = c.Value; c.MaxAge > 0 && (!c.HttpOnly || !c.Secure || c.MaxAge != 1800) {
			v.t.Errorf("the cookie is %v", c)
		}
	}
	to, err := url.Parse(a.Header().Get("Location"))
	if err != nil || a.Code != http.StatusSeeOther || to.Path != "/login" {
		v.t.Fatalf("%d to %q, %v", a.Code, to, err)
	}
	return to.Query().Get("next")
}

// entered is a form with bank data and a password.
var entered = url.Values{"version": {"1"}, "street": {"Neue Straße 1"}, "country": {"AT"}, "postalCode": {"1010"}, "city": {"Wien"},
	"iban": {"DE02120300000000202051"}, "currentPassword": {password}, "return": {"/merge"}, "unknown": {"x"}}

func TestOnTheCloudSigningInAgainBringsTheFormBackWithItsInput(t *testing.T) { // S9
	v := visit(t)
	v.idle()
	next := v.keeps(v.send("POST", form.Path, entered))
	if next != form.Path+"?return=%2Fmerge" || v.kept == "" {
		t.Fatalf("next is %q (S9)", next)
	}
	if p := v.profile(); p.Version != 1 {
		t.Fatal("an ended session changed something (S10)")
	}
	again := v.signInAgain()
	a := again.send("GET", next, nil)
	if a.Code != http.StatusOK || !strings.Contains(a.text(".notice.info"), "Ihre Eingaben stehen wieder im Formular, gespeichert ist davon noch nichts") {
		t.Fatalf("%d %s", a.Code, a.text("main"))
	}
	for field, want := range map[string]string{"street": "Neue Straße 1", "postalCode": "1010", "iban": "DE02120300000000202051", "currentPassword": "", "phone": "030 1234567"} {
		if got := a.doc.Find("#f-"+field).AttrOr("value", ""); got != want {
			t.Errorf("%s is %q, want %q (S9)", field, got, want)
		}
	}
	if got := a.doc.Find("select option[selected]").AttrOr("value", ""); got != "AT" {
		t.Errorf("the country is %q", got)
	}
	if p := v.profile(); p.Version != 1 || p.Street != "Hauptstr. 5" {
		t.Error("the form was sent by itself (S9)")
	}
	if a := again.send("GET", form.Path, nil); a.doc.Find("#f-street").AttrOr("value", "") != "Hauptstr. 5" {
		t.Error("the key opens it twice")
	}
}

func TestOnTheCloudAKeptFormRespectsWhatChangedMeanwhile(t *testing.T) {
	v := visit(t)
	other := v.browser("")
	v.idle()
	next := v.keeps(v.send("POST", form.Path, url.Values{"version": {"1"}, "street": {"Neue Straße 1"}}))
	if a := other.send("POST", form.Path, url.Values{"version": {"1"}, "street": {"Andere Straße 9"}}); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code)
	}
	again := v.signInAgain()
	a := again.send("GET", next, nil)
	version := a.doc.Find("input[name=version]").AttrOr("value", "")
	if a := again.send("POST", form.Path, url.Values{"version": {version}, "street": {"Neue Straße 1"}}); a.Code != http.StatusConflict {
		t.Errorf("version %s: %d, something was overwritten silently (S12)", version, a.Code)
	}
}

func TestOnTheCloudSettingsComeBackAfterSigningInAgain(t *testing.T) { // S9
	v := visit(t)
	id := v.hasPackages()["server"]
	v.idle()
	next := v.keeps(v.send("POST", packagePath(id)+"/settings", url.Values{"version": {"0"}, "displayName": {"Büroserver"},
		"reverseDns": {"kein name"}, "backupNotification": {"always"}}))
	if next != packagePath(id) {
		t.Fatalf("leads back to %q", next)
	}
	a := v.signInAgain().send("GET", next, nil)
	if got := a.doc.Find("#f-displayName").AttrOr("value", "") + ", " + a.doc.Find("#f-reverseDns").AttrOr("value", ""); got != "Büroserver, kein name" ||
		a.doc.Find("[name=backupNotification][value=always][checked]").Length() != 1 {
		t.Errorf("the form has %q, %s", got, a.text("main"))
	}
	if p := v.pack(id); p.SettingsVersion != 0 {
		t.Error("the form was sent by itself")
	}
}

func TestOnTheCloudKeptInputIsForItsCustomerOnly(t *testing.T) {
	v, stranger := visit(t), visit(t)
	v.idle()
	next := v.keeps(v.send("POST", form.Path, entered))
	stranger.kept = v.kept
	if a := stranger.send("GET", next, nil); a.Code != http.StatusOK || strings.Contains(a.Body.String(), "Neue Straße 1") {
		t.Errorf("%d, a stranger sees it (S11)", a.Code)
	}
	if a := v.signInAgain().send("GET", next, nil); !strings.Contains(a.Body.String(), "Neue Straße 1") {
		t.Error("the stranger's look took it away")
	}
}

func TestOnTheCloudKeptInputIsSealedAndHasNoPassword(t *testing.T) {
	v := visit(t)
	v.idle()
	v.keeps(v.send("POST", form.Path, entered))
	secret, _, _ := strings.Cut(v.kept, ".")
	item, err := v.admin.Get(t.Context(), localtest.Names(t).Sessions, table.Kept(secret))
	if err != nil || item == nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range []string{"Neue Stra", "DE0212", v.number, password, secret} {
		if strings.Contains(string(text), canary) {
			t.Errorf("the table holds %q (S20)", canary)
		}
	}
	if ttl := table.Int(item, table.AttrTTL); time.Until(time.Unix(ttl, 0)) > 31*time.Minute {
		t.Errorf("it stays until %v (S21)", time.Unix(ttl, 0))
	}
}

func TestOnTheCloudNothingIsKeptForWhoNeverSignedIn(t *testing.T) {
	for name, change := range map[string]func(v *visitor){
		"no cookie":        func(v *visitor) { v.cookie = "" },
		"a made-up cookie": func(v *visitor) { v.cookie = strings.Repeat("A", 43) },
		"a session signed out": func(v *visitor) {
			if err := (session.Store{Store: v.admin}).End(context.Background(), v.cookie); err != nil {
				v.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := visit(t)
			change(v)
			if v.keeps(v.send("POST", form.Path, entered)); v.kept != "" {
				t.Error("something was kept: anybody could fill the table (S17)")
			}
		})
	}
}

func TestOnTheCloudTooMuchInputIsNotKept(t *testing.T) {
	v := visit(t)
	v.idle()
	long := url.Values{}
	for _, f := range []string{"street", "postalCode", "city", "phone", "mobile"} {
		long.Set(f, strings.Repeat("x", 4000))
	}
	if v.keeps(v.send("POST", form.Path, long)); v.kept != "" {
		t.Error("20 kB were kept (S17)")
	}
}

func TestOnTheCloudAPasswordFormKeepsNothing(t *testing.T) {
	v := visit(t)
	v.idle()
	if v.keeps(v.changePassword(password, newPassword)); v.kept != "" {
		t.Error("a password was kept (S20)")
	}
}

func TestOnTheCloudOneRequestExtendsTheSession(t *testing.T) {
	v := visit(t)
	s, _, err := session.Store{Store: v.admin}.Load(t.Context(), v.cookie, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s.LastUsed = time.Now().Add(-26 * time.Minute)
	v.put(session.Put(v.admin.Names, s))
	a := v.send("GET", sessionsPath+"/current", nil)
	var told struct {
		SessionEnds time.Time
		SecondsLeft int
		Clock       string
	}
	if err := json.Unmarshal(a.Body.Bytes(), &told); err != nil || time.Until(told.SessionEnds) < 29*time.Minute || told.SecondsLeft < 29*60 || told.SecondsLeft > 30*60 || !strings.HasSuffix(told.Clock, " Uhr") {
		t.Errorf("%+v, %v (S9, WCAG 2.2.1)", told, err)
	}
	page := v.send("GET", form.Path, nil).doc
	warning := page.Find("#ending[hidden][role=alert]")
	if warning.Length() != 1 || warning.Find("button").Text() != "Angemeldet bleiben" || warning.AttrOr("data-extend", "") != sessionsPath+"/current" {
		t.Error("the page has no warning to show (S9)")
	}
	v.idle()
	if a := v.send("GET", sessionsPath+"/current", nil); a.Code != http.StatusSeeOther {
		t.Errorf("an ended session: %d", a.Code)
	}
}
