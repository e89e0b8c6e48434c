package site

import (
	"crypto/rand"
	"encoding/base64"
	"testing"
	"time"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/session"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
)

// What was agreed about sign-in, passwords and sessions (S5, S6, S8), written down apart from the code: the
// other tests wait as long as the constants say.
func TestFiguresOfTheSignInAreThoseAgreed(t *testing.T) {
	for what, is := range map[string]bool{
		"a session without use ends after 30 minutes": session.Idle == 30*time.Minute,
		"a session ends after 8 hours":                session.Absolute == 8*time.Hour,
		"kept input waits 30 minutes":                 session.KeptLasts == 30*time.Minute,
		"five tries are free":                         throttle.FreeTries == 5,
		"the longest pause is 15 minutes":             throttle.MaxPause == 15*time.Minute,
		"a link for a new password lasts 60 minutes":  token.ResetLifetime == 60*time.Minute,
		"a password has 15 characters at least":       credential.MinLength == 15,
		"a password has 256 characters at most":       credential.MaxLength == 256,
	} {
		if !is {
			t.Errorf("not true any more: %s", what)
		}
	}
	secret, err := session.Secret(rand.Reader)
	if raw, wrong := base64.RawURLEncoding.DecodeString(secret); err != nil || wrong != nil || len(raw) != 32 {
		t.Errorf("a cookie's value has %d bytes, want 256 bit: %v, %v", len(raw), err, wrong)
	}
}
