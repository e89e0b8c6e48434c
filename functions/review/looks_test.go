package review

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/typed"
)

// S13: whoever of the team searches leaves an event, found or not, with what was searched for and whom it named.
func TestEachSearchOfTheTeamIsAudited(t *testing.T) {
	for _, c := range []struct{ path, q, search, found, order string }{
		{"/service/customers", "anna@schaefer.example", "anna@schaefer.example", "10000017", ""},
		{"/service/customers", "buero@agentur.example", "buero@agentur.example", "10000016,10000023", ""},
		{"/service/customers", "niemand@x.example", "niemand@x.example", "", ""},
		{"/service/customers", "K7QX-2M4D", "K7QX-2M4D", "", "K7QX-2M4D"},
		{"/service/customers", "DE89 3704 0044 0532 0130 00", "DE•• •••• •••• •••• •••• 00", "", ""},
		{"/service/customers", "IBAN: de89-3704-0044-0532-0130-00", "DE•• •••• •••• •••• •••• 00", "", ""},
		{"/service/customers", "ab12server.kunden.example", "ab12server.kunden.example", "", ""},
		{"/service", "anna@schaefer.example", "anna@schaefer.example", "", ""},
		{"/service", "k7qx 2m4d", "k7qx 2m4d", "", "K7QX-2M4D"},
		{"/service", "nie gehört", "nie gehört", "", ""},
	} {
		s := knownSite(t)
		s.agency()
		resp := s.get(c.path + "?q=" + url.QueryEscape(c.q))
		if resp.StatusCode >= 500 || len(s.noted()) != 1 {
			t.Errorf("%s?q=%s: %d, %d events, want 1", c.path, c.q, resp.StatusCode, len(s.noted()))
			continue
		}
		e := s.noted()[0]
		if e.Number != "staff-2026-11-23" || e.Action != audit.Searched || !strings.HasPrefix(e.Actor, "staff:") || !e.At.Equal(start) ||
			c.search[0] != 'D' && e.New[audit.KeySearch] != c.search || e.New[audit.KeyFound] != c.found || e.Order != c.order {
			t.Errorf("%s?q=%s: %+v", c.path, c.q, e)
		}
		if strings.Contains(typed.Plain(e.New[audit.KeySearch]), "37040044") {
			t.Errorf("the audit holds an IBAN (S20): %+v", e)
		}
		if !strings.Contains(s.Log.String(), `"security_event":"sensitive_read"`) || strings.Contains(s.Log.String(), c.q) && c.q != "K7QX-2M4D" {
			t.Errorf("%s?q=%s: the log says %s", c.path, c.q, s.Log.String())
		}
	}
}

// S13: a look at an order is a look at each customer whose data it shows, and told to none of them.
func TestEachLookAtAnOrderIsAudited(t *testing.T) {
	s := knownSite(t)
	for _, accept := range []string{"text/html", "application/json"} {
		s.forget()
		if resp := s.get("/service/orders/K7QX-2M4D", "Accept", accept); resp.StatusCode != http.StatusOK {
			t.Fatalf("status %d", resp.StatusCode)
		}
		var at []string
		for _, e := range s.noted() {
			if e.Action != audit.OrderViewed || e.Order != "K7QX-2M4D" || !strings.HasPrefix(e.Actor, "staff:") || !e.At.Equal(start) {
				t.Errorf("noted %+v", e)
			}
			at = append(at, e.Number)
		}
		if want := s.Order("K7QX-2M4D").Numbers(); !slices.Equal(at, want) {
			t.Errorf("noted at %v, want %v", at, want)
		}
	}
	s.forget()
	s.get("/service/orders/K7QX-2M4E") // there is none
	s.get(annaPath + "/start-recovery")
	if n := s.noted(); len(n) != 1 || n[0].Action != audit.CustomerViewed {
		t.Errorf("noted %+v, want the look at the form of a customer", n)
	}
	for _, action := range []string{audit.OrderViewed, audit.Searched} {
		if audit.KindOf(action) != audit.Internal {
			t.Errorf("the customer's history tells of %s", action)
		}
	}
}

func TestWhatCannotBeAuditedIsNotShown(t *testing.T) {
	s := knownSite(t)
	s.mute()
	for _, path := range []string{"/service/orders/K7QX-2M4D", "/service/customers?q=anna%40schaefer.example", "/service/customers?q=K7QX-2M4D", "/service?q=K7QX-2M4D", annaPath + "/start-recovery"} {
		if resp := s.get(path); resp.StatusCode < 500 || strings.Contains(text(resp), "Schäfer") || resp.Header.Get("Location") != "" {
			t.Errorf("%s answers %d to %q", path, resp.StatusCode, resp.Header.Get("Location"))
		}
	}
}
