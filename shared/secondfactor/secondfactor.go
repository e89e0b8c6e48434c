// Package secondfactor keeps what a customer may set up beside the password: codes of an authenticator app as a second
// step of the sign-in (TOTP, RFC 6238), ten recovery codes for the day the app is lost, and passkeys (WebAuthn), which
// are a sign-in of their own.
//
// Everything of one number stands in one item of the Credentials table. Each change and each use writes it on condition
// that it is as it was read: of two uses of the same code at the same moment one is refused (S12). Secrets and codes are
// never logged, and a factor is switched off with the password or after a waiting time, never silently.
package secondfactor

import (
	"errors"
	"slices"
	"time"
)

// ErrWrong is a code that is not right, or was used before. Both look the same.
var ErrWrong = errors.New("second factor: wrong code")

// draftLasts is how long a secret waits for the code that confirms it.
const draftLasts = 30 * time.Minute

// Factor is what a number has set up. The zero value, with Number, has nothing.
type Factor struct {
	Number  string `dynamodbav:"-"`
	Exists  bool   `dynamodbav:"-"`
	Version int64  `dynamodbav:"version"` // goes up with each change and use

	Secret  string    `dynamodbav:"secret,omitempty"` // base32 of 160 bit; "" when the second step is off
	Since   time.Time `dynamodbav:"since,omitempty"`
	Step    int64     `dynamodbav:"step,omitempty"`  // the last one a code was used of (RFC 6238, 5.2)
	Draft   string    `dynamodbav:"draft,omitempty"` // a secret that no code has confirmed yet
	DraftAt time.Time `dynamodbav:"draftAt,omitempty"`

	Codes   []string  `dynamodbav:"codes,stringset,omitempty"` // hashes of the recovery codes left
	CodesAt time.Time `dynamodbav:"codesAt,omitempty"`

	Handle   string    `dynamodbav:"handle,omitempty"` // WebAuthn's user handle: random, says nothing of the customer
	Passkeys []Passkey `dynamodbav:"passkeys,omitempty"`

	Recovery Recovery `dynamodbav:"recovery,omitempty"`
}

// Passkey is one WebAuthn credential.
type Passkey struct {
	ID       string    `dynamodbav:"id"` // base64url, without padding
	Name     string    `dynamodbav:"name"`
	AddedAt  time.Time `dynamodbav:"addedAt"`
	LastUsed time.Time `dynamodbav:"lastUsed,omitempty"`
	Record   string    `dynamodbav:"record"` // public key, counter and flags, as JSON
}

// recent is how long a new passkey or app is young: whoever took an account over and is put out again by a new password
// may have added it.
const recent = 30 * 24 * time.Hour

// Young says whether the passkey was added a short time ago.
func (k Passkey) Young(now time.Time) bool { return now.Before(k.AddedAt.Add(recent)) }

// Young says whether the second step was set up a short time ago.
func (f Factor) Young(now time.Time) bool { return f.Secret != "" && now.Before(f.Since.Add(recent)) }

// LastPasskey is the passkey that was used last; nil when none ever was.
func (f Factor) LastPasskey() (last *Passkey) {
	for i, k := range f.Passkeys {
		if !k.LastUsed.IsZero() && (last == nil || k.LastUsed.After(last.LastUsed)) {
			last = &f.Passkeys[i]
		}
	}
	return last
}

// WithoutPasskeys takes passkeys away, and names them.
func (f Factor) WithoutPasskeys(gone func(Passkey) bool) (left Factor, names []string) {
	kept := []Passkey{}
	for _, k := range f.Passkeys {
		if gone(k) {
			names = append(names, k.Name)
			continue
		}
		kept = append(kept, k)
	}
	if len(names) > 0 {
		f.Passkeys = kept
	}
	return f, names
}

// Before is the factor without what was made after a time and opens the account or may come to: passkeys, which it names,
// recovery codes, and a secret that waits for its first code. The second step itself stays.
func (f Factor) Before(at time.Time) (left Factor, passkeys []string) {
	left, passkeys = f.WithoutPasskeys(func(k Passkey) bool { return k.AddedAt.After(at) })
	if f.CodesAt.After(at) {
		left.Codes, left.CodesAt = nil, time.Time{}
	}
	left.Draft, left.DraftAt = "", time.Time{}
	return left, passkeys
}

// Demanded says whether a sign-in with the password needs a second step at this time. A recovery that waited long
// enough ends it.
func (f Factor) Demanded(now time.Time) bool { return f.Secret != "" && !f.Recovery.Due(now) }

// Begun says whether a secret waits for its first code.
func (f Factor) Begun(now time.Time) bool {
	return f.Draft != "" && now.Before(f.DraftAt.Add(draftLasts))
}

// Begin puts a fresh secret beside what is in force; nothing changes until a code confirms it.
func (f Factor) Begin(secret string, now time.Time) Factor {
	f.Draft, f.DraftAt = secret, now
	return f
}

// Confirm puts the drafted secret in force with its recovery codes (hashes), if the code is one of it.
func (f Factor) Confirm(code string, hashes []string, now time.Time) (Factor, error) {
	if !f.Begun(now) {
		return f, ErrWrong
	}
	step, ok := match(f.Draft, code, now, 0)
	if !ok {
		return f, ErrWrong
	}
	f.Secret, f.Step, f.Since, f.Draft, f.DraftAt = f.Draft, step, now, "", time.Time{}
	f.Recovery = Recovery{}
	return f.WithCodes(hashes, now), nil
}

// WithCodes replaces all recovery codes.
func (f Factor) WithCodes(hashes []string, now time.Time) Factor {
	f.Codes, f.CodesAt = hashes, now
	return f
}

// UseCode uses a code of the app, once.
func (f Factor) UseCode(code string, now time.Time) (Factor, error) {
	step, ok := match(f.Secret, code, now, f.Step)
	if !ok {
		return f, ErrWrong
	}
	f.Step = step
	return f, nil
}

// UseRecoveryCode uses one of the recovery codes, once.
func (f Factor) UseRecoveryCode(code string) (Factor, error) {
	i := slices.Index(f.Codes, HashCode(f.Number, code))
	if f.Secret == "" || i < 0 {
		return f, ErrWrong
	}
	f.Codes = slices.Delete(slices.Clone(f.Codes), i, i+1)
	return f, nil
}

// Off takes the second step away, with its codes. Passkeys stay.
func (f Factor) Off() Factor {
	f.Secret, f.Step, f.Since, f.Draft, f.DraftAt = "", 0, time.Time{}, "", time.Time{}
	f.Codes, f.CodesAt, f.Recovery = nil, time.Time{}, Recovery{}
	return f
}
