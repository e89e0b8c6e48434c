package security_test

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/functions/account"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

func TestAnAppIsSetUpWithThePasswordAndCountsOnceACodeConfirmedIt(t *testing.T) { // S7
	v := visitor.OnCloud(t)
	v.Get(factorPath).Is(http.StatusOK)
	for name, given := range map[string]string{"no password": "", "a wrong password": "falsch"} {
		v.Post(factorPath+"/begin", url.Values{reauth.Field: {given}}).Is(http.StatusUnprocessableEntity)
		if v.Factor().Exists {
			t.Fatalf("%s: something was written", name)
		}
	}
	v.Get(factorPath + "/begin").Is(http.StatusOK)
	v.Get(factorPath + "/qr").Is(http.StatusNotFound)
	v.Post(factorPath+"/begin", url.Values{reauth.Field: {visitor.Password}}).Is(http.StatusSeeOther)
	f := v.Factor()
	if f.Secret != "" || len(f.Draft) != 32 {
		t.Fatalf("before a code: %+v", f)
	}
	a := v.Get(factorPath + "/setup").Is(http.StatusOK)
	if !strings.Contains(a.Text("main"), secondfactor.Grouped(f.Draft)) || a.Find(`img[src^="data:"]`).Length() > 0 ||
		!strings.HasPrefix(a.Find(`main a[href^="otpauth:"]`).AttrOr("href", ""), "otpauth://totp/Kundenkonto:"+v.Number+"?") {
		t.Errorf("the page of the secret: %s", a.Text("main"))
	}
	picture := v.Get(factorPath + "/qr").Is(http.StatusOK)
	if picture.Header.Get("Content-Type") != "image/png" || picture.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the picture: %v", picture.Header)
	}
	v.Post(factorPath+"/setup", url.Values{"code": {"000000"}}).Is(http.StatusUnprocessableEntity)
	if codes := v.SetUp(); len(codes) != secondfactor.NumberOfCodes {
		t.Fatalf("codes shown: %v", codes)
	}
	if f := v.Factor(); !f.Demanded(time.Now()) || f.Draft != "" {
		t.Errorf("after the code: %+v", f)
	}
	v.Get(factorPath + "/setup").Is(http.StatusSeeOther)
	v.Get(factorPath + "/qr").Is(http.StatusNotFound)
	if a := v.Get(factorPath).Is(http.StatusOK); !strings.Contains(a.Text("main"), "10 Codes") {
		t.Errorf("the count is missing: %s", a.Text("main"))
	}
}

func TestRecoveryCodesAreKeptHashedAndMadeAnewWithThePassword(t *testing.T) {
	v := visitor.OnCloud(t)
	codes := v.SetUp()
	stored := strings.Join(v.Factor().Codes, " ")
	for _, code := range codes {
		if strings.Contains(stored, code) || strings.Contains(stored, strings.ReplaceAll(code, "-", "")) {
			t.Errorf("%s is stored as it is", code)
		}
	}
	v.Post(factorPath+"/codes", url.Values{reauth.Field: {"falsch"}}).Is(http.StatusUnprocessableEntity)
	v.Get(factorPath + "/codes").Is(http.StatusOK)
	v.Post(factorPath+"/codes", url.Values{reauth.Field: {visitor.Password}}).Is(http.StatusOK)
	if _, err := v.Factor().UseRecoveryCode(codes[0]); err == nil {
		t.Error("an old code is still good")
	}
}

func TestTheSecondStepIsRemovedWithThePasswordAndTold(t *testing.T) {
	v := visitor.OnCloud(t)
	v.Get(factorPath + "/remove").Is(http.StatusSeeOther) // nothing to remove
	v.SetUp()
	v.Get(factorPath + "/remove").Is(http.StatusOK)
	v.Post(factorPath+"/remove", url.Values{reauth.Field: {""}}).Is(http.StatusUnprocessableEntity)
	v.Post(factorPath+"/remove", url.Values{reauth.Field: {visitor.Password}}).Is(http.StatusSeeOther)
	if f := v.Factor(); f.Secret != "" || len(f.Codes) > 0 {
		t.Errorf("%+v", f)
	}
	events, _, err := audit.Store{Store: v.Store}.Choose(t.Context(), v.Number, "", 5, audit.NotMail)
	if err != nil || len(events) != 2 || events[0].Action != audit.SecondFactorRemoved || events[1].Action != audit.SecondFactorSetUp {
		t.Errorf("%+v, %v", events, err)
	}
}

func TestARecoveryIsStoppedByWhoIsSignedIn(t *testing.T) {
	v := visitor.OnCloud(t)
	v.SetUp()
	v.Put(secondfactor.StartRecovery(v.Store.Names, v.Number, secondfactor.Recovery{ID: "r1", EndAt: time.Now().Add(time.Hour), By: "staff:eva"}))
	if a := v.Get(factorPath).Is(http.StatusOK); !strings.Contains(a.Text("main"), "wird abgeschaltet") {
		t.Errorf("the page does not say it: %s", a.Text("main"))
	}
	v.Get(factorPath + "/stop-recovery").Is(http.StatusOK)
	v.Post(factorPath+"/stop-recovery", nil).Is(http.StatusUnprocessableEntity)
	if !v.Factor().Recovery.Running() {
		t.Fatal("it was stopped without the password (S7)")
	}
	for range 2 { // once more is no error
		v.Post(factorPath+"/stop-recovery", url.Values{reauth.Field: {visitor.Password}}).Is(http.StatusSeeOther)
	}
	if f := v.Factor(); f.Recovery.Running() || f.Secret == "" {
		t.Errorf("%+v", f)
	}
}

func TestAChangeOfTheSecondFactorEndsAllOtherSessions(t *testing.T) { // S8
	v := visitor.OnCloud(t)
	known := url.Values{reauth.Field: {visitor.Password}}
	steps := []struct {
		name string
		do   func()
	}{
		{"an app is set up", func() { v.SetUp() }},
		{"new recovery codes", func() { v.Post(factorPath+"/codes", known).Is(http.StatusOK) }},
		{"the second step is removed", func() { v.Post(factorPath+"/remove", known).Is(http.StatusSeeOther) }},
		{"a passkey is removed", func() {
			f := v.Factor()
			with := f
			with.Passkeys = []secondfactor.Passkey{{ID: "a", Name: "Telefon", AddedAt: time.Now(), Record: "{}"}}
			v.Put(secondfactor.Save(v.Store.Names, f, with))
			v.Post(factorPath+"/passkeys/"+passkeyName(with.Passkeys[0])+"/remove", known).Is(http.StatusSeeOther)
		}},
	}
	for _, step := range steps {
		before, other := v.Cookies[session.Cookie], v.Another(firefox)
		step.do()
		if v.Cookies[session.Cookie] == before || !signedIn(v.Browser) {
			t.Errorf("%s: this browser has no new session", step.name)
		}
		old := v.Another("")
		old.Cookies[session.Cookie] = before
		if signedIn(other) || signedIn(old) {
			t.Errorf("%s: another browser, or the cookie before, is still signed in", step.name)
		}
	}
}

// passkeyName names a passkey in addresses.
func passkeyName(k secondfactor.Passkey) string { return table.Hash(k.ID)[:16] }

// guardedPaths are the addresses below the second factor's page that ask for the password.
func guardedPaths(passkey string) []string {
	var paths []string
	for _, route := range account.Routes() {
		asks := slices.ContainsFunc(route.Fields, func(f web.Field) bool { return f.Name == reauth.Field })
		if route.Method == http.MethodPost && strings.HasPrefix(route.Pattern, factorPath) && asks {
			paths = append(paths, strings.Replace(route.Pattern, "{key}", passkey, 1))
		}
	}
	return paths
}

// Whoever sits down at an open browser changes nothing about the sign-in without the password.
func TestEveryChangeOfTheSecondFactorAsksForThePassword(t *testing.T) { // S7
	v := visitor.OnCloud(t)
	v.SetUp()
	f := v.Factor()
	with := f
	with.Passkeys = []secondfactor.Passkey{{ID: "a", Name: "Telefon", AddedAt: time.Now(), Record: "{}"}}
	v.Put(secondfactor.Save(v.Store.Names, f, with))
	v.Put(secondfactor.StartRecovery(v.Store.Names, v.Number, secondfactor.Recovery{ID: "r1", EndAt: time.Now().Add(time.Hour), By: "staff:eva"}))
	before := v.Factor()
	guarded := guardedPaths(passkeyName(with.Passkeys[0]))
	if len(guarded) != 6 {
		t.Fatalf("the password is asked for at %q", guarded)
	}
	for _, path := range guarded {
		a := v.Post(path, url.Values{reauth.Field: {""}}).Is(http.StatusUnprocessableEntity)
		if !strings.Contains(a.Text("#f-currentPassword-error"), "Geben Sie Ihr Kundenpasswort ein") {
			t.Errorf("%s without a password: %s", path, a.Text("main"))
		}
	}
	for _, path := range guarded {
		if strings.HasSuffix(path, "/remove") || strings.HasSuffix(path, "/passkey") { // more tries would be paused
			v.Post(path, url.Values{reauth.Field: {"falsch geraten"}}).Is(http.StatusUnprocessableEntity)
		}
	}
	if a := v.Post(factorPath+"/passkeys", url.Values{"response": {"{}"}, "name": {"Diebesgut"}}).Is(http.StatusUnprocessableEntity); !strings.Contains(a.Text("main"), "nicht angelegt") {
		t.Errorf("a passkey that nobody gave the password for: %s", a.Text("main"))
	}
	if after := v.Factor(); !reflect.DeepEqual(after, before) {
		t.Errorf("something changed:\n%+v\n%+v", before, after)
	}
}

func TestWhatChangesNothingYetEndsNoSession(t *testing.T) {
	v := visitor.OnCloud(t)
	v.SetUp()
	other := v.Another(firefox)
	before := v.Cookies[session.Cookie]
	v.Post(factorPath+"/begin", url.Values{reauth.Field: {visitor.Password}}).Is(http.StatusSeeOther)
	v.Put(secondfactor.StartRecovery(v.Store.Names, v.Number, secondfactor.Recovery{ID: "r1", EndAt: time.Now().Add(time.Hour), By: "staff:eva"}))
	v.Post(factorPath+"/stop-recovery", url.Values{reauth.Field: {visitor.Password}}).Is(http.StatusSeeOther)
	if v.Cookies[session.Cookie] != before || !signedIn(other) {
		t.Error("somebody was signed out")
	}
}

func TestANewAddressGoesOnWaitingWhenTheSecondFactorChanges(t *testing.T) {
	v := visitor.OnCloud(t)
	v.AskFor("neu@schaefer.example")
	id := v.Own().Pending.ID
	v.SetUp()
	if p := v.Own(); p.Waiting(time.Now()) == nil || p.Pending.ID != id {
		t.Errorf("%+v", p.Pending)
	}
	revoke(v, "others") // ends what others began
	if w := v.Own().Waiting(time.Now()); w != nil {
		t.Errorf("%+v", w)
	}
}
