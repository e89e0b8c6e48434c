package mergediff

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/session"
)

// signIn gives the customer of the cloud world a new session, as after the last one ended.
func (c *cloudWorld) signIn(t *testing.T) {
	t.Helper()
	cookie, s, err := session.New(rand.Reader, time.Now(), session.Start{Number: c.own, Epoch: 0})
	if err != nil {
		t.Fatal(err)
	}
	c.write(t, session.Put(c.admin.Names, s))
	c.cookie = cookie
}

// more adds another customer of the same name and returns the form that proves it.
func (c *cloudWorld) more(t *testing.T, number string) []string {
	t.Helper()
	c.put(t, number, "Lindenweg 9")
	return []string{"customerNumber", number, "domain", "kunde-" + number + ".example", "password", password}
}

func (c cloudWorld) must(t *testing.T, method, path string, status int, want string, pairs ...string) {
	t.Helper()
	if got := c.do(method, path, world.Form(pairs...)); got.Code != status || !strings.Contains(got.Body.String()+got.Header().Get("Location"), want) {
		t.Fatalf("%s %s: %d, want %d with %q\n%s", method, path, got.Code, status, want, got.Body)
	}
}

func TestTheDraftOutlivesTheSession(t *testing.T) {
	c := newCloudWorld(t)
	c.must(t, "POST", "/merge/check", 303, "/merge/draft", "customerNumber", c.other, "domain", c.domain, "password", password)
	c.must(t, "POST", "/merge/adopt", 303, "/merge/draft", "customerNumber", c.other, "choice.address", "own", "choice.email", "other")
	if err := (session.Store{Store: c.admin}).End(t.Context(), c.cookie); err != nil {
		t.Fatal(err)
	}
	c.must(t, "GET", "/merge/draft", http.StatusUnauthorized, "")
	c.must(t, "POST", "/merge/adopt", http.StatusUnauthorized, "", "customerNumber", c.other)
	c.signIn(t)
	for range 2 { // and a reload changes nothing
		c.must(t, "GET", "/merge/draft", 200, `"email":"other"`)
		c.must(t, "GET", "/merge/draft", 200, `"ready":true`)
	}
	c.must(t, "GET", "/merge", 200, `"draft":["`+c.other+`"]`)
}

func TestGoingBackAndSendingAnOldPageAgainLosesNothing(t *testing.T) {
	c := newCloudWorld(t)
	proof := []string{"customerNumber", c.other, "domain", c.domain, "password", password}
	c.must(t, "POST", "/merge/check", 303, "/merge/draft", proof...)
	c.must(t, "POST", "/merge/adopt", 303, "/merge/draft", "customerNumber", c.other, "choice.email", "other")
	c.must(t, "POST", "/merge/check", 303, "/merge/draft", proof...) // the form of the first step once more
	c.must(t, "GET", "/merge/draft", 200, `"email":"other"`)
	c.must(t, "POST", "/merge/adopt", 303, "/merge/draft", "customerNumber", c.other, "choice.email", "own") // chosen otherwise
	c.must(t, "GET", "/merge/draft", 200, `"email":"own"`)
	c.must(t, "POST", "/merge/remove", 303, "/merge", "customerNumber", c.other)
	c.must(t, "POST", "/merge/adopt", 409, `"not_in_draft"`, "customerNumber", c.other) // from the page before
}

func TestTwoTabsDoNotUndoEachOther(t *testing.T) {
	c := newCloudWorld(t)
	numbers := []string{c.other}
	c.must(t, "POST", "/merge/check", 303, "", "customerNumber", c.other, "domain", c.domain, "password", password)
	for _, last := range []string{"1", "2", "3"} {
		n := c.own[:11] + last
		if n == c.own {
			n = c.own[:11] + "4"
		}
		numbers = append(numbers, n)
		c.must(t, "POST", "/merge/check", 303, "", c.more(t, n)...)
	}
	var tabs sync.WaitGroup
	for _, n := range numbers {
		tabs.Go(func() {
			if got := c.do("POST", "/merge/adopt", world.Form("customerNumber", n)); got.Code != 303 {
				t.Errorf("adopting %s in its tab: %d %s", n, got.Code, got.Body)
			}
		})
	}
	tabs.Wait()
	if body := c.do("GET", "/merge/draft", nil).Body.String(); strings.Count(body, `"adopted":true`) != len(numbers) {
		t.Errorf("a tab lost what another one did: %s", body)
	}
}
