package review

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

const orderPath = "/service/orders/K7QX-2M4D"

func form(digest string, more ...string) url.Values {
	f := url.Values{"digest": {digest}}
	for i := 0; i < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

func TestAnApprovalCarriesReviewerDigestReasonAndNote(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := s.put(anna())
	s.put(variant("AAAA-3333", merge.InReview, 51*60*60*1e9))
	resp := s.post(orderPath+"/approve", form(o.Digest, "note", " angerufen\r\nund bestätigt ", "reason", ""))
	s.redirected(resp, orderPath+"?decided=approved")
	if d := s.decisions(o.ID); len(d) != 1 || d[0].Actor != "staff:7f1c|Jana Wolff" || d[0].Digest != o.Digest || d[0].Note != "angerufen\nund bestätigt" {
		t.Errorf("decided %+v", d)
	}
	doc := s.page(s.get(orderPath+"?decided=approved"), http.StatusOK)
	if got := words(doc.Find(".notice.success")); !strings.Contains(got, "Der Auftrag K7QX-2M4D ist genehmigt.") {
		t.Errorf("notice %q", got)
	}
	if href := doc.Find("a.button").AttrOr("href", ""); href != "/service/orders/AAAA-3333" {
		t.Errorf("the next order is %q", href)
	}
}

func TestTheNoticeIsNotForThoseWhoDidNotDecide(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := anna()
	o.State, o.Reviewer = merge.Approved, "staff:kim"
	s.put(o)
	if s.page(s.get(orderPath+"?decided=approved"), http.StatusOK).Find(".notice").Length() != 0 {
		t.Error("somebody else's decision is told as one's own")
	}
}

func TestARejectionDemandsAReasonAndKeepsWhatWasWritten(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := s.put(anna())
	doc := s.page(s.post(orderPath+"/reject", form(o.Digest, "note", "seltsam", "reason", "  \n ")), http.StatusUnprocessableEntity)
	if doc.Find(".error-summary a[href='#f-reason']").Length() != 1 || doc.Find("#f-note").Text() != "seltsam" || len(s.decisions(o.ID)) != 0 {
		t.Errorf("page %s", words(doc.Find("main")))
	}
	s.redirected(s.post(orderPath+"/reject", form(o.Digest, "reason", "Der Name stimmt nicht.")), orderPath+"?decided=rejected")
	if s.Order(o.ID).Reason != "Der Name stimmt nicht." {
		t.Error("the reason is lost")
	}
}

// M5: the page that was approved is no longer the order's: the difference is shown, nothing decided.
func TestAStaleDigestIsRefusedWithTheDifference(t *testing.T) {
	s := newSite(t)
	s.signIn()
	before := s.put(anna())
	seen := s.page(s.get(orderPath), http.StatusOK).Find("input[name=seen]").AttrOr("value", "")
	after := anna()
	after.Survivor.Record.City, after.Survivor.Version = "Potsdam", 4
	after.Sources[0].Choices = merge.Choices{merge.MobileGroup: merge.Other, merge.EmailGroup: merge.Other}
	after.Digest = merge.Digest("", after.Survivor.Record, after.Merging())
	s.put(after)
	doc := s.page(s.post(orderPath+"/approve", form(before.Digest, "seen", seen, "note", "geprüft")), http.StatusConflict)
	if got := words(doc.Find("section:has(#difference) ul")); got != "10000017: Ort, jetzt Potsdam 10000023: Handy wird jetzt übernommen" {
		t.Errorf("difference %q", got)
	}
	if doc.Find("#f-note").Text() != "geprüft" || doc.Find("input[name=digest]").AttrOr("value", "") != after.Digest || len(s.decisions(after.ID)) != 0 {
		t.Error("the note or the new digest is missing, or something was decided")
	}
	s.page(s.post(orderPath+"/approve", form("", "seen", "garbage,1.2.3.4,")), http.StatusConflict)
}

// M5: the order is as reviewed, but the customers' records are not.
func TestAnApprovalOfOldDataHandsTheOrderBackToItsCustomer(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := s.put(anna())
	p := s.Profile("10000023")
	p.Version, p.Street = 8, "Nebenstr. 1"
	s.Save(p)
	doc := s.page(s.post(orderPath+"/approve", form(o.Digest)), http.StatusConflict)
	if got := words(doc.Find("section:has(#changes) tbody td").Last()); got != "Nebenstr. 1" {
		t.Errorf("changes %q", got)
	}
	if s.Order(o.ID).State != merge.Stale || doc.Find(".decision form[action$=approve]").Length() != 0 {
		t.Error("the order did not go back to its customer")
	}
}

func TestTheSecondReviewerIsToldWhoDecided(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := anna()
	o.State, o.Reviewer, o.DecidedAt = merge.Rejected, "staff:kim", start
	s.put(o)
	doc := s.page(s.post(orderPath+"/approve", form(o.Digest)), http.StatusConflict)
	if got := words(doc.Find(".error-summary")); !strings.Contains(got, "hat schon kim entschieden, am 23.11.2026 um 13:00 Uhr. Sein Status ist „Abgelehnt“.") {
		t.Errorf("told %q", got)
	}
	s.page(s.post(orderPath+"/reject", form(o.Digest, "reason", "nein")), http.StatusConflict)
	if len(s.decisions(o.ID)) != 0 {
		t.Error("two decisions")
	}
}

func TestAnApprovedOrderIsStoppedByWhoSawItApproved(t *testing.T) { // M4
	s := newSite(t)
	s.signIn()
	o := s.put(anna())
	s.redirected(s.post(orderPath+"/approve", form(o.Digest)), orderPath+"?decided=approved")
	s.page(s.post(orderPath+"/reject", form(o.Digest, "reason", "nein", "state", "IN_REVIEW")), http.StatusConflict)
	doc := s.page(s.get(orderPath), http.StatusOK)
	seen, _ := doc.Find(".decision input[name=state]").Attr("value")
	s.redirected(s.post(orderPath+"/reject", form(o.Digest, "reason", "Die andere Seite hat angerufen.", "state", seen)), orderPath+"?decided=rejected")
	if got := s.Order(o.ID); got.State != merge.Rejected {
		t.Errorf("it is %s", got.State)
	}
}

// M9
func TestTheSameDecisionTwiceIsOne(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := s.put(anna())
	for range 2 {
		s.redirected(s.post(orderPath+"/approve", form(o.Digest)), orderPath+"?decided=approved")
	}
	s.page(s.post(orderPath+"/reject", form(o.Digest, "reason", "doch nicht")), http.StatusConflict)
	if len(s.decisions(o.ID)) != 1 {
		t.Errorf("%d decisions", len(s.decisions(o.ID)))
	}
}

func TestAFailedOrderIsTriedAgainOrRejectedButNotApproved(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := anna()
	o.State, o.Failure = merge.Failed, "States.TaskFailed"
	for _, state := range []merge.State{merge.Approved, merge.Failed} {
		o.History = append(o.History, order.Step{At: start, State: state, Actor: "system"})
	}
	s.put(o)
	if got := words(s.page(s.get(orderPath), http.StatusOK).Find("section:has(#failure)")); !strings.Contains(got, "States.TaskFailed") {
		t.Errorf("the failure is not shown: %q", got)
	}
	s.page(s.post(orderPath+"/approve", form(o.Digest)), http.StatusConflict)
	s.redirected(s.post(orderPath+"/retry", url.Values{"note": {"Tabelle war gedrosselt"}}), orderPath+"?decided=retried")
	if got := s.Order(o.ID); got.State != merge.Approved || got.Note != "Tabelle war gedrosselt" {
		t.Errorf("order %+v", got)
	}
	if got := words(s.page(s.get(orderPath+"?decided=retried"), http.StatusOK).Find(".notice.success")); !strings.Contains(got, "läuft wieder") {
		t.Errorf("notice %q", got)
	}
	s.page(s.post(orderPath+"/retry", nil), http.StatusConflict)
}

// S17
func TestATextThatIsTooLongOrOddIsRefusedAndKept(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := s.put(anna())
	for _, note := range []string{strings.Repeat("ä", 2000), "a\x00b"} {
		if resp := s.post(orderPath+"/approve", form(o.Digest, "note", note)); resp.StatusCode < 400 || resp.StatusCode > 499 {
			t.Errorf("%.10q answers %d", note, resp.StatusCode)
		}
	}
	if len(s.decisions(o.ID)) != 0 {
		t.Error("decided all the same")
	}
	// Marks that nobody sees come along with what is copied; they are dropped, since they could turn the text around.
	s.redirected(s.post(orderPath+"/approve", form(o.Digest, "note", "a\u202eb")), orderPath+"?decided=approved")
	if got := s.Order(o.ID); got.Note != "ab" {
		t.Errorf("the note is kept as %q", got.Note)
	}
}

// S10
func TestEveryPageIsForTheServiceTeamOnly(t *testing.T) {
	s := newSite(t)
	o := s.put(anna())
	open := []string{"GET /service/login", "GET /service/callback", "POST /service/logout"}
	for _, route := range Routes() {
		name := route.Method + " " + route.Pattern
		if slices.Contains(open, name) {
			continue
		}
		path := strings.ReplaceAll(route.Pattern, "{id}", o.ID)
		for who, cookies := range map[string]map[string]string{
			"nobody": {}, "a customer": {"__Host-session": strings.Repeat("A", 43)}, "somebody who guesses": {"__Host-staff": strings.Repeat("A", 43)},
		} {
			s.Cookies = cookies
			resp := s.request(route.Method, path, form(o.Digest))
			if resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(resp.Header.Get("Location"), "/service/login?next=") {
				t.Errorf("%s as %s: %d %s", name, who, resp.StatusCode, resp.Header.Get("Location"))
			}
			if resp := s.request(route.Method, path, form(o.Digest), "Accept", "application/json"); resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s as %s by JSON: %d", name, who, resp.StatusCode)
			}
		}
	}
	if len(s.decisions(o.ID)) != 0 {
		t.Error("somebody decided")
	}
}

// S16
func TestADecisionFromAnotherSiteIsRefused(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := s.put(anna())
	for _, site := range []string{"cross-site", "same-site", ""} {
		if resp := s.request(http.MethodPost, orderPath+"/approve", form(o.Digest), "Sec-Fetch-Site", site); resp.StatusCode != http.StatusForbidden {
			t.Errorf("from %q: %d", site, resp.StatusCode)
		}
	}
}
