package review

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

var why = url.Values{"reason": {"Rückruf unter der Nummer im Vertrag"}, "email": {"anna@neu.example"}}

// actionsOf are all that need a customer of its own.
var actionsOf = []string{"send-reset", "end-pause", "correct-email", "end-sessions", "lock", "unlock"}

func TestEachActionDemandsAReasonAndACustomerOfItsOwn(t *testing.T) { // S13
	s := knownSite(t)
	s.Save(customer.Profile{Number: "10000031", MergedInto: "10000017", Email: "x@y.example"})
	for _, name := range actionsOf {
		s.forget()
		doc := s.page(s.post(annaPath+"/"+name, url.Values{"email": {"anna@neu.example"}}), http.StatusUnprocessableEntity)
		if open := doc.Find("details[open] form[action$='/" + name + "'] #f-reason[aria-invalid]"); open.Length() != 1 && name != "unlock" {
			t.Errorf("%s: the reason is not demanded at its field", name)
		}
		if n := s.noted(); len(n) != 1 || n[0].Action != audit.CustomerViewed {
			t.Errorf("%s: noted %+v", name, n)
		}
		s.page(s.post("/service/customers/10000031/"+name, why), http.StatusConflict)
		if resp := s.post("/service/customers/99999999/"+name, why); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: an unknown number is %d", name, resp.StatusCode)
		}
	}
	if s.wrote()+len(s.queue.queued) != 0 {
		t.Errorf("written %v, queued %v", s.Events(), s.queue.queued)
	}
}

func TestEachActionIsDoneWithItsReasonAndSaysSo(t *testing.T) { // S13, M10
	for name, action := range map[string]string{"end-pause": audit.PauseEnded, "correct-email": audit.EmailRequested, "lock": audit.MergingLocked, "end-sessions": audit.AllSessionsEnded} {
		s := knownSite(t)
		s.redirected(s.post(annaPath+"/"+name, why), annaPath+"?done="+name)
		if s.wrote() != 1 {
			t.Fatalf("%s: %d transactions", name, s.wrote())
		}
		events := s.noted()
		if len(events) != 1 || events[0].Action != action || events[0].Number != "10000017" || !strings.HasPrefix(events[0].Actor, "staff:") || events[0].New[audit.KeyReason] != why.Get("reason") {
			t.Errorf("%s: noted %+v", name, events)
		}
		if doc := s.page(s.get(annaPath+"?done="+name), http.StatusOK); doc.Find(".notice.success").Length() != 1 {
			t.Errorf("%s: nothing is said", name)
		}
	}
	s := knownSite(t)
	if doc := s.page(s.get(annaPath+"?done=reveal-iban"), http.StatusOK); doc.Find(".notice.success").Length() != 0 {
		t.Error("what leads nowhere back is said to be done")
	}
}

func TestALinkIsAskedForAndAuditedBefore(t *testing.T) { // S13
	s := knownSite(t)
	s.redirected(s.post(annaPath+"/send-reset", why), annaPath+"?done=send-reset")
	if q := s.queue.queued; len(q) != 1 || q[0] != `{"customerNumber":"10000017","language":"de"}` {
		t.Errorf("queued %q", q)
	}
	if n := s.noted(); len(n) != 1 || n[0].Action != audit.ResetLinkAsked || n[0].New[audit.KeyReason] != why.Get("reason") {
		t.Errorf("noted %+v", n)
	}
	s.mute()
	if resp := s.post(annaPath+"/send-reset", why); resp.StatusCode != http.StatusInternalServerError || len(s.queue.queued) != 1 {
		t.Errorf("without an audit: %d, %d queued", resp.StatusCode, len(s.queue.queued))
	}
}

func TestALinkNeedsAnAddressAndIsOneOfThreeAnHour(t *testing.T) {
	s := knownSite(t)
	s.Now = s.Now.Add(-40 * time.Minute)
	for range 3 {
		s.pause(throttle.ResetMails("10000017", s.Profile("10000017").Email), 1)
	}
	s.Now = start
	resp := s.post(annaPath+"/send-reset", why)
	if resp.Header.Get("Retry-After") != "1200" {
		t.Errorf("Retry-After %q", resp.Header.Get("Retry-After"))
	}
	if said := words(s.page(resp, http.StatusTooManyRequests).Find(".error-summary")); !strings.Contains(said, "drei Links") || !strings.Contains(said, "13:20") {
		t.Errorf("says %q", said)
	}
	s.Save(customer.Profile{Number: "10000031"})
	if said := words(s.page(s.post("/service/customers/10000031/send-reset", why), http.StatusConflict).Find(".error-summary")); !strings.Contains(said, "keine E-Mail-Adresse") {
		t.Errorf("says %q", said)
	}
	if len(s.queue.queued) != 0 {
		t.Error("queued all the same")
	}
}

func TestALockPressedTwiceIsOne(t *testing.T) { // M9
	s := knownSite(t)
	p := s.Profile("10000017")
	p.Locked = true
	s.Save(p)
	s.redirected(s.post(annaPath+"/lock", why), annaPath+"?done=lock")
	if s.wrote() != 0 {
		t.Error("locked twice")
	}
	doc := s.page(s.get(annaPath), http.StatusOK)
	if doc.Find("form[action$='/unlock']").Length() != 1 || doc.Find("form[action$='/lock']").Length() != 0 {
		t.Error("a locked number can be unlocked, not locked")
	}
	s.redirected(s.post(annaPath+"/unlock", why), annaPath+"?done=unlock")
	if n := slices.DeleteFunc(s.noted(), func(e audit.Event) bool { return e.Action == audit.CustomerViewed }); len(n) != 1 || n[0].Action != audit.MergingUnlocked {
		t.Errorf("noted %+v", n)
	}
}

func TestAnActionThatIsOvertakenSaysSo(t *testing.T) { // S12
	for _, name := range []string{"lock", "correct-email"} {
		s := knownSite(t)
		s.Meanwhile(world.TransactWrites, func() {
			p := s.Profile("10000017")
			p.Version++
			s.Save(p)
		})
		doc := s.page(s.post(annaPath+"/"+name, why), http.StatusConflict)
		if doc.Find("details[open] form[action$='/"+name+"'] textarea").Text() != why.Get("reason") {
			t.Errorf("%s: the reason is lost", name)
		}
		if name == "correct-email" && doc.Find("details[open] input[name=email]").AttrOr("value", "") != "anna@neu.example" {
			t.Error("the address is lost")
		}
	}
}

func TestACorrectedAddressIsCheckedAndNeverActsAtOnce(t *testing.T) { // S7
	for _, c := range []struct {
		name, address string
		change        func(s *site)
		status        int
		says          string
	}{
		{"none", " ", nil, 422, "Geben Sie die neue E-Mail-Adresse ein"},
		{"two", "a@b.example,c@d.example", nil, 422, "genau ein @"},
		{"a header", "a@b.example\r\nBcc: x@y.example", nil, 422, ""},
		{"the one in force", "anna@SCHAEFER.example", nil, 422, "schon eingetragen"},
		{"while an objection is open", "anna@neu.example", objected, 409, "K7QX-2M4D"},
		{"asked for a moment ago", "anna@neu.example", func(s *site) {
			p := s.Profile("10000017")
			p.Pending = &customer.PendingEmail{ID: "c1", Address: "anna@neu.example", At: start, Until: start.Add(time.Hour)}
			s.Save(p)
		}, 303, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := knownSite(t)
			if c.change != nil {
				c.change(s)
			}
			resp := s.post(annaPath+"/correct-email", url.Values{"reason": {"Tippfehler"}, "email": {c.address}})
			if s.wrote() != 0 {
				t.Errorf("written %v", s.Events())
			}
			if resp.StatusCode != c.status {
				t.Fatalf("status %d, want %d", resp.StatusCode, c.status)
			}
			if doc := s.page(resp, c.status); !strings.Contains(words(doc.Find(".error-summary")), c.says) {
				t.Errorf("says %q", words(doc.Find(".error-summary")))
			}
		})
	}
	s := knownSite(t)
	s.post(annaPath+"/correct-email", why)
	if p := s.Profile("10000017"); p.Email != "anna@schaefer.example" || p.Pending == nil || p.Pending.Address != why.Get("email") {
		t.Errorf("in force is %q, waiting %+v", p.Email, p.Pending)
	}
}

func TestAPauseIsShownUntilItEnds(t *testing.T) {
	s := knownSite(t)
	s.pause(throttle.Login("10000017"), 11)            // a minute
	s.pause(throttle.SecondFactor("10000017", ""), 12) // two
	if facts := words(s.page(s.get(annaPath), http.StatusOK).Find("section[aria-labelledby=account]")); !strings.Contains(facts, "pausiert bis 23.11.2026 um 13:02") {
		t.Errorf("shows %q", facts)
	}
	s.post(annaPath+"/end-pause", why)
	if facts := words(s.page(s.get(annaPath), http.StatusOK).Find("section[aria-labelledby=account]")); strings.Contains(facts, "pausiert") {
		t.Errorf("shows %q", facts)
	}
}

// S8: whoever is signed in is out at once, by profile and credential alike, so that no link of before is good.
func TestAllSessionsOfACustomerEnd(t *testing.T) {
	s := knownSite(t)
	profile, cred := s.Profile("10000017"), s.Credential(table.Customer("10000017"))
	s.redirected(s.post(annaPath+"/end-sessions", why), annaPath+"?done=end-sessions")
	after, now := s.Profile("10000017"), s.Credential(table.Customer("10000017"))
	if after.Epoch != profile.Epoch+1 || now.Epoch != cred.Epoch+1 || now.Hash != cred.Hash || after.Version != profile.Version {
		t.Errorf("%+v, %+v", after, now)
	}
	s.Meanwhile(world.TransactWrites, func() { s.Change("10000017", func(p *customer.Profile) { p.Epoch++ }) })
	doc := s.page(s.post(annaPath+"/end-sessions", why), http.StatusConflict)
	if !strings.Contains(words(doc.Find(".error-summary")), "gerade geändert") {
		t.Errorf("overtaken: %s", words(doc.Find(".error-summary")))
	}
}
