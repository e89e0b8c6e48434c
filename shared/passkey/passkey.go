// Package passkey signs customers in with passkeys (WebAuthn): the ceremonies, their challenges, and how a passkey is
// kept in secondfactor.Factor. A passkey is found on the device without a customer number being typed, and the device
// must have verified its user (PIN, finger, face): it stands for both factors.
package passkey

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/secondfactor"
)

// Most is how many passkeys a number may have.
const Most = 10

// ceremonyLasts is how long a browser may take to answer a challenge.
const ceremonyLasts = 5 * time.Minute

// Site is the relying party: the configured origin of the pages, never one from a request.
type Site struct{ party *webauthn.WebAuthn }

// NewSite makes the relying party of an origin such as https://kunden.example.com.
func NewSite(publicURL, brand string) (Site, error) {
	u, err := url.Parse(publicURL)
	if err != nil {
		return Site{}, fmt.Errorf("passkeys: public address: %w", err)
	}
	limit := webauthn.TimeoutConfig{Timeout: ceremonyLasts, TimeoutUVD: ceremonyLasts} // Challenges.Take keeps it
	party, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: brand, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		Timeouts:              webauthn.TimeoutsConfig{Login: limit, Registration: limit},
	})
	if err != nil {
		return Site{}, fmt.Errorf("passkeys: %w", err)
	}
	return Site{party}, nil
}

// holder is a customer as the library wants to see one.
type holder struct {
	handle      []byte
	name        string
	credentials []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.handle }
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

// holderOf reads the passkeys of a customer. The name is what the device shows when it asks which passkey to take.
func holderOf(p customer.Profile, f secondfactor.Factor, handle string) (holder, error) {
	raw, err := text.DecodeString(handle)
	if err != nil {
		return holder{}, fmt.Errorf("user handle: %w", err)
	}
	h := holder{handle: raw, name: p.DisplayName() + " (" + p.Number + ")"}
	for _, k := range f.Passkeys {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(k.Record), &c); err != nil {
			return holder{}, fmt.Errorf("stored passkey: %w", err)
		}
		h.credentials = append(h.credentials, c)
	}
	return h, nil
}

var text = base64.RawURLEncoding
