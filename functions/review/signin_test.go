package review

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/session"
)

func TestAMemberOfTheTeamSignsInAndLandsOnThePageAskedFor(t *testing.T) {
	s := newSite(t)
	code, state := s.begin("/service/orders/K7QX-2M4D?lang=en")
	resp := s.finish(code, state)
	s.redirected(resp, "/service/orders/K7QX-2M4D?lang=en")
	for _, c := range resp.Cookies() {
		if c.Name == session.StaffCookie && c.Secure && c.HttpOnly && c.SameSite == http.SameSiteLaxMode && c.Path == "/" && c.Domain == "" {
			return
		}
	}
	t.Errorf("no safe %s cookie: %v", session.StaffCookie, resp.Cookies())
}

// S13: everything that makes a sign-in somebody else's, or nobody's, is refused and makes no session.
func TestASignInThatIsNotRightIsRefused(t *testing.T) {
	tests := []struct {
		name   string
		before func(s *site)                      // the begin
		after  func(s *site, code, state *string) // between begin and callback
		status int
		code   string
	}{
		{name: "with a state that nobody began", status: 400, code: "sign_in_expired", after: func(_ *site, _, state *string) { *state = "made-up" }},
		{name: "without a state", status: 400, code: "sign_in_expired", after: func(_ *site, _, state *string) { *state = "" }},
		{name: "begun in another browser", status: 400, code: "sign_in_expired", after: func(s *site, _, _ *string) { delete(s.Cookies, signInCookie) }},
		{name: "begun in another browser that has a sign-in of its own", status: 400, code: "sign_in_expired", after: func(s *site, _, _ *string) {
			s.Cookies[signInCookie] = strings.Repeat("A", 43)
		}},
		{name: "finished after ten minutes", status: 400, code: "sign_in_expired", after: func(s *site, _, _ *string) { s.Now = start.Add(10 * time.Minute) }},
		{name: "with a code that the provider did not make", status: 400, code: "sign_in_refused", after: func(_ *site, code, _ *string) { *code = "made-up" }},
		{name: "with a code that was used", status: 400, code: "sign_in_refused", after: func(s *site, code, _ *string) { delete(s.issuer.codes, *code) }},
		{name: "with a code of another sign-in (PKCE)", status: 400, code: "sign_in_refused", after: func(s *site, code, _ *string) { *code, _ = s.begin("/service") }},
		{name: "with another nonce", status: 400, code: "sign_in_refused", before: func(s *site) { s.issuer.claims["nonce"] = "other" }},
		{name: "without a nonce", status: 400, code: "sign_in_refused", before: func(s *site) { s.issuer.claims["nonce"] = "" }},
		{name: "with an expired token", status: 400, code: "sign_in_refused", before: func(s *site) { s.issuer.claims["exp"] = start.Add(-time.Second).Unix() }},
		{name: "with a token for another client", status: 400, code: "sign_in_refused", before: func(s *site) { s.issuer.claims["aud"] = "other" }},
		{name: "with a token of another issuer", status: 400, code: "sign_in_refused", before: func(s *site) { s.issuer.claims["iss"] = "https://other.example" }},
		{name: "with a token signed by another key", status: 400, code: "sign_in_refused", before: func(s *site) { s.issuer.signBy = issuerKeys()[1] }},
		{name: "with an access token", status: 400, code: "sign_in_refused", before: func(s *site) { s.issuer.claims["token_use"] = "access" }},
		{name: "of a person who signed in before this sign-in began", status: 400, code: "sign_in_refused", before: func(s *site) { s.issuer.claims["auth_time"] = start.Add(-time.Minute).Unix() }},
		{name: "without the time of the sign-in", status: 400, code: "sign_in_refused", before: func(s *site) { s.issuer.claims["auth_time"] = nil }},
		{name: "of nobody", status: 400, code: "sign_in_refused", before: func(s *site) { s.issuer.claims["sub"] = "" }},
		{name: "without a group", status: 403, code: "not_service_team", before: func(s *site) { s.issuer.claims["cognito:groups"] = []string{} }},
		{name: "with another group", status: 403, code: "not_service_team", before: func(s *site) { s.issuer.claims["cognito:groups"] = []string{"service-team-readers"} }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t)
			if test.before != nil {
				test.before(s)
			}
			code, state := s.begin("/service")
			if test.after != nil {
				test.after(s, &code, &state)
			}
			doc := s.page(s.finish(code, state), test.status)
			if doc.Find("h1").Length() != 1 || doc.Find(`a[href^="/service/login"], form[action="/service/logout"]`).Length() == 0 {
				t.Errorf("the page does not say how to go on")
			}
			if !strings.Contains(s.Log.String(), `"outcome":"`+test.code+`"`) || !strings.Contains(s.Log.String(), "authn_login_fail") {
				t.Errorf("not logged as %s: %s", test.code, s.Log.String())
			}
			if _, ok := s.Cookies[session.StaffCookie]; ok {
				t.Error("there is a session")
			}
			s.redirected(s.get("/service"), "/service/login?next=%2Fservice")
		})
	}
}

func TestACallbackCountsOnce(t *testing.T) {
	s := newSite(t)
	code, state := s.begin("/service")
	s.redirected(s.finish(code, state), "/service")
	s.page(s.finish(code, state), http.StatusBadRequest)
}

func TestTwoTabsMayBothSignIn(t *testing.T) {
	s := newSite(t)
	code1, state1 := s.begin("/service")
	code2, state2 := s.begin("/service/orders/K7QX-2M4D")
	s.redirected(s.finish(code2, state2), "/service/orders/K7QX-2M4D")
	s.redirected(s.finish(code1, state1), "/service")
}

func TestWhoCancelsAtTheProviderMayTryAgain(t *testing.T) {
	s := newSite(t)
	_, state := s.begin("/service")
	doc := s.page(s.get("/service/callback?error=access_denied&state="+state), http.StatusBadRequest)
	if href, _ := doc.Find("a.button").Attr("href"); href != "/service/login?next=%2Fservice" {
		t.Errorf("leads to %q", href)
	}
}

func TestASilentProviderIsNotTheVisitorsFault(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.issuer.down = true
	s.page(s.get("/service"), http.StatusOK)

	s = newSite(t)
	s.issuer.down = true
	s.page(s.get("/service/login"), http.StatusServiceUnavailable)

	s = newSite(t)
	code, state := s.begin("/service")
	s.issuer.down = true
	s.page(s.finish(code, state), http.StatusServiceUnavailable)
}

func TestSigningOutEndsOurSessionAndTheProviders(t *testing.T) {
	s := newSite(t)
	s.signIn()
	cookie := s.Cookies[session.StaffCookie]
	resp := s.post("/service/logout", nil)
	target, _ := url.Parse(resp.Header.Get("Location"))
	if resp.StatusCode != http.StatusSeeOther || target.Path != "/logout" || target.Query().Get("logout_uri") != publicURL+"/service" || target.Query().Get("client_id") != clientID {
		t.Errorf("sent to %s", target)
	}
	if resp.Header.Get("Clear-Site-Data") == "" {
		t.Error("no Clear-Site-Data (S8)")
	}
	s.Cookies[session.StaffCookie] = cookie
	s.redirected(s.get("/service"), "/service/login?next=%2Fservice")
}

func TestAStaffSessionIsShort(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.Now = start.Add(14 * time.Minute)
	s.page(s.get("/service"), http.StatusOK)
	s.Now = s.Now.Add(15 * time.Minute)
	s.redirected(s.get("/service"), "/service/login?next=%2Fservice")

	s = newSite(t)
	s.signIn()
	s.Now = start.Add(4 * time.Minute)
	s.page(s.get("/service"), http.StatusOK)
	s.Now = s.Now.Add(14 * time.Minute) // not counted from the sign-in
	s.page(s.get("/service"), http.StatusOK)

	s = newSite(t)
	s.signIn()
	for s.Now.Before(start.Add(8*time.Hour - 10*time.Minute)) {
		s.Now = s.Now.Add(10 * time.Minute)
		s.page(s.get("/service"), http.StatusOK)
	}
	s.Now = start.Add(8 * time.Hour)
	s.redirected(s.get("/service"), "/service/login?next=%2Fservice")
}

func TestFormsMayLeadToTheProvider(t *testing.T) {
	s := newSite(t)
	s.signIn()
	if policy := s.get("/service").Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' "+s.issuer.URL+";") {
		t.Errorf("policy %s", policy)
	}
}

// S20: nothing that opens a session is written down.
func TestTheLogHoldsNoSecrets(t *testing.T) {
	s := newSite(t)
	code, state := s.begin("/service")
	s.finish(code, state)
	for _, secret := range []string{code, state, s.Cookies[session.StaffCookie], s.Cookies[signInCookie]} {
		if strings.Contains(s.Log.String(), secret) {
			t.Errorf("the log holds a secret: %s", s.Log.String())
		}
	}
}
