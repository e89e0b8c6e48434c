package signin

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/session"
)

// Team asks the user pool how its members stand (S13). The two calls stand in it as functions, not as the client: see
// table.Client.
type Team struct {
	pool   string
	user   func(context.Context, *cognitoidentityprovider.AdminGetUserInput, ...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.AdminGetUserOutput, error)
	groups func(context.Context, *cognitoidentityprovider.AdminListGroupsForUserInput, ...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.AdminListGroupsForUserOutput, error)
}

// NewTeam is the team of a user pool.
func NewTeam(cfg aws.Config, pool string) Team {
	c := cognitoidentityprovider.NewFromConfig(cfg)
	return Team{pool, c.AdminGetUser, c.AdminListGroupsForUser}
}

// Standing asks for the person and their groups at once. The user name of a session can belong to somebody else by
// now; the sub of the answer tells.
func (t Team) Standing(ctx context.Context, s session.StaffSession) (session.StaffSession, error) {
	var user *cognitoidentityprovider.AdminGetUserOutput
	s.Groups = nil
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		user, err = t.user(ctx, &cognitoidentityprovider.AdminGetUserInput{UserPoolId: &t.pool, Username: &s.User})
		return err
	})
	var groups []string
	group.Go(func() (err error) { groups, err = t.groupsOf(ctx, s.User); return err })
	err := group.Wait()
	if gone := new(types.UserNotFoundException); errors.As(err, &gone) {
		return session.StaffSession{}, session.ErrNone
	}
	if err != nil {
		return session.StaffSession{}, fmt.Errorf("standing of a member of the team: %w", err)
	}
	if !user.Enabled || !mayStay[user.UserStatus] {
		return session.StaffSession{}, session.ErrNone
	}
	s.Sub, s.Name = "", s.User
	for _, a := range user.UserAttributes {
		switch aws.ToString(a.Name) {
		case "sub":
			s.Sub = aws.ToString(a.Value)
		case "name":
			s.Name = calledAs(aws.ToString(a.Value), s.User)
		}
	}
	s.Groups = groups
	return s, nil
}

// mayStay are the states of a user who could sign in without doing anything else before, such as choosing a new password.
var mayStay = map[types.UserStatusType]bool{types.UserStatusTypeConfirmed: true, types.UserStatusTypeExternalProvider: true}

func (t Team) groupsOf(ctx context.Context, user string) (groups []string, err error) {
	in := &cognitoidentityprovider.AdminListGroupsForUserInput{UserPoolId: &t.pool, Username: &user}
	for {
		page, err := t.groups(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, g := range page.Groups {
			groups = append(groups, aws.ToString(g.GroupName))
		}
		if in.NextToken = page.NextToken; aws.ToString(in.NextToken) == "" {
			return groups, nil
		}
	}
}
