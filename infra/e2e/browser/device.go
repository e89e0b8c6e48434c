package browser

import (
	"encoding/json"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Device is what keeps a visitor's passkeys, as a telephone does: it asks for a finger each time.
type Device struct {
	v  *Visitor
	id webauthn.AuthenticatorID
}

// NewDevice gives the visitor's browser a device for passkeys. It does nothing until it is touched.
func (v *Visitor) NewDevice() Device {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, webauthn.Enable, webauthn.EnableParams{})
	v.must("switch devices for passkeys on", err)
	made, err := chromedp.Call(v.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{Protocol: webauthn.AuthenticatorProtocolCtap2,
			Ctap2version: webauthn.Ctap2versionCtap21, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true}})
	v.must("connect a device for passkeys", err)
	return Device{v, made.AuthenticatorID}
}

// Press presses a button of the page with a finger on the device, and waits for the page that follows.
func (d Device) Press(button Text) {
	d.v.t.Helper()
	d.touched(true)
	d.v.Press(button)
	d.touched(false)
}

func (d Device) touched(on bool) {
	d.v.t.Helper()
	_, err := chromedp.Call(d.v.ctx, webauthn.SetAutomaticPresenceSimulation,
		webauthn.SetAutomaticPresenceSimulationParams{AuthenticatorID: d.id, Enabled: on})
	d.v.must("touch the device", err)
}

// Texts reads all elements that a CSS selector finds.
func (v *Visitor) Texts(selector string) []string {
	v.t.Helper()
	texts, err := evaluate[[]string](v, "[...document.querySelectorAll("+quote(selector)+")].map((e) => e.textContent.trim())")
	v.must("read "+selector, err)
	return texts
}

// quote writes a text as JavaScript does.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(b)
}
