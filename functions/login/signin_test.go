package login_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/crypto/bcrypt"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

func load(t *testing.T, cookie string, now time.Time) (session.Session, error) {
	s, _, err := session.Store{Store: localtest.StoreFor(t, "account")}.Load(t.Context(), cookie, now)
	return s, err
}

func TestARightPasswordOpensASession(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, good)
	a := s.signIn(p.Number, good).want(t, 303)
	if a.location() != "/account" {
		t.Errorf("leads to %q", a.location())
	}
	opened, err := load(t, s.cookies[session.Cookie], s.now)
	if err != nil || opened.Number != p.Number || opened.Via != "" {
		t.Errorf("%+v, %v", opened, err)
	}
	for _, c := range a.Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != 2 || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %+v", c)
		}
	}
	after, err := customer.Store{Store: localtest.Store(t)}.Profile(t.Context(), p.Number)
	if err != nil || !after.LastLogin.Equal(s.now) || after.Version != p.Version {
		t.Errorf("last login %v, version %d, %v", after.LastLogin, after.Version, err)
	}
}

func TestASignInIsTwoRoundTrips(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, good)
	s.signIn(p.Number, good).want(t, 303)
	names := localtest.Names(t)
	want := []string{"get " + names.Credentials, "get " + names.Credentials, "get " + names.Customers, "transact 7", "update " + names.Throttle, "update " + names.Throttle,
		"update " + names.Throttle} // the address gets its place back beside the transaction
	if got := s.calls.take(); !slices.Equal(got, want) {
		t.Errorf("asked %q,\nwant %q", got, want)
	}
}

func TestASignInWithAMergedNumberIsThreeRoundTrips(t *testing.T) {
	s, survivor := newSite(t), localtest.Customer(t, good)
	s.signIn(merged(t, survivor).Number, good).want(t, 303)
	n, count := localtest.Names(t), map[string]int{}
	for _, call := range s.calls.take() {
		count[call]++
	}
	// The first round reads the old number, the second the survivor, whose own count is the only one that is left to make.
	want := map[string]int{"get " + n.Credentials: 4, "get " + n.Customers: 2, "update " + n.Throttle: 4, "transact 9": 1} // the old number's count and device, too
	if !maps.Equal(count, want) {
		t.Errorf("asked %v,\nwant %v", count, want)
	}
}

func TestEachSignInHasANewSessionAndEndsTheOld(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, good)
	s.signIn(p.Number, good).want(t, 303)
	first := s.cookies[session.Cookie]
	s.signIn(p.Number, good).want(t, 303)
	if s.cookies[session.Cookie] == first {
		t.Error("the cookie stayed")
	}
	if _, err := load(t, first, s.now); err != session.ErrNone {
		t.Errorf("the replaced session: %v", err)
	}
}

func TestNumbersMayBeTypedInGroups(t *testing.T) {
	p := localtest.Customer(t, good)
	for _, between := range []string{"  ", ".", "-", "/", "\u00a0"} {
		newSite(t).signIn(" "+p.Number[:4]+between+p.Number[4:8]+between+p.Number[8:], good).want(t, 303)
	}
}

func TestAFormThatCannotBeANumberCostsNoTry(t *testing.T) {
	for _, number := range []string{"", "abc", "12345", "0123456", "1234567890123"} {
		s := newSite(t)
		a := s.signIn(number, good).want(t, 422)
		if calls := s.calls.take(); len(calls) != 0 || !strings.Contains(a.body, "invalid") {
			t.Errorf("%q: asked %q", number, calls)
		}
	}
}

// The classes of S1. A locked number is locked for merging only; the visitor of the sign-in must not learn it.
func classes(t *testing.T) map[string]string {
	lockedProfile := localtest.Customer(t, good)
	locked := lockedProfile
	locked.Locked = true
	localtest.Put(t, customer.Update(localtest.Names(t), lockedProfile, locked))
	corrupt := localtest.Customer(t, "")
	localtest.Put(t, credential.SetPassword(localtest.Names(t), credential.Credential{Subject: table.Customer(corrupt.Number)}, "$argon2id$broken", false, time.Now()))
	retired := localtest.Customer(t, good)
	localtest.Put(t, credential.Retire(localtest.Names(t), table.Customer(retired.Number)))
	return map[string]string{
		"existing": localtest.Customer(t, good).Number, "unknown": localtest.Number(t), "locked": locked.Number,
		"no password yet": localtest.Customer(t, "").Number, "corrupt hash": corrupt.Number, "retired": retired.Number,
	}
}

// requestID differs by design; everything else must be equal.
var requestID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|value="[0-9]*"`)

func TestAllClassesOfNumbersGetTheSameAnswerForTheSameWork(t *testing.T) {
	type seen struct {
		status int
		body   string
		calls  string
	}
	var wanted [7]*seen // each try has its own: the first and the fifth failure are written down
	for name, number := range classes(t) {
		for _, password := range []string{"falsch", ""} {
			s := newSite(t)
			for try := range 7 {
				before := cpu(t)
				a := s.signIn(number, password)
				worked := cpu(t) - before
				want := wanted[try]
				got := seen{a.StatusCode, requestID.ReplaceAllString(a.body, ""), strings.Join(s.calls.take(), ", ")}
				if try < 5 && worked < 10*time.Millisecond {
					t.Errorf("%s, try %d: %v of work is no hash", name, try, worked)
				}
				switch {
				case want == nil && try < 5:
					wanted[try] = &got
				case try < 5 && password == "falsch" && got != *want:
					t.Errorf("%s, try %d: %+v\nwant %+v", name, try, got, *want)
				case try < 5 && (got.status != want.status || got.calls != want.calls || got.body != want.body):
					t.Errorf("%s without a password, try %d: status %d, %s", name, try, got.status, got.calls)
				case try >= 5 && got.status != 429:
					t.Errorf("%s, try %d: status %d instead of a pause", name, try, got.status)
				case want == nil:
					wanted[try] = &got
				case try >= 5 && (got.body != want.body || got.calls != want.calls):
					t.Errorf("%s, try %d: another pause: %+v\nwant %+v", name, try, got, *want)
				}
			}
			clear := localtest.Store(t)
			_ = clear.Transact(t.Context(), []types.TransactWriteItem{{Delete: &types.Delete{
				TableName: &clear.Names.Throttle, Key: table.Throttle("login", number)}}}, "")
		}
	}
}

// cpu is the time this process worked, which another process on the machine does not change.
func cpu(t *testing.T) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func TestFiftyGuessesAtOnceCompareFivePasswords(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, good)
	var compared atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		one := newSite(t) // clients of many addresses
		one.now = s.now
		all.Go(func() {
			switch status := one.signIn(p.Number, "falsch").StatusCode; status {
			case 422:
				compared.Add(1)
			case 429:
			default:
				t.Errorf("status %d", status)
			}
		})
	}
	all.Wait()
	if n := compared.Load(); n != 5 {
		t.Errorf("%d passwords were compared", n)
	}
	if a := s.signIn(p.Number, good); a.StatusCode != 429 || !strings.Contains(a.body, "Zu viele Versuche.") || a.Header.Get("Retry-After") == "" {
		t.Errorf("status %d in the pause", a.StatusCode)
	}
	s.now = s.now.Add(time.Second)
	s.signIn(p.Number, good).want(t, 303)
	for range 5 {
		s.cookies = map[string]string{}
		s.signIn(p.Number, "falsch").want(t, 422) // success cleared the count
	}
}

func TestStrangersCannotKeepAKnownBrowserOut(t *testing.T) {
	home, p := newSite(t), localtest.Customer(t, good)
	home.signIn(p.Number, good).want(t, 303)
	stranger := newSite(t)
	stranger.now = home.now
	for range 8 {
		stranger.signIn(p.Number, "geraten")
	}
	stranger.signIn(p.Number, good).want(t, 429)
	home.signIn(p.Number, good).want(t, 303)
	for range 5 {
		home.signIn(p.Number, "falsch").want(t, 422)
	}
	home.signIn(p.Number, good).want(t, 429) // a known browser has no more tries than any other
}

// Who has several numbers signs in with one after the other at the same browser.
func TestABrowserStaysKnownForEachNumberItSignedInWith(t *testing.T) { // S3
	home, one, two := newSite(t), localtest.Customer(t, good), localtest.Customer(t, good)
	for _, p := range []customer.Profile{one, two} {
		home.signIn(p.Number, good).want(t, 303)
		home.do("POST", "/logout", nil).want(t, 303)
	}
	for _, p := range []customer.Profile{one, two} {
		stranger := newSite(t)
		stranger.now = home.now
		for range 8 {
			stranger.signIn(p.Number, "geraten")
		}
		stranger.signIn(p.Number, good).want(t, 429)
		home.signIn(p.Number, good).want(t, 303)
	}
}

func TestAnAddressThatTriesManyNumbersIsRefusedAndPausesNobody(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, good)
	for range 50 {
		s.signIn(localtest.Number(t), "falsch")
	}
	for range 6 {
		a := s.signIn(p.Number, "falsch").want(t, 429)
		if !strings.Contains(a.body, " Uhr können Sie es wieder versuchen") {
			t.Error("the page names no time")
		}
	}
	other := newSite(t)
	other.now = s.now
	other.signIn(p.Number, good).want(t, 303)
}

func TestASignInDoesNotClearTheCountOfItsAddress(t *testing.T) { // S3
	s, p := newSite(t), localtest.Customer(t, good)
	for range 49 {
		s.signIn(localtest.Number(t), "falsch").want(t, 422)
	}
	for range 2 { // or who has a number of their own could guess at others without end; a right one takes no place either
		s.signIn(p.Number, good).want(t, 303)
	}
	s.signIn(localtest.Number(t), "falsch").want(t, 422)
	s.signIn(localtest.Number(t), "falsch").want(t, 429)
	s.now = s.now.Add(10 * time.Minute)
	s.signIn(localtest.Number(t), "falsch").want(t, 422)
}

func TestOlderHashesAreMadeAnewAtSignIn(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, "")
	old, err := bcrypt.GenerateFromPassword([]byte(good), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	subject := table.Customer(p.Number)
	localtest.Put(t, credential.SetPassword(localtest.Names(t), credential.Credential{Subject: subject}, string(old), false, time.Now()))
	var all sync.WaitGroup
	for range 3 { // at once: one of them rehashes, all sign in
		one := newSite(t)
		all.Go(func() {
			if a := one.signIn(p.Number, good); a.StatusCode != 303 {
				t.Errorf("status %d: %s", a.StatusCode, one.log.String())
			}
		})
	}
	all.Wait()
	c, err := credential.Store{Store: localtest.Store(t)}.Get(t.Context(), subject)
	if err != nil || !strings.HasPrefix(c.Hash, "$argon2id$") || c.Epoch != 0 || c.Version != 2 {
		t.Errorf("%+v, %v", c, err)
	}
	s.signIn(p.Number, good).want(t, 303)
}

// merged makes a number that was merged into another, as an execution does.
func merged(t *testing.T, into customer.Profile) customer.Profile {
	names := localtest.Names(t)
	p := localtest.Customer(t, "altes passwort der nummer")
	gone := p
	gone.MergedInto, gone.Epoch = into.Number, p.Epoch+1
	localtest.Put(t, customer.Update(names, p, gone), credential.Retire(names, table.Customer(p.Number)))
	return p
}

func TestAMergedNumberSignsInWithItsSuccessorsPassword(t *testing.T) {
	s, survivor := newSite(t), localtest.Customer(t, good)
	old := merged(t, survivor)
	s.signIn(old.Number, "altes passwort der nummer").want(t, 422)
	s.signIn(old.Number, good).want(t, 303)
	opened, err := load(t, s.cookies[session.Cookie], s.now)
	if err != nil || opened.Number != survivor.Number || opened.Via != old.Number {
		t.Errorf("%+v, %v", opened, err)
	}
}

func TestTriesWithAMergedNumberCountOnTheSurvivor(t *testing.T) {
	survivor := localtest.Customer(t, good)
	one, two := merged(t, survivor), merged(t, survivor)
	s := newSite(t)
	for _, number := range []string{one.Number, one.Number, one.Number, two.Number, two.Number} {
		s.signIn(number, "falsch").want(t, 422)
	}
	s.signIn(survivor.Number, good).want(t, 429)
	s.signIn(two.Number, good).want(t, 429)
}

// Tries during a pause do not prolong it, with whichever number they are made: those with an old number are counted there,
// too, before its successor refuses them.
func TestTriesWithAMergedNumberDoNotProlongItsSuccessorsPause(t *testing.T) { // S3
	survivor := localtest.Customer(t, good)
	old, stranger, home := merged(t, survivor), newSite(t), newSite(t)
	for _, pause := range []time.Duration{0, 0, 0, 0, 0, time.Second, 2 * time.Second} {
		stranger.now = stranger.now.Add(pause)
		stranger.signIn(survivor.Number, "geraten").want(t, 422)
	}
	for _, after := range []time.Duration{0, 0, 0, 0, 0, time.Second, 3 * time.Second} { // of a pause of 4 s
		home.now = stranger.now.Add(after)
		home.signIn(old.Number, good).want(t, 429)
	}
	home.now = stranger.now.Add(4 * time.Second)
	home.signIn(old.Number, good).want(t, 303)
}

func TestReturnTargetsAreOwnPathsOnly(t *testing.T) {
	p := localtest.Customer(t, good)
	for next, want := range map[string]string{
		"/merge/draft?x=1": "/merge/draft?x=1", "": "/account", "//evil.example": "/account", "https://evil.example": "/account",
		`/\evil.example`: "/account", "/login?next=/login": "/account", "evil": "/account", "javascript:alert(1)": "/account",
	} {
		if a := newSite(t).signIn(p.Number, good, "next", next).want(t, 303); a.location() != want {
			t.Errorf("%q leads to %q", next, a.location())
		}
	}
}

func TestSomebodySignedInNeedsNoForm(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, good)
	s.do("GET", "/login", nil).want(t, 200)
	s.signIn(p.Number, good).want(t, 303)
	if a := s.do("GET", "/login?next=/merge", nil).want(t, 303); a.location() != "/merge" {
		t.Errorf("leads to %q", a.location())
	}
	s.now = s.now.Add(session.Idle)
	s.do("GET", "/login", nil).want(t, 200)
}

func TestSignOutEndsTheSessionOnTheServer(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, good)
	s.signIn(p.Number, good).want(t, 303)
	value, device := s.cookies[session.Cookie], s.cookies[session.DeviceCookie]
	a := s.do("POST", "/logout", nil).want(t, 303)
	if a.location() != "/login?done=logout" || a.Header.Get("Clear-Site-Data") == "" || s.cookies[session.Cookie] != "" {
		t.Errorf("%v", a.Header)
	}
	if _, err := load(t, value, s.now); err != session.ErrNone {
		t.Errorf("the session: %v", err)
	}
	if s.cookies[session.DeviceCookie] != device {
		t.Error("the browser is no longer known")
	}
	if a := s.do("GET", a.location(), nil).want(t, 200); !strings.Contains(a.body, "Sie sind abgemeldet.") {
		t.Error("the page does not say it")
	}
	s.do("POST", "/logout", nil).want(t, 303) // once more is no error
}

func TestARaisedEpochVoidsSessionsAtOnce(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, good)
	s.signIn(p.Number, good).want(t, 303)
	localtest.Put(t, customer.PasswordSet(localtest.Names(t), p, s.now))
	if _, err := load(t, s.cookies[session.Cookie], s.now); err != session.ErrNone {
		t.Errorf("got %v", err)
	}
}

func TestNothingSecretIsLogged(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, "kanarienvogel im passwort")
	s.signIn(p.Number, "kanarienvogel falsch")
	s.signIn(p.Number, "kanarienvogel im passwort").want(t, 303)
	log := s.log.String()
	for _, secret := range []string{"kanarienvogel", s.cookies[session.Cookie], s.cookies[session.DeviceCookie], p.Number, "$argon2id"} {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	for _, event := range []string{"authn_login_fail", "authn_login_success"} {
		if !strings.Contains(log, event) {
			t.Errorf("%s is not in the log", event)
		}
	}
}

func TestPagesWithoutAHomeOfTheirOwn(t *testing.T) {
	for path, status := range map[string]int{"/": 303, "/health": 200, "/openapi.json": 200, "/schemas/merge.undone.1.json": 200, "/schemas/event.go": 404, "/accessibility": 200, "/nope": 404, "/assets/nope.css": 404} {
		s := newSite(t)
		s.do("GET", path, nil).want(t, status)
		if calls := s.calls.take(); len(calls) != 0 {
			t.Errorf("%s asked %q", path, calls)
		}
	}
}
