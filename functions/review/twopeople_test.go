package review

import (
	"net/http"
	"strings"
	"testing"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// carefulSite demands two people for an order with one risk sign.
func carefulSite(t *testing.T) *site {
	s := newSite(t)
	s.careful(1)
	s.signIn()
	return s
}

// another is somebody else of the service team at the same browser.
func (s *site) another() {
	s.team.sub, s.team.name = "99aa", "Kim Berger"
	s.issuer.claims["sub"], s.issuer.claims["name"] = s.team.sub, s.team.name
	s.Cookies = map[string]string{}
	s.signIn()
}

// careful demands two people from a number of risk signs on.
func (s *site) careful(signs int) {
	s.T.Helper()
	s.cfg.TwoPeopleFrom = signs
	s.open()
}

func TestAnOrderWithSignsIsApprovedByTwoPeople(t *testing.T) {
	s := carefulSite(t)
	o := s.put(anna())
	doc := s.page(s.get(orderPath), http.StatusOK)
	if got := words(doc.Find(".decision")); !strings.Contains(got, "Genehmigen müssen ihn zwei Personen, Sie wären die erste.") {
		t.Fatalf("before: %s", got)
	}
	for range 2 { // by the same person, twice
		s.redirected(s.post(orderPath+"/approve", form(o.Digest, "note", "Frau Schäfer rief an", "reason", "passt")), orderPath+"?decided=first")
	}
	first := s.Order(o.ID)
	if first.State != merge.InReview || first.FirstApproval == nil || first.Reviewer != "" {
		t.Fatalf("%s, %+v", first.State, first.FirstApproval)
	}
	n := 0
	for _, step := range first.History {
		if step.Event == order.ApprovedByOne {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the history tells of %d first approvals", n)
	}
	doc = s.page(s.get(orderPath+"?decided=first"), http.StatusOK)
	if doc.Find(".decision [data-key=a]").Length() != 0 || !strings.Contains(words(doc.Find(".decision")), "Es fehlt die Genehmigung einer zweiten Person") || !strings.Contains(words(doc.Find(".notice")), "zweiten Person") {
		t.Errorf("the first one's page: %s %s", words(doc.Find(".notice")), words(doc.Find(".decision")))
	}

	s.another()
	if got := words(s.page(s.get("/service"), http.StatusOK).Find("tbody")); !strings.Contains(got, "genehmigt von Jana Wolff, zweite Person fehlt") {
		t.Errorf("the list: %s", got)
	}
	doc = s.page(s.get(orderPath), http.StatusOK)
	if got := words(doc.Find(".decision")); !strings.Contains(got, "Jana Wolff hat am") || !strings.Contains(got, "Frau Schäfer rief an") || doc.Find("#f-reason").Text() != "passt" {
		t.Errorf("the second one's page: %s", got)
	}
	s.redirected(s.post(orderPath+"/approve", form(o.Digest, "reason", "passt")), orderPath+"?decided=approved")
	if o := s.Order(o.ID); o.State != merge.Approved || o.FirstApproval != nil || !strings.Contains(o.Reviewer, "Kim") {
		t.Errorf("%s by %s, %+v", o.State, o.Reviewer, o.FirstApproval)
	}
	acts := map[string]string{}
	for _, e := range s.Events() {
		acts[e.Action] = e.Actor
	}
	if !strings.Contains(acts[audit.MergeApprovedByOne], "Jana") || !strings.Contains(acts[audit.MergeApproved], "Kim") {
		t.Errorf("the history says %v", acts)
	}
}

func TestOneOfTwoPeopleMayReject(t *testing.T) {
	for name, second := range map[string]bool{"the first": false, "the second": true} {
		t.Run(name, func(t *testing.T) {
			s := carefulSite(t)
			o := s.put(anna())
			s.post(orderPath+"/approve", form(o.Digest))
			if second {
				s.another()
			}
			s.redirected(s.post(orderPath+"/reject", form(o.Digest, "reason", "doch nicht")), orderPath+"?decided=rejected")
			if o := s.Order(o.ID); o.State != merge.Rejected || o.FirstApproval != nil {
				t.Errorf("%s, %+v", o.State, o.FirstApproval)
			}
		})
	}
}

func TestFewerSignsThanTheTeamWantsTakeOnePerson(t *testing.T) {
	s := newSite(t)
	s.careful(50)
	s.signIn()
	o := s.put(anna())
	s.redirected(s.post(orderPath+"/approve", form(o.Digest)), orderPath+"?decided=approved")
}

// What was begun by two is ended by two, also when no sign is left.
func TestAFirstApprovalIsNotMadeTheOnlyOneByWaiting(t *testing.T) {
	s := carefulSite(t)
	o := s.put(anna())
	s.post(orderPath+"/approve", form(o.Digest))
	s.careful(0)
	s.redirected(s.post(orderPath+"/approve", form(o.Digest)), orderPath+"?decided=first")
	if o := s.Order(o.ID); o.State != merge.InReview {
		t.Errorf("%s", o.State)
	}
}

// A change of the data voids it: the second would approve what the first has not seen.
func TestAFirstApprovalFallsWithTheValuesThatItIsAbout(t *testing.T) {
	s := carefulSite(t)
	o := s.put(anna())
	s.post(orderPath+"/approve", form(o.Digest))
	p := s.Profile(o.Customer)
	p.Phone, p.Version = "030 99", p.Version+1
	s.Save(p)
	if _, err := s.Orders().Recheck(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	if o := s.Order(o.ID); o.State != merge.Stale || o.FirstApproval != nil {
		t.Errorf("%s, %+v", o.State, o.FirstApproval)
	}
}
