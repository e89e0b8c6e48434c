package passkey

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/secondfactor"
)

const origin = "https://konto.example"

var noon = time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)

// device makes and uses one passkey, as a telephone does, and lies where a test wants it to.
type device struct {
	t       *testing.T
	key     *ecdsa.PrivateKey
	id      []byte
	handle  []byte
	origin  string
	party   string
	flags   byte // user present 1, user verified 4, key included 64
	counter uint32
}

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &device{t: t, key: key, id: []byte("passkey-" + rand.Text()), origin: origin, party: "konto.example", flags: 1 | 4, counter: 1}
}

func (d *device) clientData(kind, challenge string) []byte {
	b, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func (d *device) authenticatorData(more byte) []byte {
	party := sha256.Sum256([]byte(d.party))
	return binary.BigEndian.AppendUint32(append(party[:], d.flags|more), d.counter)
}

func (d *device) answer(response map[string]any) string {
	b, err := json.Marshal(map[string]any{"id": text.EncodeToString(d.id), "rawId": text.EncodeToString(d.id), "type": "public-key",
		"response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(b)
}

func challengeIn(t *testing.T, kept string) string {
	t.Helper()
	session, err := read(kept)
	if err != nil {
		t.Fatal(err)
	}
	return session.Challenge
}

// create is navigator.credentials.create with attestation "none".
func (d *device) create(kept string) string {
	point, err := d.key.PublicKey.Bytes()
	if err != nil {
		d.t.Fatal(err)
	}
	public, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		d.t.Fatal(err)
	}
	data := append(d.authenticatorData(64), make([]byte, 16)...)
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(d.id))), d.id...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": append(data, public...)})
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]any{"clientDataJSON": text.EncodeToString(d.clientData("webauthn.create", challengeIn(d.t, kept))),
		"attestationObject": text.EncodeToString(object)})
}

// get is navigator.credentials.get.
func (d *device) get(kept string) string {
	client, data := d.clientData("webauthn.get", challengeIn(d.t, kept)), d.authenticatorData(0)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]any{"clientDataJSON": text.EncodeToString(client), "authenticatorData": text.EncodeToString(data),
		"signature": text.EncodeToString(signature), "userHandle": text.EncodeToString(d.handle)})
}

// world is a customer with a passkey on a device.
type world struct {
	t      *testing.T
	site   Site
	owner  Owner
	device *device
}

func newWorld(t *testing.T) *world {
	t.Helper()
	site, err := NewSite(origin, "Kundenkonto")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, site: site, device: newDevice(t), owner: Owner{Profile: customer.Profile{Number: "10000017", FirstName: "Anna"}}}
	if w.owner.Factor, err = w.add(w.device); err != nil {
		t.Fatal(err)
	}
	if w.device.handle, err = text.DecodeString(w.owner.Factor.Handle); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) add(d *device) (secondfactor.Factor, error) {
	handle := w.owner.Factor.Handle
	if handle == "" {
		var err error
		if handle, err = NewHandle(rand.Reader); err != nil {
			w.t.Fatal(err)
		}
	}
	_, kept, err := w.site.BeginAdd(w.owner.Profile, w.owner.Factor, handle)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.site.FinishAdd(w.owner.Profile, w.owner.Factor, handle, kept, d.create(kept), "Telefon", noon)
}

func (w *world) begin() string {
	w.t.Helper()
	_, kept, err := w.site.BeginSignIn()
	if err != nil {
		w.t.Fatal(err)
	}
	return kept
}

func (w *world) finish(kept, answer string) (secondfactor.Factor, error) {
	_, used, err := w.site.FinishSignIn(kept, answer, noon, func(handle string) (Owner, error) {
		if handle != w.owner.Factor.Handle {
			return Owner{}, ErrRefused
		}
		return w.owner, nil
	})
	return used, err
}

func TestAPasskeySignsInAndItsUseIsNoted(t *testing.T) {
	w := newWorld(t)
	for i := range 2 {
		w.device.counter++
		kept := w.begin()
		used, err := w.finish(kept, w.device.get(kept))
		if err != nil {
			t.Fatal(i, err)
		}
		if k := used.Passkeys[0]; !k.LastUsed.Equal(noon) || k.Record == w.owner.Factor.Passkeys[0].Record {
			t.Errorf("%d: the use is not noted: %+v", i, k)
		}
		w.owner.Factor = used
	}
}

func TestWhatProvesNothingIsRefused(t *testing.T) {
	for name, lie := range map[string]func(w *world){
		"another origin":            func(w *world) { w.device.origin = "https://konto.example.evil.example" },
		"plain http":                func(w *world) { w.device.origin = "http://konto.example" },
		"another relying party":     func(w *world) { w.device.party = "evil.example" },
		"no verified user":          func(w *world) { w.device.flags = 1 },
		"no user present":           func(w *world) { w.device.flags = 4 },
		"another key":               func(w *world) { w.device.key = newDevice(w.t).key },
		"an unknown passkey":        func(w *world) { w.device.id = []byte("somebody else's passkey") },
		"an unknown user handle":    func(w *world) { w.device.handle = []byte("nobody") },
		"no user handle":            func(w *world) { w.device.handle = nil },
		"a counter that stands":     func(w *world) { w.device.counter = 1 },
		"a passkey that is removed": func(w *world) { w.owner.Factor.Passkeys = nil },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.device.counter++
			lie(w)
			kept := w.begin()
			if _, err := w.finish(kept, w.device.get(kept)); !errors.Is(err, ErrRefused) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnAnswerToAnotherChallengeIsRefused(t *testing.T) {
	w := newWorld(t)
	w.device.counter++
	if _, err := w.finish(w.begin(), w.device.get(w.begin())); !errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
	for _, answer := range []string{"", "{}", "null", "[1]", `{"id":"x","rawId":"x","type":"public-key","response":{}}`} {
		if _, err := w.finish(w.begin(), answer); !errors.Is(err, ErrRefused) {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

func TestAPasskeyIsAddedOnlyByAVerifiedUserOfThisSiteAndOnce(t *testing.T) {
	w := newWorld(t)
	if _, err := w.add(w.device); !errors.Is(err, ErrRefused) {
		t.Errorf("the same one again: %v", err)
	}
	for name, lie := range map[string]func(d *device){
		"another origin":   func(d *device) { d.origin = "https://evil.example" },
		"another site":     func(d *device) { d.party = "evil.example" },
		"no verified user": func(d *device) { d.flags = 1 },
	} {
		d := newDevice(t)
		lie(d)
		if _, err := w.add(d); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	second, err := w.add(newDevice(t))
	if err != nil || len(second.Passkeys) != 2 || second.Handle != w.owner.Factor.Handle || len(w.owner.Factor.Passkeys) != 1 {
		t.Errorf("a second one: %d, %v", len(second.Passkeys), err)
	}
}
