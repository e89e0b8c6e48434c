package review

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/session"
)

// S13: whoever leaves the team, is disabled or deleted is out within fifteen minutes, however busy the session is.
func TestASessionOutlivesNobodysMembership(t *testing.T) {
	for name, c := range map[string]struct {
		leave  func(*fakeTeam)
		status int
	}{
		"disabled or deleted":               {func(f *fakeTeam) { f.err = session.ErrNone }, http.StatusSeeOther},
		"out of the group":                  {func(f *fakeTeam) { f.groups = []string{"service-team-readers"} }, http.StatusForbidden},
		"user name given to somebody else":  {func(f *fakeTeam) { f.sub = "other" }, http.StatusSeeOther},
		"a directory that does not answer":  {func(f *fakeTeam) { f.err = errors.New("throttled") }, http.StatusServiceUnavailable},
		"still a member, with another name": {func(f *fakeTeam) { f.name = "Jana Weber" }, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.signIn()
			c.leave(s.team)
			var last *http.Response
			for s.Now.Before(start.Add(15 * time.Minute)) {
				s.Now = s.Now.Add(time.Minute)
				if last = s.get("/service"); last.StatusCode != http.StatusOK {
					break
				}
			}
			if last.StatusCode != c.status {
				t.Fatalf("after %v: %d, want %d", s.Now.Sub(start), last.StatusCode, c.status)
			}
			if c.status == http.StatusOK && s.team.asked != 1 {
				t.Errorf("the directory was asked %d times in 15 minutes", s.team.asked)
			}
			if c.status == http.StatusServiceUnavailable { // it comes back
				s.team.err = nil
				s.page(s.get("/service"), http.StatusOK)
				return
			}
			if c.status != http.StatusOK { // joining again needs a new sign-in
				s.team.err, s.team.sub, s.team.groups = nil, "7f1c", []string{session.StaffGroup}
				s.redirected(s.get("/service"), "/service/login?next=%2Fservice")
			}
		})
	}
}

// A session from before the person was known by sub, or that the directory was never asked about, is none.
func TestAnOldSessionSignsInAnew(t *testing.T) {
	s := newSite(t)
	s.signIn()
	for _, item := range s.Items(tablefake.Names.StaffSessions) {
		delete(item, "sub")
		delete(item, "checkedAt")
		if _, err := s.Store.DB.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &tablefake.Names.StaffSessions, Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	s.redirected(s.get("/service"), "/service/login?next=%2Fservice")
}
