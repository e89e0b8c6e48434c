package login_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/text/unicode/norm"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// crowd is many customers with one password, on tables in memory.
type crowd struct {
	t     *testing.T
	store table.Store
	hash  string
	count int
}

func newCrowd(t *testing.T) *crowd {
	hash, err := credential.Hasher{Rand: rand.Reader}.Hash(good)
	if err != nil {
		t.Fatal(err)
	}
	return &crowd{t: t, store: tablefake.New().Store(), hash: hash}
}

func (c *crowd) put(items ...types.TransactWriteItem) {
	c.t.Helper()
	if err := c.store.Transact(c.t.Context(), items, ""); err != nil {
		c.t.Fatal(err)
	}
}

// customer is one more, with a hash of its own if one is given.
func (c *crowd) customer(hash string) customer.Profile {
	c.count++
	p := customer.Profile{Number: fmt.Sprint(10000000 + c.count), LastName: "Schäfer", Version: 1, Language: "de"}
	c.put(customer.PutNew(c.store.Names, p), credential.SetPassword(c.store.Names,
		credential.Credential{Subject: table.Customer(p.Number)}, hash, false, time.Now()))
	return p
}

// browser is a new one behind the address of another.
func (c *crowd) browser(beside *site) *site {
	s := siteOn(c.t, c.store)
	if beside != nil {
		s.now, s.address = beside.now, beside.address
	}
	return s
}

// S3: a town behind one address signs in, one after the other or all at the same moment.
func TestAnAddressThatManyShareRefusesNobodyWithARightPassword(t *testing.T) {
	for name, atOnce := range map[string]bool{"one after the other": false, "at once": true} {
		t.Run(name, func(t *testing.T) {
			c := newCrowd(t)
			first := c.browser(nil)
			var all sync.WaitGroup
			for range 60 {
				one, p := c.browser(first), c.customer(c.hash)
				signIn := func() {
					if a := one.signIn(p.Number, good); a.StatusCode != 303 {
						t.Errorf("%s: %d", p.Number, a.StatusCode)
					}
				}
				if atOnce {
					all.Go(signIn)
				} else {
					signIn()
				}
			}
			all.Wait()
		})
	}
}

// S3: nor do strangers who guess behind the same address keep a known browser out.
func TestAKnownBrowserIsNotRefusedForItsAddress(t *testing.T) {
	c := newCrowd(t)
	home, p := c.browser(nil), c.customer(c.hash)
	home.signIn(p.Number, good).want(t, 303)
	for range 4 { // what it mistypes is counted at the browser, not at the address
		home.signIn(p.Number, "vertippt").want(t, 422)
	}
	home.signIn(p.Number, good).want(t, 303)
	for n := range 50 {
		c.browser(home).signIn(fmt.Sprint(20000000+n), "geraten").want(t, 422)
	}
	c.browser(home).signIn(p.Number, good).want(t, 429)
	home.signIn(p.Number, "vertippt").want(t, 422)
	home.signIn(p.Number, good).want(t, 303)
	home.signIn(c.customer(c.hash).Number, good).want(t, 429) // known for its own number only
}

// S2: a burst of guesses gets no more than the address has places, however they fall together.
func TestABurstOfGuessesFromOneAddressIsBounded(t *testing.T) {
	c := newCrowd(t)
	first := c.browser(nil)
	compared := make(chan int, 110)
	var all sync.WaitGroup
	for n := range 110 {
		one := c.browser(first)
		all.Go(func() { compared <- one.signIn(fmt.Sprint(20000000+n), "geraten").StatusCode })
	}
	all.Wait()
	close(compared)
	guesses := 0
	for status := range compared {
		if status == 422 {
			guesses++
		}
	}
	if guesses < 50 || guesses > 100 {
		t.Errorf("%d guesses were compared", guesses)
	}
	c.browser(first).signIn("50000000", "geraten").want(t, 429)
}

// S1: who guesses must not learn from the work which numbers were merged.
func TestAWrongPasswordCostsTheSameForAMergedNumber(t *testing.T) {
	c := newCrowd(t)
	survivor, old := c.customer(c.hash), c.customer(c.hash)
	gone := old
	gone.MergedInto, gone.Epoch = survivor.Number, old.Epoch+1
	c.put(customer.Update(c.store.Names, old, gone), credential.Retire(c.store.Names, table.Customer(old.Number)))
	numbers := map[string]string{"merged": old.Number, "existing": c.customer(c.hash).Number, "unknown": "60000000"}
	now := time.Now()
	work := func(number string, try int, known bool) string {
		s := c.browser(nil)
		s.now = now
		if known {
			s.cookies[session.DeviceCookie] = strings.Repeat("d", 43)
		}
		want := 422
		if try >= throttle.FreeTries {
			want = 429
		}
		s.signIn(number, "geraten").want(t, want)
		return strings.Join(s.calls.take(), ", ")
	}
	for try := range 7 {
		seen := map[string]string{}
		for name, number := range numbers {
			seen[name] = work(number, try, try%2 == 1)
		}
		if seen["merged"] != seen["existing"] || seen["unknown"] != seen["existing"] {
			t.Errorf("try %d:\nmerged   %s\nexisting %s\nunknown  %s", try+1, seen["merged"], seen["existing"], seen["unknown"])
		}
	}
}

// S5: one password, however it is set and typed, and whatever system hashed it.
func TestAPasswordSignsInHoweverItsLettersAreSent(t *testing.T) {
	const password = "Übermütige Bären äßen Öl"
	c := newCrowd(t)
	for _, set := range []string{norm.NFC.String(password), norm.NFD.String(password)} {
		hash, err := bcrypt.GenerateFromPassword([]byte(set), bcrypt.MinCost)
		if err != nil {
			t.Fatal(err)
		}
		p := c.customer(string(hash))
		for _, typed := range []string{norm.NFD.String(password), norm.NFC.String(password), strings.ReplaceAll(password, " ", "\u00a0")} {
			c.browser(nil).signIn(p.Number, typed).want(t, 303)
		}
		stored, err := credential.Store{Store: c.store}.Get(t.Context(), table.Customer(p.Number))
		if err != nil || !strings.HasPrefix(stored.Hash, "$argon2id$") || stored.Version != 2 {
			t.Errorf("made anew once, of the normal form: %+v, %v", stored, err)
		}
	}
}

// A hash of bcrypt that stands for more than 72 bytes stays as it is, so that the whole password goes on opening the
// account, and the customer is led to where a new one is set.
func TestAPasswordThatBcryptCutOffIsToBeReplaced(t *testing.T) {
	long := strings.Repeat("Kundenpasswort ", 6)[:87]
	hash, err := bcrypt.GenerateFromPassword([]byte(long[:72]), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	c := newCrowd(t)
	p := c.customer(string(hash))
	for _, typed := range []string{long[:72] + "und anderes", long[:72], long} {
		s := c.browser(nil)
		if a := s.signIn(p.Number, typed).want(t, 303); a.location() != "/account/password" {
			t.Errorf("leads to %q", a.location())
		}
		opened, _, err := session.Store{Store: c.store}.Load(t.Context(), s.cookies[session.Cookie], s.now)
		if err != nil || !opened.RenewPassword {
			t.Errorf("the session does not ask for a new password: %+v, %v", opened, err)
		}
		if a := c.browser(nil).signIn(p.Number, typed, "next", "/merge").want(t, 303); a.location() != "/merge" {
			t.Errorf("leads to %q from the way to another page", a.location())
		}
	}
	stored, err := credential.Store{Store: c.store}.Get(t.Context(), table.Customer(p.Number))
	if err != nil || stored.Hash != string(hash) {
		t.Errorf("the hash is another: %+v, %v", stored, err)
	}
	if a := c.browser(nil).signIn(c.customer(c.hash).Number, good).want(t, 303); a.location() != "/account" {
		t.Errorf("any other sign-in leads to %q", a.location())
	}
}

// S17: an answer that nobody's browser gives, with a user handle longer than any key.
func TestALongUserHandleOfAPasskeyIsRefused(t *testing.T) {
	c := newCrowd(t)
	text := base64.RawURLEncoding.EncodeToString
	for _, length := range []int{64, 65, 3000} {
		s := c.browser(nil)
		s.do("POST", "/login/passkey", nil).want(t, 200)
		answer := fmt.Sprintf(`{"id":%[1]q,"rawId":%[1]q,"type":"public-key","response":{"clientDataJSON":%[2]q,"authenticatorData":%[3]q,"signature":%[1]q,"userHandle":%[4]q}}`,
			text(make([]byte, 32)), text([]byte(`{"type":"webauthn.get","challenge":"AAAA","origin":"https://konto.example"}`)),
			text(append(make([]byte, 32), 5, 0, 0, 0, 1)), text(make([]byte, length)))
		if a := s.do("POST", "/login/passkey/finish", url.Values{"response": {answer}}); a.StatusCode != 422 || !strings.Contains(s.log.String(), "refused") {
			t.Errorf("%d bytes: %d %s", length, a.StatusCode, s.log.String())
		}
	}
}

// S3: while its own count is spent, a sign-in leaves no trace at the address.
func TestATryThatAPauseRefusesUsesUpNoAddress(t *testing.T) {
	c := newCrowd(t)
	home, p := c.browser(nil), c.customer(c.hash)
	for range 5 {
		c.browser(home).signIn(p.Number, "geraten").want(t, 422)
	}
	statuses := []int{}
	for range 120 {
		statuses = append(statuses, c.browser(home).signIn(p.Number, "geraten").StatusCode)
	}
	if slices.Contains(statuses, 422) {
		t.Error("a guess was compared during the pause")
	}
	c.browser(home).signIn(c.customer(c.hash).Number, good).want(t, 303)
}
