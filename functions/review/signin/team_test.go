package signin

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"kundenkonto/shared/session"
)

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

func TestAMemberIsCalledByAPlainName(t *testing.T) {
	if got := calledAs(" Jana\u202e \n Wolff\x00"+strings.Repeat("x", 99), "jana"); got != "Jana Wolff "+strings.Repeat("x", 49) {
		t.Errorf("called %q", got)
	}
	if got := calledAs("\u200b", "jana"); got != "jana" {
		t.Errorf("called %q", got)
	}
}
