package review

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
)

func TestBankDataAreShownInFullOnceAndAuditedBefore(t *testing.T) { // S13, S20
	s := knownSite(t)
	reason := url.Values{"reason": {"Rückfrage der Bank"}}
	for path, account := range map[string]string{annaPath: "DE89370400440532013000", "/service/customers/10000023": "0648489890"} {
		s.forget()
		resp := s.post(path+"/reveal-iban", reason)
		if resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %q", path, resp.Header.Get("Cache-Control"))
		}
		if doc := s.page(resp, http.StatusOK); !strings.Contains(words(doc.Find("section:has(#revealed)")), account) {
			t.Errorf("%s shows %q", path, words(doc.Find("section:has(#revealed)")))
		}
		if len(s.noted()) != 1 {
			t.Fatalf("noted %+v", s.noted())
		}
		e := s.noted()[0]
		if !strings.HasSuffix(path, e.Number) || e.Action != audit.BankDataRevealed || !strings.HasPrefix(e.Actor, "staff:") || e.New["reason"] != "Rückfrage der Bank" || !e.At.Equal(start) {
			t.Errorf("noted %+v", e)
		}
		if strings.Contains(text(s.get(path)), account) {
			t.Errorf("%s still shows it", path)
		}
	}
	if log := s.Log.String(); strings.Contains(log, "0532013000") || strings.Contains(log, "0648489890") {
		t.Error("the log has bank data")
	}
}

func TestARevealAnswersProgramsToo(t *testing.T) {
	s := knownSite(t)
	type bank struct{ IBAN, BIC, AccountNumber, BankCode string }
	var got struct{ Revealed *bank }
	resp := s.request(http.MethodPost, annaPath+"/reveal-iban", url.Values{"reason": {"Rückfrage"}}, "Accept", "application/json")
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || got.Revealed == nil ||
		*got.Revealed != (bank{IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX", AccountNumber: "0532013000", BankCode: "37040044"}) {
		t.Errorf("%+v, %v", got.Revealed, err)
	}
}

func TestNothingIsRevealedWithoutAReasonAnAuditOrAnAccount(t *testing.T) { // S13
	s := knownSite(t)
	s.Save(customer.Profile{Number: "10000031", Company: "Ohne Konto GmbH"})
	hidden := func(body string) {
		t.Helper()
		if strings.Contains(body, "0532013000") {
			t.Error("shown all the same")
		}
	}
	resp := s.post(annaPath+"/reveal-iban", url.Values{"reason": {" "}})
	doc := s.page(resp, http.StatusUnprocessableEntity)
	if doc.Find("details[open] #f-reason[aria-invalid]").Length() != 1 {
		t.Error("the reason is not demanded at its field")
	}
	hidden(doc.Text())
	if n := s.noted(); len(n) != 1 || n[0].Action != audit.CustomerViewed {
		t.Errorf("a refused reveal is a look: %+v", n)
	}
	s.page(s.post("/service/customers/10000031/reveal-iban", url.Values{"reason": {"x"}}), http.StatusConflict)
	s.mute()
	resp = s.post(annaPath+"/reveal-iban", url.Values{"reason": {"Rückfrage"}})
	if resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("without an audit: %d", resp.StatusCode)
	}
	hidden(text(resp))
}
