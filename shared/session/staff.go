package session

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// StaffCookie carries a session of the service team, in a table of its own that no customer function can write.
const StaffCookie = "__Host-staff"

// StaffGroup is the group that the identity provider must name (S13).
const StaffGroup = "service-team"

// Limits of a service team session, shorter than a customer's (S13), and how often its last use is written: seldom
// enough to be cheap, and often enough that the idle time is not cut short noticeably.
const (
	StaffIdle       = 15 * time.Minute
	StaffAbsolute   = 8 * time.Hour // a working day
	staffTouchEvery = time.Minute
	signInLasts     = 10 * time.Minute
)

// StaffSession is one sign-in of a member of the service team.
type StaffSession struct {
	ID        string    `dynamodbav:"-"`
	User      string    `dynamodbav:"user"` // the provider's user name; stands in history and audit
	Name      string    `dynamodbav:"name,omitempty"`
	Email     string    `dynamodbav:"email,omitempty"`
	Groups    []string  `dynamodbav:"groups,omitempty"`
	CreatedAt time.Time `dynamodbav:"createdAt"`
	LastUsed  time.Time `dynamodbav:"lastUsed"`
	Expires   time.Time `dynamodbav:"expires"`
}

// MayReview says whether the person is in the service team.
func (s StaffSession) MayReview() bool { return slices.Contains(s.Groups, StaffGroup) }

// Actor is how history and audit name the person.
func (s StaffSession) Actor() string { return StaffActor + s.User }

// StaffActor stands before the user name of the service team in history and audit.
const StaffActor = "staff:"

// Ends is when the session ends unless it is used before.
func (s StaffSession) Ends() time.Time {
	if idle := s.LastUsed.Add(StaffIdle); idle.Before(s.Expires) {
		return idle
	}
	return s.Expires
}

// SignIn is a sign-in under way between the redirect to the provider and its callback.
type SignIn struct {
	Browser  string    `dynamodbav:"browser"`  // hash of the cookie of the browser that began it
	Verifier string    `dynamodbav:"verifier"` // PKCE
	Nonce    string    `dynamodbav:"nonce"`
	Next     string    `dynamodbav:"next,omitempty"` // own path to go to
	Expires  time.Time `dynamodbav:"expires"`
}

// StaffStore keeps sessions of the service team.
type StaffStore struct{ table.Store }

// Begin stores a sign-in under way by its state.
func (s StaffStore) Begin(ctx context.Context, state string, in SignIn, now time.Time) error {
	in.Expires = now.Add(signInLasts)
	item := table.With(table.StaffSignIn(state), table.MustMarshal(in))
	item[table.AttrTTL] = table.N(in.Expires.Unix())
	_, err := s.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Names.StaffSessions, Item: item})
	if err != nil {
		return fmt.Errorf("begin staff sign-in: %w", err)
	}
	return nil
}

// Finish takes a sign-in under way, once. ErrNone when the state is unknown, used or too old.
func (s StaffStore) Finish(ctx context.Context, state string, now time.Time) (SignIn, error) {
	out, err := s.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.Names.StaffSessions, Key: table.StaffSignIn(state), ReturnValues: types.ReturnValueAllOld,
	})
	if err != nil {
		return SignIn{}, fmt.Errorf("finish staff sign-in: %w", err)
	}
	var in SignIn
	if err := table.Unmarshal(out.Attributes, &in); err != nil {
		return SignIn{}, err
	}
	if !now.Before(in.Expires) { // also when there was none
		return SignIn{}, ErrNone
	}
	return in, nil
}

// Create stores a new session and returns the value of its cookie.
func (s StaffStore) Create(ctx context.Context, rand io.Reader, staff StaffSession, now time.Time) (cookieValue string, err error) {
	value, err := Secret(rand)
	if err != nil {
		return "", err
	}
	staff.CreatedAt, staff.LastUsed, staff.Expires = now, now, now.Add(StaffAbsolute)
	item := table.With(table.Session(table.Hash(value)), table.MustMarshal(staff))
	item[table.AttrTTL] = table.N(staff.Expires.Unix())
	if _, err := s.DB.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &s.Names.StaffSessions, Item: item, ConditionExpression: aws.String("attribute_not_exists(pk)"),
	}); err != nil {
		return "", fmt.Errorf("create staff session: %w", err)
	}
	return value, nil
}

// Load finds the session of a cookie; ErrNone when it does not exist or is past a limit.
func (s StaffStore) Load(ctx context.Context, cookieValue string, now time.Time) (StaffSession, error) {
	if cookieValue == "" {
		return StaffSession{}, ErrNone
	}
	found := StaffSession{ID: table.Hash(cookieValue)}
	item, err := s.Get(ctx, s.Names.StaffSessions, table.Session(found.ID))
	if err != nil {
		return StaffSession{}, fmt.Errorf("load staff session: %w", err)
	}
	if err := table.Unmarshal(item, &found); err != nil {
		return StaffSession{}, err
	}
	if !now.Before(found.Ends()) {
		return StaffSession{}, ErrNone
	}
	if now.Sub(found.LastUsed) >= staffTouchEvery {
		if err := touch(ctx, s.Store, s.Names.StaffSessions, found.ID, now); err != nil {
			return StaffSession{}, err
		}
		found.LastUsed = now
	}
	return found, nil
}

// End ends the session of a cookie.
func (s StaffStore) End(ctx context.Context, cookieValue string) error {
	return end(ctx, s.Store, s.Names.StaffSessions, table.Hash(cookieValue))
}

// NewStaffCookie is the cookie of a service team session.
func NewStaffCookie(value string) *http.Cookie { return hostCookie(StaffCookie, value, 0) }

// EndStaffCookie takes the cookie away.
func EndStaffCookie() *http.Cookie { return hostCookie(StaffCookie, "", -1) }
