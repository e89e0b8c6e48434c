package mergediff

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// cloudWorld is two customers in the real tables, the first one signed in, and the slice with the rights of its own role.
type cloudWorld struct {
	app         http.Handler
	admin       table.Store
	own, other  string
	domain      string
	cookie      string
	packageHash string
}

func newCloudWorld(t *testing.T) cloudWorld {
	t.Helper()
	c := cloudWorld{admin: localtest.Store(t), own: localtest.Number(t), other: localtest.Number(t), packageHash: hashed}
	c.domain = "kunde-" + c.other + ".example"
	c.put(t, c.own, "Hauptstr. 5")
	c.put(t, c.other, "Hauptstraße 5")
	cookie, s, err := session.New(rand.Reader, time.Now(), session.Start{Number: c.own, Epoch: 0})
	if err != nil {
		t.Fatal(err)
	}
	c.cookie = cookie
	c.write(t, session.Put(c.admin.Names, s))
	if c.app, err = New(localtest.StoreFor(t, "mergediff"), web.AppConfig{Config: web.Config{PublicURL: "http://localhost:8080"}, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c cloudWorld) put(t *testing.T, number, street string) {
	t.Helper()
	id := "P-" + number
	p := customer.Profile{Number: number, FirstName: "Anna", LastName: "Schäfer", Street: street, PostalCode: "10115", City: "Berlin", Email: "a@" + number + ".example", Version: 1}
	c.write(t, customer.PutPackage(c.admin.Names, customer.Package{ID: id, Number: number, Product: "shop", Domains: []string{"kunde-" + number + ".example"}})...)
	c.write(t, credential.SetPassword(c.admin.Names, credential.Credential{Subject: table.PackageSubject(id)}, c.packageHash, false, time.Now()))
	c.write(t, customer.PutNew(c.admin.Names, p))
}

func (c cloudWorld) write(t *testing.T, items ...types.TransactWriteItem) {
	t.Helper()
	if err := c.admin.Transact(t.Context(), items, ""); err != nil {
		t.Fatal(err)
	}
}

// do asks the slice from an address that counts for this test only.
func (c cloudWorld) do(method, path string, v url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost:8080"+path, strings.NewReader(v.Encode()))
	r.RemoteAddr = "10." + c.own[3:4] + "." + c.own[4:6] + "." + c.own[6:8] + ":1234"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: session.Cookie, Value: c.cookie})
	rec := httptest.NewRecorder()
	c.app.ServeHTTP(rec, r)
	return rec
}

func TestTheWholeWayOnTheLocalCloud(t *testing.T) {
	c := newCloudWorld(t)
	proof := world.Form("customerNumber", c.other, "domain", c.domain, "password", password)
	for _, step := range []struct {
		name, method, path string
		form               url.Values
		status             int
		want               string
	}{
		{"the first step", "GET", "/merge", nil, 200, `"street":"Hauptstr. 5"`},
		{"a wrong proof", "POST", "/merge/check", world.Form("customerNumber", c.other, "domain", c.domain, "password", "falsch"), 422, `"proof_failed"`},
		{"a proof of nobody", "POST", "/merge/check", world.Form("customerNumber", "99999999", "domain", c.domain, "password", "falsch"), 422, `"proof_failed"`},
		{"a good proof", "POST", "/merge/check", proof, 303, "/merge/draft"},
		{"the comparison", "GET", "/merge/draft", nil, 200, `"reason":"street_word"`},
		{"adopting", "POST", "/merge/adopt", world.Form("customerNumber", c.other, "choice.email", "other"), 303, "/merge/draft"},
		{"ready to submit", "GET", "/merge/draft", nil, 200, `"ready":true`},
		{"the packages of both", "GET", "/merge/draft", nil, 200, `"packages":2`},
		{"a second proof", "POST", "/merge/check", proof, 303, "/merge/draft"},
		{"removing", "POST", "/merge/remove", world.Form("customerNumber", c.other), 303, "/merge"},
	} {
		if got := c.do(step.method, step.path, step.form); got.Code != step.status || !strings.Contains(got.Body.String(), step.want) {
			t.Fatalf("%s: %d %s", step.name, got.Code, got.Body)
		}
	}
	p, err := customer.Store{Store: c.admin}.Profile(t.Context(), c.other)
	if err != nil || p.FailedProofs != 1 || p.Version != 1 {
		t.Errorf("%d failed proofs, version %d, %v", p.FailedProofs, p.Version, err)
	}
}

func TestFiftyGuessesAtOnceNeverGetMoreThanTheAllowedTries(t *testing.T) { // S2
	c := newCloudWorld(t)
	var wg sync.WaitGroup
	answers := make([]int, 50)
	for i := range answers {
		wg.Go(func() {
			answers[i] = c.do("POST", "/merge/check", world.Form("customerNumber", c.other, "domain", c.domain, "password", "falsch")).Code
		})
	}
	wg.Wait()
	compared := 0
	for _, code := range answers {
		switch code {
		case 422:
			compared++
		case 429, 503: // paused, or the table was too busy to count: not compared
		default:
			t.Errorf("an answer of %d", code)
		}
	}
	// A second may pass while fifty hashes are made, and with it the first pauses.
	if compared > throttle.FreeTries+2 {
		t.Errorf("%d guesses were compared", compared)
	}
}
