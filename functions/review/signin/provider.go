package signin

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/session"
)

// errRefused is a sign-in that the provider or our checks of its answer refused; trying anew may help.
var errRefused = errors.New("review: sign-in refused")

// ProviderConfig says where the service team signs in.
type ProviderConfig struct {
	Issuer       string // what ID tokens must name as iss
	Discovery    string // base of the discovery address; differs from Issuer on the local cloud only
	ClientID     string
	ClientSecret string // empty: a public client, which PKCE protects
	PublicURL    string // ours, without a slash at the end
}

// providerTimeout bounds one call to the provider, so that an answer is still possible in time (L4).
const providerTimeout = 4 * time.Second

// ConfigFromEnv reads the OIDC_* variables.
func ConfigFromEnv(env func(string) string, publicURL string) ProviderConfig {
	return ProviderConfig{Issuer: env("OIDC_ISSUER"), Discovery: env("OIDC_DISCOVERY"),
		ClientID: env("OIDC_CLIENT_ID"), ClientSecret: env("OIDC_CLIENT_SECRET"), PublicURL: publicURL}
}

// Provider is the OpenID Connect provider of the service team (S13). Its addresses are discovered at the first sign-in,
// not at the start, so that pages of those who are signed in do not depend on it.
type Provider struct {
	config ProviderConfig
	client *http.Client
	now    func() time.Time

	mu    sync.Mutex
	found *endpoints
}

type endpoints struct {
	verifier *oidc.IDTokenVerifier
	oauth    oauth2.Config
	logout   string
}

// NewProvider describes a provider without asking it anything yet.
func NewProvider(c ProviderConfig, now func() time.Time) *Provider {
	return &Provider{config: c, client: &http.Client{Timeout: providerTimeout}, now: now}
}

func (p *Provider) discover(ctx context.Context) (*endpoints, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	ctx, from := oidc.ClientContext(ctx, p.client), p.config.Issuer
	if d := p.config.Discovery; d != "" && d != from {
		ctx, from = oidc.InsecureIssuerURLContext(ctx, p.config.Issuer), d
	}
	provider, err := oidc.NewProvider(ctx, from)
	if err != nil {
		return nil, fmt.Errorf("discover sign-in provider: %w", err)
	}
	var more struct {
		Logout string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, fmt.Errorf("discover sign-in provider: %w", err)
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams // the only style a public client has
	p.found = &endpoints{
		verifier: provider.Verifier(&oidc.Config{ClientID: p.config.ClientID, SupportedSigningAlgs: []string{oidc.RS256}, Now: p.now}),
		logout:   more.Logout,
		oauth: oauth2.Config{ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: endpoint,
			RedirectURL: p.config.PublicURL + "/service/callback", Scopes: []string{oidc.ScopeOpenID, "email", "profile"}},
	}
	return p.found, nil
}

// SignInURL is where a sign-in under way goes on. The provider is asked to demand the password again: a session of its
// own would make our short ones pointless.
func (p *Provider) SignInURL(ctx context.Context, state string, in session.SignIn) (string, error) {
	e, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return e.oauth.AuthCodeURL(state, oidc.Nonce(in.Nonce), oauth2.S256ChallengeOption(in.Verifier),
		oauth2.SetAuthURLParam("prompt", "login")), nil
}

// SignOutURL ends the provider's session, too, and comes back to /service. The names of the parameters are Cognito's.
func (p *Provider) SignOutURL(ctx context.Context) (string, error) {
	e, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	target := e.logout
	if target == "" {
		target = strings.TrimSuffix(e.oauth.Endpoint.AuthURL, "/oauth2/authorize") + "/logout"
	}
	q := url.Values{"client_id": {p.config.ClientID}, "logout_uri": {p.config.PublicURL + "/service"}}
	return target + "?" + q.Encode(), nil
}

// identity is what the ID token says about a person.
type identity struct {
	Use    string   `json:"token_use"`
	Signed int64    `json:"auth_time"` // when the person proved who they are, in seconds since 1970
	User   string   `json:"cognito:username"`
	Name   string   `json:"name"`
	Email  string   `json:"email"`
	Groups []string `json:"cognito:groups"`
}

// Redeem exchanges the code for an ID token and checks it: signature, issuer, audience, expiry, nonce, and that the
// person signed in for this sign-in and not for an earlier one, whose end would otherwise be undone. errRefused when
// a check fails, another error when the provider did not answer.
func (p *Provider) Redeem(ctx context.Context, code string, in session.SignIn) (session.StaffSession, error) {
	e, err := p.discover(ctx)
	if err != nil {
		return session.StaffSession{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := e.oauth.Exchange(ctx, code, oauth2.VerifierOption(in.Verifier))
	if err != nil {
		return session.StaffSession{}, refusal("redeem code", err)
	}
	raw, _ := token.Extra("id_token").(string)
	checked, err := e.verifier.Verify(ctx, raw)
	if err != nil {
		return session.StaffSession{}, refusal("verify ID token", err)
	}
	if subtle.ConstantTimeCompare([]byte(checked.Nonce), []byte(in.Nonce)) != 1 {
		return session.StaffSession{}, fmt.Errorf("%w: wrong nonce", errRefused)
	}
	return person(checked, in.Began().Add(-clockSkew))
}

// clockSkew is how much the provider's clock may be behind ours.
const clockSkew = 30 * time.Second

// person is whom an ID token names; auth_time must not be before earliest.
func person(token *oidc.IDToken, earliest time.Time) (session.StaffSession, error) {
	var who identity
	if err := token.Claims(&who); err != nil {
		return session.StaffSession{}, fmt.Errorf("%w: claims: %w", errRefused, err)
	}
	if who.Use != "" && who.Use != "id" { // Cognito signs access tokens with the same keys
		return session.StaffSession{}, fmt.Errorf("%w: not an ID token", errRefused)
	}
	if time.Unix(who.Signed, 0).Before(earliest) { // also when there is none
		return session.StaffSession{}, fmt.Errorf("%w: signed in before this sign-in", errRefused)
	}
	if token.Subject == "" {
		return session.StaffSession{}, fmt.Errorf("%w: no subject", errRefused)
	}
	s := session.StaffSession{Sub: token.Subject, User: desk.First(who.User, token.Subject), Email: who.Email, Groups: who.Groups}
	s.Name = calledAs(who.Name, s.User)
	return s, nil
}

// longestName is the longest name of a member of the team that history and audit take, in characters.
const longestName = 60

// calledAs is what history and audit call a person: a name without line breaks and the like, and not too long.
func calledAs(name, user string) string {
	clean := []rune(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " "))
	return desk.First(string(clean[:min(len(clean), longestName)]), user)
}

// refusal tells an answer that refuses from an answer that never came.
func refusal(doing string, err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		if answer.Response != nil && answer.Response.StatusCode >= http.StatusInternalServerError {
			return fmt.Errorf("%s: provider answered %s", doing, answer.Response.Status)
		}
		return fmt.Errorf("%w: %s: %s", errRefused, doing, answer.ErrorCode)
	}
	var unreachable *url.Error
	if errors.As(err, &unreachable) {
		return fmt.Errorf("%s: %w", doing, unreachable)
	}
	return fmt.Errorf("%w: %s: %w", errRefused, doing, err)
}

// FormActions are the origins that a form of ours may lead to, for web.AppConfig: Chromium applies form-action to the
// redirects after a form, and both the sign-out and a decision after the session ended lead to the provider.
func FormActions(providerOrigin string) []string {
	u, err := url.Parse(providerOrigin)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return nil
	}
	return []string{u.Scheme + "://" + u.Host}
}
