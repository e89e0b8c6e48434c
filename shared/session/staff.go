package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
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

// Limits of a service team session, shorter than a customer's (S13). The last use is written seldom enough to be
// cheap, and often enough that the idle time is not noticeably shorter. After StaffCheckEvery the directory is asked
// again whether the person still belongs to the team.
const (
	StaffIdle       = 15 * time.Minute
	StaffAbsolute   = 8 * time.Hour // a working day
	StaffCheckEvery = 10 * time.Minute
	staffTouchEvery = time.Minute
	signInLasts     = 10 * time.Minute
)

// StaffSession is one sign-in of a member of the service team. Sub identifies the person: the provider never gives it
// to anybody else, while a user name can become another person's.
type StaffSession struct {
	ID        string    `dynamodbav:"-"`
	Sub       string    `dynamodbav:"sub,omitempty"`
	User      string    `dynamodbav:"user"` // the provider's user name, by which the directory is asked
	Name      string    `dynamodbav:"name,omitempty"`
	Email     string    `dynamodbav:"email,omitempty"`
	Groups    []string  `dynamodbav:"groups,omitempty"`
	CreatedAt time.Time `dynamodbav:"createdAt"`
	CheckedAt time.Time `dynamodbav:"checkedAt"` // when provider or directory said last that the person may come in
	LastUsed  time.Time `dynamodbav:"lastUsed"`
	Expires   time.Time `dynamodbav:"expires"`
}

// Directory knows who is in the service team now.
type Directory interface {
	// Standing is the person of a session as the directory has them now, with their groups. ErrNone: there is no such person
	// any more, or they may not sign in.
	Standing(ctx context.Context, s StaffSession) (StaffSession, error)
}

// MayReview says whether the person is in the service team.
func (s StaffSession) MayReview() bool { return slices.Contains(s.Groups, StaffGroup) }

// Person tells people apart, whatever they are called.
func (s StaffSession) Person() string { return cmp.Or(s.Sub, s.User) }

// Actor is how history and audit name the person: the identifier, and the name at that time.
func (s StaffSession) Actor() string {
	if s.Sub == "" {
		return StaffActor + s.User
	}
	return StaffActor + s.Sub + actorName + s.Name
}

// An actor of the service team is StaffActor, the identifier, actorName and the name. Events from before that have
// the user name only.
const (
	StaffActor = "staff:"
	actorName  = "|"
)

// SameStaff reports whether two actors are the same person of the service team, even under different names.
func SameStaff(a, b string) bool {
	a, ofTeam := strings.CutPrefix(a, StaffActor)
	b, both := strings.CutPrefix(b, StaffActor)
	a, _, _ = strings.Cut(a, actorName)
	b, _, _ = strings.Cut(b, actorName)
	return ofTeam && both && a == b
}

// StaffName is what an actor of the service team is called; ok is false for any other actor.
func StaffName(actor string) (name string, ok bool) {
	who, ok := strings.CutPrefix(actor, StaffActor)
	if _, name, known := strings.Cut(who, actorName); known && name != "" {
		return name, ok
	}
	return strings.TrimSuffix(who, actorName), ok
}

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

// Began is when the sign-in began.
func (s SignIn) Began() time.Time { return s.Expires.Add(-signInLasts) }

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
	staff.CreatedAt, staff.CheckedAt, staff.LastUsed, staff.Expires = now, now, now, now.Add(StaffAbsolute)
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

// Recheck asks the directory whether the person of a session still belongs to the team, when it was last asked too
// long ago. Whoever is disabled or deleted, or whose user name belongs to somebody else by now, loses the session
// (ErrNone). Whoever only left the group loses it, too, and the returned session says so. When the directory does not
// answer that is an error: nobody gets in unchecked.
func (s StaffStore) Recheck(ctx context.Context, found StaffSession, team Directory, now time.Time) (StaffSession, error) {
	if now.Sub(found.CheckedAt) < StaffCheckEvery {
		return found, nil
	}
	standing, err := StaffSession{}, ErrNone
	if team != nil && found.Sub != "" {
		standing, err = team.Standing(ctx, found)
	}
	switch {
	case err != nil && !errors.Is(err, ErrNone):
		return StaffSession{}, fmt.Errorf("ask the directory: %w", err)
	case err != nil || standing.Sub != found.Sub:
		return StaffSession{}, cmp.Or(end(ctx, s.Store, s.Names.StaffSessions, found.ID), ErrNone)
	case !standing.MayReview():
		found.Groups = standing.Groups
		return found, end(ctx, s.Store, s.Names.StaffSessions, found.ID)
	}
	found.Groups, found.Name, found.CheckedAt = standing.Groups, standing.Name, now
	return found, s.checked(ctx, found)
}

// checked keeps what the directory said, unless the session has been ended meanwhile (ErrNone).
func (s StaffStore) checked(ctx context.Context, found StaffSession) error {
	_, err := s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.StaffSessions, Key: table.Session(found.ID),
		UpdateExpression:          aws.String("SET #checkedAt = :checkedAt, #name = :name"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeNames:  map[string]string{"#checkedAt": "checkedAt", "#name": "name"},
		ExpressionAttributeValues: table.Item{":checkedAt": table.Time(found.CheckedAt), ":name": table.S(found.Name)},
	})
	if _, refused := table.ConditionFailed(err); refused {
		return ErrNone
	}
	if err != nil {
		return fmt.Errorf("note the check of a staff session: %w", err)
	}
	return nil
}

// End ends the session of a cookie.
func (s StaffStore) End(ctx context.Context, cookieValue string) error {
	return end(ctx, s.Store, s.Names.StaffSessions, table.Hash(cookieValue))
}

// NewStaffCookie is the cookie of a service team session.
func NewStaffCookie(value string) *http.Cookie { return hostCookie(StaffCookie, value, 0) }

// EndStaffCookie takes the cookie away.
func EndStaffCookie() *http.Cookie { return hostCookie(StaffCookie, "", -1) }
