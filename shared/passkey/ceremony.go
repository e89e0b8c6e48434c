package passkey

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/secondfactor"
)

// ErrRefused is an answer of a browser that proves nothing: another site, another challenge, no verified user, a wrong
// signature, an unknown passkey. All look the same to the visitor; the cause is for the log.
var ErrRefused = errors.New("passkey: refused")

// NewHandle makes the user handle of a customer: 256 bit that say nothing of who it is.
func NewHandle(rand io.Reader) (string, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return "", fmt.Errorf("user handle: %w", err)
	}
	return text.EncodeToString(raw), nil
}

// BeginAdd asks a customer's browser for a new passkey. options go to the browser, challenge is kept.
func (s Site) BeginAdd(p customer.Profile, f secondfactor.Factor, handle string) (options any, challenge string, err error) {
	h, err := holderOf(p, f, handle)
	if err != nil {
		return nil, "", err
	}
	var known []protocol.CredentialDescriptor
	for _, c := range h.credentials {
		known = append(known, c.Descriptor())
	}
	creation, session, err := s.party.BeginRegistration(h, webauthn.WithExclusions(known),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		}))
	if err != nil {
		return nil, "", fmt.Errorf("begin passkey: %w", err)
	}
	challenge, err = written(session)
	return creation.Response, challenge, err
}

// FinishAdd checks the browser's answer and puts the passkey among the customer's.
func (s Site) FinishAdd(p customer.Profile, f secondfactor.Factor, handle, challenge, answer, name string, now time.Time) (secondfactor.Factor, error) {
	h, err := holderOf(p, f, handle)
	if err != nil {
		return f, err
	}
	session, err := read(challenge)
	if err != nil {
		return f, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return f, refused(err)
	}
	c, err := s.party.CreateCredential(h, session, parsed)
	if err != nil {
		return f, refused(err)
	}
	id := text.EncodeToString(c.ID)
	if slices.ContainsFunc(f.Passkeys, func(k secondfactor.Passkey) bool { return k.ID == id }) {
		return f, refused(errors.New("the passkey is already among the customer's"))
	}
	k := secondfactor.Passkey{ID: id, Name: name, AddedAt: now}
	if k.Record, err = record(*c); err != nil {
		return f, err
	}
	f.Handle = handle
	f.Passkeys = append(slices.Clone(f.Passkeys), k)
	return f, nil
}

// BeginSignIn asks any browser for a passkey of this site.
func (s Site) BeginSignIn() (options any, challenge string, err error) {
	assertion, session, err := s.party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", fmt.Errorf("begin sign-in with a passkey: %w", err)
	}
	challenge, err = written(session)
	return assertion.Response, challenge, err
}

// Owner is who a user handle stands for.
type Owner struct {
	Profile customer.Profile
	Factor  secondfactor.Factor
}

// FinishSignIn checks the browser's answer. It gives the owner, and what the factor is after the use of the passkey. A
// counter that does not rise is a copy of the passkey and refused (WebAuthn, 6.1.1).
func (s Site) FinishSignIn(challenge, answer string, now time.Time, find func(handle string) (Owner, error)) (Owner, secondfactor.Factor, error) {
	session, err := read(challenge)
	if err != nil {
		return Owner{}, secondfactor.Factor{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return Owner{}, secondfactor.Factor{}, refused(err)
	}
	var owner Owner
	var failed error
	c, err := s.party.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
		if owner, failed = find(text.EncodeToString(handle)); failed != nil {
			return nil, failed
		}
		return holderOf(owner.Profile, owner.Factor, owner.Factor.Handle)
	}, session, parsed)
	if failed != nil {
		return Owner{}, secondfactor.Factor{}, failed
	}
	if err != nil {
		return Owner{}, secondfactor.Factor{}, refused(err)
	}
	if c.Authenticator.CloneWarning {
		return owner, owner.Factor, refused(errors.New("the counter of the passkey did not rise"))
	}
	used, err := afterUse(owner.Factor, *c, now)
	return owner, used, err
}

// afterUse notes the use, with the counter for the next time.
func afterUse(f secondfactor.Factor, c webauthn.Credential, now time.Time) (secondfactor.Factor, error) {
	f.Passkeys = slices.Clone(f.Passkeys)
	for i := range f.Passkeys {
		k := &f.Passkeys[i]
		if k.ID != text.EncodeToString(c.ID) {
			continue
		}
		k.LastUsed = now
		var err error
		k.Record, err = record(c)
		return f, err
	}
	return f, ErrRefused
}

// record is what is kept of a passkey. The attestation is not asked for and not kept.
func record(c webauthn.Credential) (string, error) {
	c.Attestation = webauthn.CredentialAttestation{}
	b, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("write passkey: %w", err)
	}
	return string(b), nil
}

func written(session *webauthn.SessionData) (string, error) {
	b, err := json.Marshal(session)
	if err != nil {
		return "", fmt.Errorf("write challenge: %w", err)
	}
	return string(b), nil
}

func read(challenge string) (webauthn.SessionData, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal([]byte(challenge), &session); err != nil {
		return session, fmt.Errorf("read challenge: %w", err)
	}
	return session, nil
}

// refused keeps the library's words for the log; they hold no secret.
func refused(cause error) error { return fmt.Errorf("%w: %w", ErrRefused, cause) }
