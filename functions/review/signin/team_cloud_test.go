package signin_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"kundenkonto/functions/review/signin"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/session"
)

// S13, S14: with the function's role the real user pool says who belongs to the team, and no longer of whom it does not.
func TestTheRoleAsksTheUserPoolWhoBelongsToTheTeam(t *testing.T) {
	pool := aws.String(localtest.Outputs(t)["StaffPool"])
	admin := cognitoidentityprovider.NewFromConfig(localtest.Admin(t))
	name := aws.String("kurz-" + strings.ToLower(rand.Text()))
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	made, err := admin.AdminCreateUser(t.Context(), &cognitoidentityprovider.AdminCreateUserInput{UserPoolId: pool, Username: name, MessageAction: types.MessageActionTypeSuppress,
		TemporaryPassword: aws.String("Serviceteam-Kurz-2026"), UserAttributes: []types.AttributeType{{Name: aws.String("name"), Value: aws.String("Kurt Kurz")}}})
	do(err)
	who := session.StaffSession{User: *name}
	for _, a := range made.User.Attributes {
		if *a.Name == "sub" {
			who.Sub = *a.Value
		}
	}
	team := signin.NewTeam(localtest.Config(t, "review"), *pool)
	stands := func(when string, may bool, want error) {
		t.Helper()
		got, err := team.Standing(t.Context(), who)
		if !errors.Is(err, want) || want == nil && (got.Sub != who.Sub || got.Sub == "" || got.Name != "Kurt Kurz" || got.MayReview() != may) {
			t.Errorf("%s: %+v, %v", when, got, err)
		}
	}
	stands("with the password of the invitation", false, session.ErrNone)
	_, err = admin.AdminSetUserPassword(t.Context(), &cognitoidentityprovider.AdminSetUserPasswordInput{UserPoolId: pool, Username: name, Password: aws.String("Serviceteam-Kurz-2026"), Permanent: true})
	do(err)
	stands("outside the group", false, nil)
	_, err = admin.AdminAddUserToGroup(t.Context(), &cognitoidentityprovider.AdminAddUserToGroupInput{UserPoolId: pool, Username: name, GroupName: aws.String(session.StaffGroup)})
	do(err)
	stands("in the group", true, nil)
	_, err = admin.AdminRemoveUserFromGroup(t.Context(), &cognitoidentityprovider.AdminRemoveUserFromGroupInput{UserPoolId: pool, Username: name, GroupName: aws.String(session.StaffGroup)})
	do(err)
	stands("out of the group", false, nil)
	_, err = admin.AdminDisableUser(t.Context(), &cognitoidentityprovider.AdminDisableUserInput{UserPoolId: pool, Username: name})
	do(err)
	stands("disabled", false, session.ErrNone)
	_, err = admin.AdminDeleteUser(t.Context(), &cognitoidentityprovider.AdminDeleteUserInput{UserPoolId: pool, Username: name})
	do(err)
	stands("deleted", false, session.ErrNone)
}
