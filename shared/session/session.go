// Package session keeps customers and the service team signed in: opaque 256-bit cookies, hashed at rest, with an idle
// and an absolute end, void at once when the customer's epoch rises (S8).
package session

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Cookie carries a customer's session. The prefix makes browsers refuse it without Secure and Path=/ or with a Domain.
const Cookie = "__Host-session"

// Limits of a customer's session, and how often its last use is written.
const (
	Idle       = 30 * time.Minute
	Absolute   = 8 * time.Hour
	touchEvery = 5 * time.Minute
	remembered = 8 * time.Hour // after its end, so that a form sent too late finds its customer (S9)
)

// ErrNone: the cookie belongs to no session, or its session has ended.
var ErrNone = errors.New("session: none")

// Session is one sign-in of a customer. ID is the hash of the cookie. Via is the old, merged number that was typed at
// the sign-in, else "". Epoch is the customer's epoch that it was made under.
type Session struct {
	ID        string    `dynamodbav:"-"`
	Number    string    `dynamodbav:"number"`
	Via       string    `dynamodbav:"via,omitempty"`
	Epoch     int64     `dynamodbav:"epoch"`
	CreatedAt time.Time `dynamodbav:"createdAt"`
	LastUsed  time.Time `dynamodbav:"lastUsed"`
	Expires   time.Time `dynamodbav:"expires"`
	UserAgent string    `dynamodbav:"userAgent,omitempty"`

	// RenewPassword asks for a new password: only the beginning of the present one was compared (credential.CutOff).
	RenewPassword bool `dynamodbav:"renewPassword,omitempty"`
}

// Start is what a new session is made from.
type Start struct {
	Number    string
	Via       string
	Epoch     int64
	UserAgent string

	RenewPassword bool
}

// maxUserAgent bounds what is kept of a header that the client writes.
const maxUserAgent = 200

// New makes a session and the value of its cookie. Put stores it.
func New(rand io.Reader, now time.Time, start Start) (cookieValue string, s Session, err error) {
	value, err := Secret(rand)
	if err != nil {
		return "", Session{}, err
	}
	agent := start.UserAgent[:min(len(start.UserAgent), maxUserAgent)]
	return value, Session{
		ID: table.Hash(value), Number: start.Number, Via: start.Via, Epoch: start.Epoch,
		CreatedAt: now, LastUsed: now, Expires: now.Add(Absolute), UserAgent: agent, RenewPassword: start.RenewPassword,
	}, nil
}

// Renew replaces a session by one with a new cookie and another epoch: the same sign-in with the same end. A change
// that ends all sessions uses it to keep its own browser signed in.
func Renew(rand io.Reader, now time.Time, old Session, epoch int64) (cookieValue string, s Session, err error) {
	value, err := Secret(rand)
	if err != nil {
		return "", Session{}, err
	}
	old.ID, old.Epoch, old.LastUsed = table.Hash(value), epoch, now
	return value, old, nil
}

// Secret makes an opaque 256-bit value for a cookie.
func Secret(rand io.Reader) (string, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return "", fmt.Errorf("cookie value: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// Put stores a new session, in the transaction that checks the credential it was made by.
func Put(names table.Names, s Session) types.TransactWriteItem {
	item := table.With(table.Session(s.ID), table.MustMarshal(s))
	item[table.AttrTTL] = table.N(s.Expires.Add(remembered).Unix())
	return types.TransactWriteItem{Put: &types.Put{TableName: &names.Sessions, Item: item}}
}

// Drop ends the session of a cookie in a transaction, such as the sign-in that replaces it.
func Drop(names table.Names, cookieValue string) types.TransactWriteItem {
	return DropID(names, table.Hash(cookieValue))
}

// DropID is Drop for a session that was loaded.
func DropID(names table.Names, id string) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{TableName: &names.Sessions, Key: table.Session(id)}}
}

// Ends is when the session ends without another request.
func (s Session) Ends() time.Time {
	if idle := s.LastUsed.Add(Idle); idle.Before(s.Expires) {
		return idle
	}
	return s.Expires
}

// NewCookie is the cookie of a session; the browser forgets it when it closes, the server after its limits.
func NewCookie(value string) *http.Cookie { return hostCookie(Cookie, value, 0) }

// EndCookie takes the cookie away.
func EndCookie() *http.Cookie { return hostCookie(Cookie, "", -1) }

func hostCookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: maxAge,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}
