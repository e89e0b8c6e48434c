package review

import (
	"net/http"
	"strings"
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/secondfactor"
)

// The sign is true when it is looked at: it goes as soon as the surviving number has a second step, and comes when a source gets one.
func TestAReviewerIsToldThatASecondStepIsLost(t *testing.T) {
	s := newSite(t)
	s.signIn()
	signed := func(o merge.State, merged bool) bool {
		one := anna()
		one.State = o
		s.put(one)
		if merged {
			p := s.Profile("10000017")
			p.MergedInto = "10000099"
			s.Save(p)
		}
		risks := words(s.page(s.get("/service/orders/K7QX-2M4D"), http.StatusOK).Find(".risks"))
		return strings.Contains(risks, "Zweite Stufe entfällt: die Nummer ist mit einem Code oder Passkey gesichert; zusammengefasst genügt für ihre Pakete das Kundenpasswort von 10000017 (10000023)")
	}
	if signed(merge.InReview, false) {
		t.Error("a sign without a second step")
	}
	s.guard("10000023", secondfactor.State{Codes: true})
	for state, want := range map[merge.State]bool{merge.Submitted: true, merge.InReview: true, merge.Stale: true, merge.Approved: true, merge.Executed: true, merge.Rejected: false, merge.Undone: false} {
		if got := signed(state, false); got != want {
			t.Errorf("%s: signed = %v", state, got)
		}
	}
	if signed(merge.Executed, true) {
		t.Error("a number guards them that the order does not know of")
	}
	s.guard("10000017", secondfactor.State{Codes: true})
	if signed(merge.InReview, false) {
		t.Error("the sign stays after the survivor set up a second step")
	}
}
