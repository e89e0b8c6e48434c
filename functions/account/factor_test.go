package account

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

func (v *visitor) factor() secondfactor.Factor {
	v.t.Helper()
	f, err := secondfactor.Store{Store: v.admin}.Get(v.t.Context(), v.number)
	if err != nil {
		v.t.Fatal(err)
	}
	return f
}

// mustSend keeps a new session cookie, as the browser does.
func (v *visitor) mustSend(method, path string, fields url.Values, status int) answer {
	v.t.Helper()
	a := v.send(method, path, fields)
	for _, c := range a.Result().Cookies() {
		if c.Name == session.Cookie {
			v.cookie = c.Value
		}
	}
	if a.Code != status {
		v.t.Fatalf("%s %s: status %d, want %d: %s", method, path, a.Code, status, a.text("main"))
	}
	return a
}

// setUp connects an app and returns the recovery codes shown.
func (v *visitor) setUp() []string {
	v.t.Helper()
	v.mustSend("POST", factorPath+"/begin", url.Values{reauth.Field: {password}}, http.StatusSeeOther)
	a := v.mustSend("POST", factorPath+"/setup", url.Values{"code": {secondfactor.Code(v.factor().Draft, time.Now())}}, http.StatusOK)
	var codes []string
	for _, code := range a.doc.Find(".codes code").EachIter() {
		codes = append(codes, code.Text())
	}
	return codes
}

func TestAnAppIsSetUpWithThePasswordAndCountsOnceACodeConfirmedIt(t *testing.T) { // S7
	v := visit(t)
	v.mustSend("GET", factorPath, nil, http.StatusOK)
	for name, given := range map[string]string{"no password": "", "a wrong password": "falsch"} {
		v.mustSend("POST", factorPath+"/begin", url.Values{reauth.Field: {given}}, http.StatusUnprocessableEntity)
		if v.factor().Exists {
			t.Fatalf("%s: something was written", name)
		}
	}
	v.mustSend("GET", factorPath+"/begin", nil, http.StatusOK)
	v.mustSend("GET", factorPath+"/qr", nil, http.StatusNotFound)
	v.mustSend("POST", factorPath+"/begin", url.Values{reauth.Field: {password}}, http.StatusSeeOther)
	f := v.factor()
	if f.Secret != "" || len(f.Draft) != 32 {
		t.Fatalf("before a code: %+v", f)
	}
	a := v.mustSend("GET", factorPath+"/setup", nil, http.StatusOK)
	if !strings.Contains(a.text("main"), secondfactor.Grouped(f.Draft)) || a.doc.Find(`img[src^="data:"]`).Length() > 0 ||
		!strings.HasPrefix(a.doc.Find(`main a[href^="otpauth:"]`).AttrOr("href", ""), "otpauth://totp/Kundenkonto:"+v.number+"?") {
		t.Errorf("the page of the secret: %s", a.text("main"))
	}
	picture := v.mustSend("GET", factorPath+"/qr", nil, http.StatusOK)
	if picture.Header().Get("Content-Type") != "image/png" || picture.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the picture: %v", picture.Header())
	}
	v.mustSend("POST", factorPath+"/setup", url.Values{"code": {"000000"}}, http.StatusUnprocessableEntity)
	if codes := v.setUp(); len(codes) != secondfactor.NumberOfCodes {
		t.Fatalf("codes shown: %v", codes)
	}
	if f := v.factor(); !f.Demanded(time.Now()) || f.Draft != "" {
		t.Errorf("after the code: %+v", f)
	}
	v.mustSend("GET", factorPath+"/setup", nil, http.StatusSeeOther)
	v.mustSend("GET", factorPath+"/qr", nil, http.StatusNotFound)
	if a := v.mustSend("GET", factorPath, nil, http.StatusOK); !strings.Contains(a.text("main"), "10 Codes") {
		t.Errorf("the count is missing: %s", a.text("main"))
	}
}

func TestRecoveryCodesAreKeptHashedAndMadeAnewWithThePassword(t *testing.T) {
	v := visit(t)
	codes := v.setUp()
	stored := strings.Join(v.factor().Codes, " ")
	for _, code := range codes {
		if strings.Contains(stored, code) || strings.Contains(stored, strings.ReplaceAll(code, "-", "")) {
			t.Errorf("%s is stored as it is", code)
		}
	}
	v.mustSend("POST", factorPath+"/codes", url.Values{reauth.Field: {"falsch"}}, http.StatusUnprocessableEntity)
	v.mustSend("GET", factorPath+"/codes", nil, http.StatusOK)
	v.mustSend("POST", factorPath+"/codes", url.Values{reauth.Field: {password}}, http.StatusOK)
	if _, err := v.factor().UseRecoveryCode(codes[0]); err == nil {
		t.Error("an old code is still good")
	}
}

func TestTheSecondStepIsRemovedWithThePasswordAndTold(t *testing.T) {
	v := visit(t)
	v.mustSend("GET", factorPath+"/remove", nil, http.StatusSeeOther) // nothing to remove
	v.setUp()
	v.mustSend("GET", factorPath+"/remove", nil, http.StatusOK)
	v.mustSend("POST", factorPath+"/remove", url.Values{reauth.Field: {""}}, http.StatusUnprocessableEntity)
	v.mustSend("POST", factorPath+"/remove", url.Values{reauth.Field: {password}}, http.StatusSeeOther)
	if f := v.factor(); f.Secret != "" || len(f.Codes) > 0 {
		t.Errorf("%+v", f)
	}
	events, _, err := audit.Store{Store: v.admin}.Choose(t.Context(), v.number, "", 5, audit.NotMail)
	if err != nil || len(events) != 2 || events[0].Action != audit.SecondFactorRemoved || events[1].Action != audit.SecondFactorSetUp {
		t.Errorf("%+v, %v", events, err)
	}
}

func TestARecoveryIsStoppedByWhoIsSignedIn(t *testing.T) {
	v := visit(t)
	v.setUp()
	v.put(secondfactor.StartRecovery(v.admin.Names, v.number, secondfactor.Recovery{ID: "r1", EndAt: time.Now().Add(time.Hour), By: "staff:eva"}))
	if a := v.mustSend("GET", factorPath, nil, http.StatusOK); !strings.Contains(a.text("main"), "wird abgeschaltet") {
		t.Errorf("the page does not say it: %s", a.text("main"))
	}
	v.mustSend("GET", factorPath+"/stop-recovery", nil, http.StatusOK)
	v.mustSend("POST", factorPath+"/stop-recovery", nil, http.StatusUnprocessableEntity)
	if !v.factor().Recovery.Running() {
		t.Fatal("it was stopped without the password (S7)")
	}
	for range 2 { // once more is no error
		v.mustSend("POST", factorPath+"/stop-recovery", url.Values{reauth.Field: {password}}, http.StatusSeeOther)
	}
	if f := v.factor(); f.Recovery.Running() || f.Secret == "" {
		t.Errorf("%+v", f)
	}
}

func TestAChangeOfTheSecondFactorEndsAllOtherSessions(t *testing.T) { // S8
	v := visit(t)
	known := url.Values{reauth.Field: {password}}
	steps := []struct {
		name string
		do   func()
	}{
		{"an app is set up", func() { v.setUp() }},
		{"new recovery codes", func() { v.mustSend("POST", factorPath+"/codes", known, http.StatusOK) }},
		{"the second step is removed", func() { v.mustSend("POST", factorPath+"/remove", known, http.StatusSeeOther) }},
		{"a passkey is removed", func() {
			f := v.factor()
			with := f
			with.Passkeys = []secondfactor.Passkey{{ID: "a", Name: "Telefon", AddedAt: time.Now(), Record: "{}"}}
			v.put(secondfactor.Save(v.admin.Names, f, with))
			v.mustSend("POST", factorPath+"/passkeys/"+passkeyKey(with.Passkeys[0])+"/remove", known, http.StatusSeeOther)
		}},
	}
	for _, step := range steps {
		before, other := v.cookie, v.browser(firefox)
		step.do()
		if v.cookie == before || !v.signedIn() {
			t.Errorf("%s: this browser has no new session", step.name)
		}
		old := v.browser("")
		old.cookie = before
		if other.signedIn() || old.signedIn() {
			t.Errorf("%s: another browser, or the cookie before, is still signed in", step.name)
		}
	}
}

// Whoever sits down at an open browser changes nothing about the sign-in without the password.
// guardedPaths are the addresses below the second factor's page that ask for the password.
func guardedPaths(passkey string) []string {
	var paths []string
	for _, route := range Routes() {
		asks := slices.ContainsFunc(route.Fields, func(f web.Field) bool { return f.Name == reauth.Field })
		if route.Method == http.MethodPost && strings.HasPrefix(route.Pattern, factorPath) && asks {
			paths = append(paths, strings.Replace(route.Pattern, "{key}", passkey, 1))
		}
	}
	return paths
}

func TestEveryChangeOfTheSecondFactorAsksForThePassword(t *testing.T) { // S7
	v := visit(t)
	v.setUp()
	f := v.factor()
	with := f
	with.Passkeys = []secondfactor.Passkey{{ID: "a", Name: "Telefon", AddedAt: time.Now(), Record: "{}"}}
	v.put(secondfactor.Save(v.admin.Names, f, with))
	v.put(secondfactor.StartRecovery(v.admin.Names, v.number, secondfactor.Recovery{ID: "r1", EndAt: time.Now().Add(time.Hour), By: "staff:eva"}))
	before := v.factor()
	guarded := guardedPaths(passkeyKey(with.Passkeys[0]))
	if len(guarded) != 6 {
		t.Fatalf("the password is asked for at %q", guarded)
	}
	for _, path := range guarded {
		a := v.mustSend("POST", path, url.Values{reauth.Field: {""}}, http.StatusUnprocessableEntity)
		if !strings.Contains(a.text("#f-currentPassword-error"), "Geben Sie Ihr Kundenpasswort ein") {
			t.Errorf("%s without a password: %s", path, a.text("main"))
		}
	}
	for _, path := range guarded {
		if strings.HasSuffix(path, "/remove") || strings.HasSuffix(path, "/passkey") { // more tries would be paused
			v.mustSend("POST", path, url.Values{reauth.Field: {"falsch geraten"}}, http.StatusUnprocessableEntity)
		}
	}
	if a := v.mustSend("POST", factorPath+"/passkeys", url.Values{"response": {"{}"}, "name": {"Diebesgut"}}, http.StatusUnprocessableEntity); !strings.Contains(a.text("main"), "nicht angelegt") {
		t.Errorf("a passkey that nobody gave the password for: %s", a.text("main"))
	}
	if after := v.factor(); !reflect.DeepEqual(after, before) {
		t.Errorf("something changed:\n%+v\n%+v", before, after)
	}
}

func TestWhatChangesNothingYetEndsNoSession(t *testing.T) {
	v := visit(t)
	v.setUp()
	other := v.browser(firefox)
	before := v.cookie
	v.mustSend("POST", factorPath+"/begin", url.Values{reauth.Field: {password}}, http.StatusSeeOther)
	v.put(secondfactor.StartRecovery(v.admin.Names, v.number, secondfactor.Recovery{ID: "r1", EndAt: time.Now().Add(time.Hour), By: "staff:eva"}))
	v.mustSend("POST", factorPath+"/stop-recovery", url.Values{reauth.Field: {password}}, http.StatusSeeOther)
	if v.cookie != before || !other.signedIn() {
		t.Error("somebody was signed out")
	}
}

func TestANewAddressGoesOnWaitingWhenTheSecondFactorChanges(t *testing.T) {
	v := visit(t)
	v.asksFor("neu@schaefer.example")
	id := v.profile().Pending.ID
	v.setUp()
	if p := v.profile(); p.Waiting(time.Now()) == nil || p.Pending.ID != id {
		t.Errorf("%+v", p.Pending)
	}
	v.take(v.revoke("others")) // ends what others began
	if w := v.profile().Waiting(time.Now()); w != nil {
		t.Errorf("%+v", w)
	}
}

// asksFor enters a new e-mail address.
func (v *visitor) asksFor(address string) {
	v.t.Helper()
	v.mustSend("POST", "/account/master-data", url.Values{"version": {fmt.Sprint(v.profile().Version)}, "email": {address},
		reauth.Field: {password}}, http.StatusSeeOther)
}
