package review

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// issuer is a small OpenID Connect provider: it signs ID tokens, wants PKCE and takes a code once, as RFC 6749 demands.
type issuer struct {
	*httptest.Server
	key    *rsa.PrivateKey
	signBy *rsa.PrivateKey // what it really signs with
	claims map[string]any  // put over the right ones
	down   bool
	now    func() time.Time

	mu    sync.Mutex
	codes map[string]url.Values // by code: the authorization request
}

var issuerKeys = sync.OnceValue(func() [2]*rsa.PrivateKey {
	var keys [2]*rsa.PrivateKey
	for i := range keys {
		keys[i], _ = rsa.GenerateKey(rand.Reader, 2048)
	}
	return keys
})

const clientID = "service-client"

func newIssuer(t *testing.T) *issuer {
	i := &issuer{key: issuerKeys()[0], signBy: issuerKeys()[0], claims: map[string]any{}, codes: map[string]url.Values{}, now: func() time.Time { return start }}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.answer(w, map[string]any{"issuer": i.URL, "authorization_endpoint": i.URL + "/oauth2/authorize", "token_endpoint": i.URL + "/oauth2/token",
			"jwks_uri": i.URL + "/jwks", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) {
		i.answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: i.key.Public(), KeyID: "k1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /oauth2/token", i.token)
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) answer(w http.ResponseWriter, v any) {
	if i.down {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// authorize is what the provider does when the person typed the right password: it makes a code for the request.
func (i *issuer) authorize(t testing.TB, location string) (code, state string) {
	t.Helper()
	u, err := url.Parse(location)
	if err != nil || u.Path != "/oauth2/authorize" {
		t.Fatalf("the browser was sent to %q", location)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("nonce") == "" {
		t.Fatalf("the sign-in lacks code, PKCE or nonce: %v", q)
	}
	code = rand.Text()
	i.mu.Lock()
	i.codes[code] = q
	i.mu.Unlock()
	return code, q.Get("state")
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	asked, ok := i.codes[r.PostFormValue("code")]
	delete(i.codes, r.PostFormValue("code"))
	i.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") || r.PostFormValue("redirect_uri") != asked.Get("redirect_uri") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	i.answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "expires_in": 3600, "id_token": i.sign(asked)})
}

func (i *issuer) sign(asked url.Values) string {
	claims := map[string]any{"iss": i.URL, "aud": clientID, "sub": "7f1c", "nonce": asked.Get("nonce"), "token_use": "id", "auth_time": i.now().Unix(),
		"iat": start.Unix(), "exp": start.Add(time.Hour).Unix(),
		"cognito:username": "jana", "name": "Jana Wolff", "email": "jana@team.example", "cognito:groups": []string{"service-team"}}
	maps.Copy(claims, i.claims)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: i.signBy, KeyID: "k1"}}, nil)
	if err != nil {
		panic(err)
	}
	payload, _ := json.Marshal(claims)
	signed, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	compact, _ := signed.CompactSerialize()
	return compact
}
