package session

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// SignInCookie carries a sign-in whose password was right and whose second step is still to come. It opens nothing.
const SignInCookie = "__Host-signin"

// PendingLasts is how long the second step may take.
const PendingLasts = 5 * time.Minute

// Pending is a sign-in between its two steps. It is stored in the Sessions table but is not a session: only the page
// of the second step accepts its cookie, and the index of sessions does not contain it.
type Pending struct {
	Cookie  string    `dynamodbav:"-"`
	Number  string    `dynamodbav:"customer"`
	Via     string    `dynamodbav:"via,omitempty"`
	Epoch   int64     `dynamodbav:"epoch"`            // under which the password was right
	Device  string    `dynamodbav:"device,omitempty"` // hash of the device cookie if it finished a whole sign-in before
	Next    string    `dynamodbav:"next,omitempty"`   // own path to go to
	Failed  int       `dynamodbav:"failed,omitempty"` // tries with a wrong password before
	Expires time.Time `dynamodbav:"expires"`

	RenewPassword bool `dynamodbav:"renewPassword,omitempty"` // as of the session it becomes
}

// NewPending gives a pending sign-in its cookie and its end. PutPending stores it.
func NewPending(rand io.Reader, now time.Time, p Pending) (Pending, error) {
	value, err := Secret(rand)
	p.Cookie, p.Expires = value, now.Add(PendingLasts)
	return p, err
}

// PutPending stores a new pending sign-in.
func PutPending(names table.Names, p Pending) types.TransactWriteItem {
	item := table.With(table.SignIn(p.Cookie), table.MustMarshal(p))
	item[table.AttrTTL] = table.N(p.Expires.Unix())
	return types.TransactWriteItem{Put: &types.Put{TableName: &names.Sessions, Item: item}}
}

// Pending finds the unfinished sign-in of a cookie; ErrNone when it does not exist, was finished or has expired.
func (s Store) Pending(ctx context.Context, r *http.Request, now time.Time) (Pending, error) {
	c, err := r.Cookie(SignInCookie)
	if err != nil || c.Value == "" {
		return Pending{}, ErrNone
	}
	item, err := s.Get(ctx, s.Names.Sessions, table.SignIn(c.Value))
	if err != nil {
		return Pending{}, fmt.Errorf("sign-in under way: %w", err)
	}
	p := Pending{}
	if err := table.Unmarshal(item, &p); err != nil {
		return Pending{}, err
	}
	if !now.Before(p.Expires) { // also when there was none
		return Pending{}, ErrNone
	}
	p.Cookie = c.Value
	return p, nil
}

// FinishPending takes the sign-in under way, once, in the transaction that opens the session.
func FinishPending(names table.Names, p Pending, now time.Time) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName: &names.Sessions, Key: table.SignIn(p.Cookie),
		ConditionExpression:       aws.String("attribute_exists(pk) AND expires > :now"),
		ExpressionAttributeValues: table.Item{":now": table.Time(now)},
	}}
}

// NewSignInCookie is the cookie of a pending sign-in.
func NewSignInCookie(p Pending) *http.Cookie {
	return hostCookie(SignInCookie, p.Cookie, int(PendingLasts.Seconds()))
}

// EndSignInCookie takes it away.
func EndSignInCookie() *http.Cookie { return hostCookie(SignInCookie, "", -1) }
