package review

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"kundenkonto/shared/session"
)

func TestTheWarningOfAReviewersSessionExtendsItByOneClick(t *testing.T) { // S9
	s := newSite(t)
	if resp := s.get("/service/session", "Accept", "application/json"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a session: %d", resp.StatusCode)
	}
	s.signIn()
	warning := s.page(s.get("/service"), http.StatusOK).Find("#ending")
	if path := warning.AttrOr("data-extend", ""); path != "/service/session" || warning.Find("button").Length() != 1 {
		t.Fatalf("the warning asks for %q", path)
	}
	s.Now = s.Now.Add(12 * time.Minute)
	var answer struct {
		SessionEnds time.Time
		Clock       string
	}
	resp := s.get("/service/session", "Accept", "application/json")
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || resp.StatusCode != http.StatusOK || answer.Clock == "" {
		t.Fatalf("%d, %+v, %v", resp.StatusCode, answer, err)
	}
	if want := s.Now.Add(session.StaffIdle); !answer.SessionEnds.Equal(want) {
		t.Errorf("it ends at %v, want %v", answer.SessionEnds, want)
	}
}
