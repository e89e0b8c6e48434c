package review

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"kundenkonto/shared/lang"
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
			for s.now.Before(start.Add(15 * time.Minute)) {
				s.now = s.now.Add(time.Minute)
				if last = s.get("/service"); last.StatusCode != http.StatusOK {
					break
				}
			}
			if last.StatusCode != c.status {
				t.Fatalf("after %v: %d, want %d", s.now.Sub(start), last.StatusCode, c.status)
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
	for _, item := range s.db.items {
		delete(item, "sub")
		delete(item, "checkedAt")
	}
	s.redirected(s.get("/service"), "/service/login?next=%2Fservice")
}

// Two people of one user name, one after the other, are two; one person of two names is one.
func TestStaffAreKnownBySubAndCalledByName(t *testing.T) {
	petra := session.StaffSession{Sub: "7f1c", User: "petra", Name: "Petra Lindner"}
	married, successor := petra, session.StaffSession{Sub: "9a2b", User: "petra", Name: "Petra Lindner"}
	married.Name = "Petra Weber"
	if !session.SameStaff(petra.Actor(), married.Actor()) || session.SameStaff(petra.Actor(), successor.Actor()) || session.SameStaff("", "") || session.SameStaff("10000017", "10000017") {
		t.Error("not known by sub")
	}
	for actor, want := range map[string]string{petra.Actor(): "Petra Lindner", "staff:petra": "petra", "staff:7f1c|": "7f1c", session.StaffActor + "7f1c|A|B": "A|B"} {
		if got := actorLabel(actor); got.In(lang.DE) != want || got.In(lang.EN) != want {
			t.Errorf("%s is called %q, want %q", actor, got.In(lang.DE), want)
		}
	}
	if got := calledAs(" Jana\u202e \n Wolff\x00"+strings.Repeat("x", 99), "jana"); got != "Jana Wolff "+strings.Repeat("x", 49) {
		t.Errorf("called %q", got)
	}
	if got := calledAs("\u200b", "jana"); got != "jana" {
		t.Errorf("called %q", got)
	}
}

// pool answers as Cognito does, one group a page.
func pool(out *cognitoidentityprovider.AdminGetUserOutput, err error, groups ...string) Team {
	return Team{"pool",
		func(_ context.Context, in *cognitoidentityprovider.AdminGetUserInput, _ ...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.AdminGetUserOutput, error) {
			if aws.ToString(in.UserPoolId) != "pool" || aws.ToString(in.Username) != "jana" {
				return nil, errors.New("asked for somebody else")
			}
			return out, err
		},
		func(_ context.Context, in *cognitoidentityprovider.AdminListGroupsForUserInput, _ ...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.AdminListGroupsForUserOutput, error) {
			i := len(aws.ToString(in.NextToken))
			if i >= len(groups) {
				return &cognitoidentityprovider.AdminListGroupsForUserOutput{}, err
			}
			page := &cognitoidentityprovider.AdminListGroupsForUserOutput{Groups: []types.GroupType{{GroupName: &groups[i]}}}
			if i+1 < len(groups) {
				page.NextToken = aws.String(strings.Repeat("x", i+1))
			}
			return page, err
		}}
}

func TestTheUserPoolSaysHowAMemberStands(t *testing.T) {
	user := func(enabled bool, status types.UserStatusType) *cognitoidentityprovider.AdminGetUserOutput {
		return &cognitoidentityprovider.AdminGetUserOutput{Enabled: enabled, UserStatus: status,
			UserAttributes: []types.AttributeType{{Name: aws.String("sub"), Value: aws.String("7f1c")}, {Name: aws.String("name"), Value: aws.String("Jana Weber")}}}
	}
	jana := session.StaffSession{Sub: "7f1c", User: "jana", Name: "Jana Wolff", Groups: []string{session.StaffGroup}}
	got, err := pool(user(true, types.UserStatusTypeConfirmed), nil, "readers", session.StaffGroup).Standing(t.Context(), jana)
	want := jana
	want.Name, want.Groups = "Jana Weber", []string{"readers", session.StaffGroup}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := pool(user(true, types.UserStatusTypeConfirmed), nil).Standing(t.Context(), jana); err != nil || got.MayReview() {
		t.Errorf("out of the group: %+v, %v", got, err)
	}
	for name, team := range map[string]Team{
		"disabled":            pool(user(false, types.UserStatusTypeConfirmed), nil, session.StaffGroup),
		"must set a password": pool(user(true, types.UserStatusTypeForceChangePassword), nil, session.StaffGroup),
		"password reset":      pool(user(true, types.UserStatusTypeResetRequired), nil, session.StaffGroup),
		"deleted":             pool(nil, &types.UserNotFoundException{}),
	} {
		if _, err := team.Standing(t.Context(), jana); !errors.Is(err, session.ErrNone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := pool(nil, &types.TooManyRequestsException{}).Standing(t.Context(), jana); err == nil || errors.Is(err, session.ErrNone) {
		t.Errorf("a pool that is busy: %v", err)
	}
}
