package login

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// passkeyPath is the sign-in with a passkey.
const passkeyPath = "/login/passkey"

// challengeCookie binds a challenge to the browser it was made for.
const challengeCookie = "__Host-passkey"

// maxAnswer is far above what browsers answer: keys of 4096 bit and long ids included.
const maxAnswer = 16 << 10

// maxHandle is the longest user handle: 64 bytes (WebAuthn Level 3, 5.4.3), as base64url. What somebody made up may be longer,
// and it is the key of an item.
const maxHandle = 86

// passkeyView is the page on which the script asks the browser for a passkey.
type passkeyView struct {
	Options string `json:"options"` // PublicKeyCredentialRequestOptions, as JSON
	Next    string `json:"next,omitempty"`
}

func passkeyRoutes(d Deps) []web.Route {
	next := web.Field{Name: "next", Max: web.MaxPath, Summary: "own path to go to"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: passkeyPath, Summary: "Leads to the sign-in", Handle: backToSignIn},
		{Method: http.MethodPost, Pattern: passkeyPath, Summary: "Begin to sign in with a passkey; answers with what to ask the browser",
			Handle: d.beginPasskey, Fields: []web.Field{next}},
		{Method: http.MethodPost, Pattern: passkeyPath + "/finish", Summary: "Sign in with the browser's answer", Handle: d.finishPasskey,
			Fields: []web.Field{{Name: "response", Required: true, Secret: true, Max: maxAnswer, Summary: "PublicKeyCredential, as JSON"}, next}},
	}
}

// backToSignIn leads who reloads or switches the language back to where passkeys begin.
func backToSignIn(*web.Request) (web.Response, error) { return web.SeeOther("/login"), nil }

// beginPasskey makes a challenge, good for one answer of this browser. They are counted by address: each is a write.
func (d Deps) beginPasskey(r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	next := shown(ownPath(form.Get("next")))
	verdict, err := throttle.Store{Store: d.Store}.Try(r.Context(), throttle.AddressPasskeys(r.ClientIP), r.Now)
	if err != nil {
		return nil, err
	}
	if !verdict.Allowed {
		return web.Page("login", signInView{Next: next}).WithError(paused(verdict.RetryAfter, r.Now)), nil
	}
	options, challenge, err := d.Passkeys.BeginSignIn()
	if err != nil {
		return nil, err
	}
	holder, err := session.Secret(d.Rand)
	if err != nil {
		return nil, err
	}
	if err := (passkey.Challenges{Store: d.Store}).Keep(r.Context(), holder, challenge, r.Now); err != nil {
		return nil, err
	}
	written, err := json.Marshal(options)
	if err != nil {
		return nil, fmt.Errorf("options of a passkey: %w", err)
	}
	return web.Page("passkey", passkeyView{Options: string(written), Next: next}).WithCookie(holderCookie(holder, 0)), nil
}

func holderCookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: challengeCookie, Value: value, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// finishPasskey opens a session for who holds the passkey. Nothing tells a stranger whether a passkey, or its customer,
// exists: every answer that proves nothing is refused in the same words.
func (d Deps) finishPasskey(r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	next := ownPath(form.Get("next"))
	done, err := d.openByPasskey(r, form.Get("response"))
	if errors.Is(err, passkey.ErrRefused) || errors.Is(err, passkey.ErrNoChallenge) || errors.Is(err, table.ErrCondition) {
		r.Note("security_event", "authn_login_fail")
		r.Note("refusal", err.Error())
		return web.Page("login", signInView{Next: shown(next)}).WithError(wrongPasskey()).WithCookie(holderCookie("", -1)), nil
	}
	if err != nil {
		return nil, fmt.Errorf("sign in with a passkey: %w", err)
	}
	return done.goOn(r, next).WithCookie(holderCookie("", -1)).WithCookie(session.EndSignInCookie()), nil
}

func (d Deps) openByPasskey(r *web.Request, answer string) (success, error) {
	holder := ""
	if c, err := r.Cookie(challengeCookie); err == nil {
		holder = c.Value
	}
	challenge, err := passkey.Challenges{Store: d.Store}.Take(r.Context(), holder, r.Now)
	if err != nil {
		return success{}, err
	}
	var s subject
	_, used, err := d.Passkeys.FinishSignIn(challenge, answer, r.Now, func(handle string) (passkey.Owner, error) {
		return s.byHandle(r.Context(), d.Store, handle)
	})
	if err != nil {
		return success{}, err
	}
	r.Note("customer", web.MaskNumber(s.number))
	names := d.Store.Names
	used, found := secondfactor.StopRecoveryOnUse(names, s.profile, used, used.LastPasskey(), r.Now, d.Rand)
	return opening{Deps: d, r: r, profile: s.profile, proven: true}.session(r.Context(), append(found, secondfactor.Save(names, s.factor, used),
		credential.CheckUnchanged(names, s.cred))...)
}

// byHandle reads whom a user handle stands for. A merged number's passkeys are out of use with its password: its
// survivor's hold.
func (s *subject) byHandle(ctx context.Context, store table.Store, handle string) (passkey.Owner, error) {
	if handle == "" || len(handle) > maxHandle {
		return passkey.Owner{}, passkey.ErrRefused
	}
	number, err := secondfactor.Store{Store: store}.OfHandle(ctx, handle)
	if err != nil {
		return passkey.Owner{}, err
	}
	if number == "" {
		return passkey.Owner{}, passkey.ErrRefused
	}
	s.number = number
	if err := s.read(ctx, store); err != nil {
		return passkey.Owner{}, err
	}
	if s.profile.Number == "" || s.profile.MergedInto != "" || s.cred.Retired || s.factor.Handle != handle {
		return passkey.Owner{}, passkey.ErrRefused
	}
	return passkey.Owner{Profile: s.profile, Factor: s.factor}, nil
}

func wrongPasskey() *web.Error {
	return web.Unprocessable("passkey_refused", lang.T("Mit diesem Passkey ging es nicht. Versuchen Sie es noch einmal, oder melden Sie sich mit Kundennummer und Kundenpasswort an."))
}
