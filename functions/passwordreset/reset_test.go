package passwordreset_test

import (
	"crypto/rand"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
)

const (
	old   = "pferd heftklammer batterie"
	fresh = "sieben okapis im regenmantel"
)

// link is a mailed token, as dispatch makes it.
func link(t *testing.T, s *site, p customer.Profile) string {
	t.Helper()
	c := stored(t, p)
	secret, err := token.Store{Store: localtest.StoreFor(t, "dispatch")}.Make(t.Context(), rand.Reader, token.Token{
		Purpose: token.PurposeReset, Subject: p.Number, Address: p.Email, Epoch: c.Epoch, Expires: s.now.Add(token.ResetLifetime)})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func stored(t *testing.T, p customer.Profile) credential.Credential {
	t.Helper()
	c, err := credential.Store{Store: localtest.Store(t)}.Get(t.Context(), table.Customer(p.Number))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func is(t *testing.T, p customer.Profile, password string) bool {
	t.Helper()
	ok, _, err := credential.Verify(stored(t, p).Hash, password)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestALinkSetsThePassword(t *testing.T) {
	for name, before := range map[string]string{"the first one": "", "a new one": old} {
		t.Run(name, func(t *testing.T) {
			s, p := newSite(t), localtest.Customer(t, before)
			secret := link(t, s, p)
			s.do("GET", "/password/reset?token="+secret).want(t, 200, `autocomplete="new-password"`)
			a := s.do("POST", "/password/reset", "token", secret, "newPassword", fresh).want(t, 303, "")
			if a.Header.Get("Location") != "/login?done=reset" {
				t.Errorf("leads to %q", a.Header.Get("Location"))
			}
			cookies := a.Cookies()
			if len(cookies) != 1 || cookies[0].Name != session.DeviceCookie {
				t.Errorf("a reset makes the browser known and signs nobody in: %v", cookies)
			}
			if !is(t, p, fresh) || before != "" && is(t, p, before) {
				t.Error("the new password is not in force")
			}
		})
	}
}

func TestAResetVoidsSessionsAndOtherLinksAndSaysSo(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, old)
	value, opened, err := session.New(rand.Reader, s.now, session.Start{Number: p.Number, Epoch: p.Epoch})
	if err != nil {
		t.Fatal(err)
	}
	localtest.Put(t, session.Put(localtest.Names(t), opened))
	sessions := session.Store{Store: localtest.StoreFor(t, "account")}
	if _, _, err := sessions.Load(t.Context(), value, s.now); err != nil {
		t.Fatal(err)
	}
	first, second := link(t, s, p), link(t, s, p)
	s.do("POST", "/password/reset", "token", second, "newPassword", fresh).want(t, 303, "")
	if _, _, err := sessions.Load(t.Context(), value, s.now); err != session.ErrNone {
		t.Errorf("the session: %v", err)
	}
	for name, secret := range map[string]string{"the other link": first, "the used link": second} {
		s.do("GET", "/password/reset?token="+secret).want(t, 410, "Dieser Link gilt nicht mehr")
		s.do("POST", "/password/reset", "token", secret, "newPassword", "acht dachse auf dem fahrrad").want(t, 410, "Neuen Link anfordern")
		if !is(t, p, fresh) {
			t.Errorf("%s changed the password", name)
		}
	}
	mail, err := localtest.Store(t).Get(t.Context(), localtest.Names(t).Outbox, table.Outbox(outbox.PasswordChanged+"#"+p.Number+"#1"))
	if err != nil {
		t.Fatal(err)
	}
	item, err := outbox.FromImage(mail)
	if err != nil || len(item.Recipients) != 1 || item.Recipients[0].Address != p.Email {
		t.Errorf("the mail: %+v, %v", item, err)
	}
	events, _, err := audit.Store{Store: localtest.Store(t)}.Choose(t.Context(), p.Number, "", 10, audit.NotMail)
	if err != nil || len(events) != 1 || events[0].Action != audit.PasswordReset {
		t.Errorf("the audit: %+v, %v", events, err)
	}
}

func TestALinkIsUsedUpOnlyByAGoodPassword(t *testing.T) { // S6
	s, p := newSite(t), localtest.Customer(t, old)
	secret := link(t, s, p)
	for range 3 {
		s.do("GET", "/password/reset?token="+secret).want(t, 200, "")
	}
	for password, why := range map[string]string{
		"": "mindestens 15 Zeichen", "zu kurz": "mindestens 15 Zeichen", strings.Repeat("lang", 65): "höchstens 256 Zeichen",
		"passwort12345678": "zu leicht zu erraten", "Anna Schäfer 1985": "Angaben über Sie", "kundenkonto-2026": "Angaben über Sie",
	} {
		a := s.do("POST", "/password/reset", "token", secret, "newPassword", password).want(t, 422, why)
		if !strings.Contains(a.body, secret) || password != "" && strings.Contains(a.body, ">"+password) {
			t.Errorf("%q: the form does not go on, or shows the password", password)
		}
	}
	if !is(t, p, old) {
		t.Error("the old password is not in force any more")
	}
	s.do("POST", "/password/reset", "token", secret, "newPassword", fresh).want(t, 303, "")
}

func TestAPasswordMadeOfTheOwnDomainIsRefused(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, old)
	domain := "okapigarten-" + p.Number + ".example"
	localtest.Put(t, customer.PutPackage(localtest.Names(t), customer.Package{ID: "T-" + p.Number, Number: p.Number, Product: "shop", Domains: []string{domain}})...)
	s.do("POST", "/password/reset", "token", link(t, s, p), "newPassword", domain).want(t, 422, "Angaben über Sie")
}

func TestEachOfSeveralLinksWorksUntilOneIsUsed(t *testing.T) { // S6
	s, p := newSite(t), localtest.Customer(t, old)
	first := link(t, s, p)
	second, third := link(t, s, p), link(t, s, p)
	for _, secret := range []string{third, second, first} {
		s.do("GET", "/password/reset?token="+secret).want(t, 200, "")
	}
	s.do("POST", "/password/reset", "token", first, "newPassword", fresh).want(t, 303, "")
	for _, secret := range []string{first, second, third} {
		s.do("GET", "/password/reset?token="+secret).want(t, 410, "")
	}
}

func TestALinkEndsAfterAnHour(t *testing.T) { // S6
	s, p := newSite(t), localtest.Customer(t, old)
	secret := link(t, s, p)
	s.now = s.now.Add(token.ResetLifetime - time.Second)
	s.do("GET", "/password/reset?token="+secret).want(t, 200, "")
	s.now = s.now.Add(time.Second)
	s.do("GET", "/password/reset?token="+secret).want(t, 410, "")
	s.do("POST", "/password/reset", "token", secret, "newPassword", fresh).want(t, 410, "")
}

func TestAMadeUpLinkIsToldLikeAUsedOne(t *testing.T) {
	s := newSite(t)
	for _, secret := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 3000)} {
		s.do("GET", "/password/reset?token="+secret).want(t, 410, "")
		s.do("POST", "/password/reset", "token", secret, "newPassword", fresh).want(t, 410, "")
	}
}

func TestATokenForSomethingElseSetsNoPassword(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, old)
	secret, err := token.Store{Store: localtest.StoreFor(t, "dispatch")}.Make(t.Context(), rand.Reader, token.Token{
		Purpose: token.PurposeVeto, Subject: p.Number, Expires: s.now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	s.do("POST", "/password/reset", "token", secret, "newPassword", fresh).want(t, 410, "")
}

func TestAMergedNumbersLinksAreVoid(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, old)
	secret := link(t, s, p)
	gone := p
	gone.MergedInto = localtest.Number(t)
	localtest.Put(t, customer.Update(localtest.Names(t), p, gone), credential.Retire(localtest.Names(t), table.Customer(p.Number)))
	s.do("POST", "/password/reset", "token", secret, "newPassword", fresh).want(t, 410, "")
	if !is(t, p, old) {
		t.Error("the retired password was changed")
	}
}

func TestALinkUsedManyTimesAtOnceWorksOnce(t *testing.T) { // S6
	s, p := newSite(t), localtest.Customer(t, old)
	secret := link(t, s, p)
	var worked atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		one := newSite(t)
		all.Go(func() {
			switch status := one.do("POST", "/password/reset", "token", secret, "newPassword", fresh).StatusCode; status {
			case 303:
				worked.Add(1)
			case 410:
			default:
				t.Errorf("status %d: %s", status, one.log.String())
			}
		})
	}
	all.Wait()
	if n := worked.Load(); n != 1 {
		t.Errorf("worked %d times", n)
	}
	if c := stored(t, p); c.Epoch != 1 || c.Version != 2 {
		t.Errorf("%+v", c)
	}
}

func TestAResetEndsThePauseAndMakesTheBrowserKnown(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, old)
	counter := throttle.Store{Store: localtest.StoreFor(t, "login")}
	for range 7 {
		if _, err := counter.Try(t.Context(), throttle.Login(p.Number), s.now); err != nil {
			t.Fatal(err)
		}
	}
	a := s.do("POST", "/password/reset", "token", link(t, s, p), "newPassword", fresh).want(t, 303, "")
	if v, err := counter.Try(t.Context(), throttle.Login(p.Number), s.now); err != nil || !v.Allowed {
		t.Errorf("still paused: %+v, %v", v, err)
	}
	device := table.Hash(a.Cookies()[0].Value)
	if v, err := counter.TryKnown(t.Context(), throttle.Device(device, p.Number), s.now); err != nil || !v.Known {
		t.Errorf("the browser is not known: %+v, %v", v, err)
	}
}

func TestNothingSecretIsLogged(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, old)
	secret := link(t, s, p)
	s.do("GET", "/password/reset?token="+secret)
	s.do("POST", "/password/reset", "token", secret, "newPassword", "kanari")
	s.do("POST", "/password/reset", "token", secret, "newPassword", "kanarienvogel im regenmantel").want(t, 303, "")
	for _, canary := range []string{secret, "kanari", p.Number, p.Email} {
		if strings.Contains(s.log.String(), canary) {
			t.Errorf("%q is in the log", canary)
		}
	}
}
