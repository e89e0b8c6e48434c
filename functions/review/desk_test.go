package review

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestAClaimTellsTheOthersAndIsGivenBack(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := s.put(anna())
	s.redirected(s.post(orderPath+"/claim", nil), orderPath)
	if got := words(s.page(s.get(orderPath), http.StatusOK).Find(".decision .badge")); got != "in Arbeit bei Ihnen" {
		t.Errorf("the page says %q", got)
	}
	if got := words(s.page(s.post(orderPath+"/reject", form(o.Digest)), http.StatusUnprocessableEntity).Find(".decision .badge")); got != "in Arbeit bei Ihnen" {
		t.Errorf("after a mistake the page says %q", got)
	}
	s.redirected(s.post(orderPath+"/release", nil), orderPath)
	if s.Order(o.ID).ClaimedBy != "" {
		t.Error("it was not given back")
	}
	o.ClaimedBy = "staff:kim"
	s.put(o)
	if got := words(s.page(s.get("/service"), http.StatusOK).Find("tbody .badge")); !strings.Contains(got, "in Arbeit bei kim") {
		t.Errorf("the queue says %q", got)
	}
	doc := s.page(s.get(orderPath), http.StatusOK)
	if got := words(doc.Find(".decision .badge")); got != "in Arbeit bei kim" || doc.Find("button[data-key=a]").Length() != 1 || doc.Find("button[data-key=c]").Length() != 1 {
		t.Errorf("the page says %q", got)
	}
	o.State, o.Reviewer, o.DecidedAt = merge.Rejected, "staff:kim", start
	s.put(o)
	s.page(s.post(orderPath+"/claim", nil), http.StatusConflict)
}

// M4: an order whose other side was not told goes on with a noted contact only.
func TestAnOrderThatASideWasNotToldOfNeedsAContact(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := anna()
	o.Unreached = []order.Unreached{{Numbers: []string{"10000023"}, Why: order.Bounced}}
	s.put(o)
	if got := words(s.page(s.get(orderPath), http.StatusOK).Find(".decision")); !strings.Contains(got, "10000023 (E-Mail kam zurück)") {
		t.Errorf("the reviewer reads %q", got)
	}
	doc := s.page(s.post(orderPath+"/approve", form(o.Digest, "note", "schon angerufen", "contact", " ")), http.StatusUnprocessableEntity)
	if doc.Find(".error-summary a[href='#f-contact']").Length() != 1 || doc.Find("#f-note").Text() != "schon angerufen" || len(s.decisions(o.ID)) != 0 {
		t.Errorf("without a contact: %s", words(doc.Find("main")))
	}
	s.redirected(s.post(orderPath+"/approve", form(o.Digest, "contact", "am Telefon")), orderPath+"?decided=approved")
	if o := s.Order(o.ID); o.Contact != "am Telefon" || !o.ContactedAt.Equal(start) {
		t.Errorf("noted %q at %s", o.Contact, o.ContactedAt)
	}
	// It bounces once more, after the approval.
	o = s.Order(o.ID)
	o.ContactedAt, o.Contact = time.Time{}, ""
	s.put(o)
	s.redirected(s.post(orderPath+"/approve", form(o.Digest, "contact", "per Brief")), orderPath+"?decided=approved")
	if got := words(s.page(s.get(orderPath), http.StatusOK).Find(".decision")); !strings.Contains(got, "per Brief") {
		t.Errorf("the contact is not shown: %q", got)
	}
}

func TestABarIsReleasedWithAReasonThatStaysInside(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := anna()
	o.State, o.Opposed = merge.Vetoed, []string{"10000023"}
	s.put(o)
	s.bar("10000017", "10000023")
	if doc := s.page(s.get(orderPath), http.StatusOK); doc.Find("form[action$=release-bar]").Length() != 1 {
		t.Fatal("the page offers no release")
	}
	s.page(s.post(orderPath+"/release-bar", form("", "customerNumber", "10000023", "reason", " ")), http.StatusUnprocessableEntity)
	if resp := s.post(orderPath+"/release-bar", form("", "customerNumber", "10000099", "reason", "x")); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a number that is not of the order: %d", resp.StatusCode)
	}
	s.redirected(s.post(orderPath+"/release-bar", form("", "customerNumber", " 1000 0023 / ", "reason", "mit beiden gesprochen")), orderPath)
	s.released("10000017", "10000023", "mit beiden gesprochen")
	if s.page(s.get(orderPath), http.StatusOK).Find("form[action$=release-bar]").Length() != 0 {
		t.Error("it can be released again")
	}
}
