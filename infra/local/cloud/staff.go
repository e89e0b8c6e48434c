package cloud

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// demoStaff are two, because two reviewers must not both decide.
var demoStaff = []struct{ user, name string }{{"petra", "Petra Lindner"}, {"jonas", "Jonas Weber"}}

const demoStaffPassword = "Serviceteam-Demo-2026"

// signUpStaff makes the demo reviewers in the user pool, once.
func (c *Cloud) signUpStaff(ctx context.Context) error {
	cognito := cognitoidentityprovider.NewFromConfig(c.Admin())
	pool := aws.String(c.Stack["StaffPool"])
	for _, s := range demoStaff {
		c.Local.Staff = append(c.Local.Staff, StaffLogin{User: s.user, Password: demoStaffPassword})
		_, err := cognito.AdminCreateUser(ctx, &cognitoidentityprovider.AdminCreateUserInput{
			UserPoolId: pool, Username: aws.String(s.user), MessageAction: types.MessageActionTypeSuppress,
			TemporaryPassword: aws.String(demoStaffPassword), // the emulator's own would be too short for the pool
			UserAttributes: []types.AttributeType{
				{Name: aws.String("name"), Value: aws.String(s.name)},
				{Name: aws.String("email"), Value: aws.String(s.user + "@kundenkonto.example")},
				{Name: aws.String("email_verified"), Value: aws.String("true")},
			},
		})
		if known := new(types.UsernameExistsException); errors.As(err, &known) {
			continue
		}
		if err == nil {
			_, err = cognito.AdminSetUserPassword(ctx, &cognitoidentityprovider.AdminSetUserPasswordInput{
				UserPoolId: pool, Username: aws.String(s.user), Password: aws.String(demoStaffPassword), Permanent: true})
		}
		if err == nil {
			_, err = cognito.AdminAddUserToGroup(ctx, &cognitoidentityprovider.AdminAddUserToGroupInput{
				UserPoolId: pool, Username: aws.String(s.user), GroupName: aws.String("service-team")})
		}
		if err != nil {
			return fmt.Errorf("sign up %s for the service team: %w", s.user, err)
		}
	}
	return nil
}
