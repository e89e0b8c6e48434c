package login_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

const secondStep = "/login/second-factor"

// secured is a customer with an authenticator app and recovery codes.
type secured struct {
	customer.Profile
	admin  table.Store
	secret string
	codes  []string
}

func securedCustomer(t *testing.T, now time.Time) secured {
	t.Helper()
	p := localtest.Customer(t, good)
	return secured{Profile: p, admin: localtest.Store(t)}.setUp(t, now)
}

// securedOnFake is one on tables in memory, with a site on them.
func securedOnFake(t *testing.T) (*site, secured, *tablefake.Fake) {
	t.Helper()
	fake := tablefake.New()
	c := secured{Profile: customer.Profile{Number: "10000017", Email: "anna@schaefer.example", Language: "de", Version: 1}, admin: fake.Store()}
	hash, err := credential.Hasher{Rand: rand.Reader}.Hash(good)
	if err != nil {
		t.Fatal(err)
	}
	c.put(t, customer.PutNew(c.admin.Names, c.Profile), credential.SetPassword(c.admin.Names, credential.Credential{Subject: table.Customer(c.Number)}, hash, false, time.Now()))
	s := siteOn(t, c.admin)
	return s, c.setUp(t, s.now), fake
}

func (c secured) put(t *testing.T, items ...types.TransactWriteItem) {
	t.Helper()
	if err := c.admin.Transact(t.Context(), items, ""); err != nil {
		t.Fatal(err)
	}
}

func (c secured) setUp(t *testing.T, now time.Time) secured {
	t.Helper()
	var err error
	if c.secret, err = secondfactor.NewSecret(rand.Reader); err != nil {
		t.Fatal(err)
	}
	var hashes []string
	if c.codes, hashes, err = secondfactor.NewCodes(rand.Reader, c.Number); err != nil {
		t.Fatal(err)
	}
	none, before := c.factor(t), now.Add(-time.Hour)
	f, err := none.Begin(c.secret, before).Confirm(secondfactor.Code(c.secret, before), hashes, before)
	if err != nil {
		t.Fatal(err)
	}
	c.put(t, secondfactor.Save(c.admin.Names, none, f))
	return c
}

func (c secured) factor(t *testing.T) secondfactor.Factor {
	t.Helper()
	f, err := secondfactor.Store{Store: c.admin}.Get(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (s *site) code(c secured) answer {
	return s.do("POST", secondStep, url.Values{"code": {secondfactor.Code(c.secret, s.now)}})
}

func (s *site) password(t *testing.T, c secured, more ...string) {
	t.Helper()
	if a := s.signIn(c.Number, good, more...).want(t, 303); a.location() != secondStep {
		t.Fatalf("the password leads to %q", a.location())
	}
}

func TestThePasswordAloneOpensNothing(t *testing.T) {
	s := newSite(t)
	c := securedCustomer(t, s.now)
	s.password(t, c, "next", "/merge/draft")
	if s.cookies[session.Cookie] != "" || s.cookies[session.DeviceCookie] != "" {
		t.Fatalf("cookies after the password: %v", s.cookies)
	}
	if _, err := load(t, s.cookies[session.SignInCookie], s.now); err != session.ErrNone {
		t.Errorf("the pending sign-in as a session: %v", err)
	}
	s.do("GET", secondStep, nil).want(t, 200)
	a := s.code(c).want(t, 303)
	if a.location() != "/merge/draft" || s.cookies[session.SignInCookie] != "" {
		t.Errorf("leads to %q with %v", a.location(), s.cookies)
	}
	if _, err := load(t, s.cookies[session.Cookie], s.now); err != nil {
		t.Errorf("the session: %v", err)
	}
}

func TestWhetherThereIsASecondFactorShowsOnlyAfterTheRightPassword(t *testing.T) { // S1
	s, plain := newSite(t), localtest.Customer(t, good)
	c := securedCustomer(t, s.now)
	var bodies, calls [2]string
	for i, number := range []string{plain.Number, c.Number} {
		s.calls.take()
		a := s.signIn(number, "falsch").want(t, 422)
		bodies[i] = strings.ReplaceAll(requestID.ReplaceAllString(a.body, ""), number, "")
		calls[i] = strings.Join(s.calls.take(), ", ")
	}
	if bodies[0] != bodies[1] || calls[0] != calls[1] {
		t.Errorf("%s\n%s", calls[0], calls[1])
	}
	for _, path := range []string{secondStep} {
		if a := newSite(t).do("GET", path, nil).want(t, 303); a.location() != "/login?done=toolate" {
			t.Errorf("without a password it leads to %q", a.location())
		}
	}
}

func TestACodeSignsInOnce(t *testing.T) {
	s := newSite(t)
	c := securedCustomer(t, s.now)
	s.password(t, c)
	s.code(c).want(t, 303)
	s.password(t, c)
	s.code(c).want(t, 422) // the same code again
	s.now = s.now.Add(time.Minute)
	s.code(c).want(t, 303)
	s.code(c).want(t, 303) // the pending sign-in is used up: back to the password
	if s.cookies[session.SignInCookie] != "" {
		t.Error("the pending sign-in is still there")
	}
}

// rival is somebody who is faster by a moment: first is called before the next write.
type rival struct {
	table.DB
	count, first func()
}

func (r *rival) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, o ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	out, err := r.DB.UpdateItem(ctx, in, o...)
	take(&r.count)
	return out, err
}

func (r *rival) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	take(&r.first)
	return r.DB.TransactWriteItems(ctx, in, o...)
}

func take(f *func()) {
	if do := *f; do != nil {
		*f = nil
		do()
	}
}

// Without JavaScript a form can be sent twice. The second time is no wrong code, of which the customer would have to be told.
func TestARightCodeSentTwiceIsNoFailure(t *testing.T) { // M9
	for _, when := range []string{"before it is compared", "before it is written"} {
		t.Run(when, func(t *testing.T) {
			_, c, fake := securedOnFake(t)
			race := &rival{DB: c.admin.DB}
			s := siteOn(t, table.Store{DB: race, Names: c.admin.Names})
			s.password(t, c)
			twin := siteOn(t, c.admin)
			twin.now, twin.cookies = s.now, maps.Clone(s.cookies)
			faster := func() { twin.code(c).want(t, 303) }
			if when == "before it is compared" {
				race.count = faster
			} else {
				race.first = faster
			}
			if a := s.code(c).want(t, 303); a.location() != "/login?done=toolate" {
				t.Errorf("leads to %q", a.location())
			}
			fake.Items(c.admin.Names.Audit, func(item tablefake.Item) {
				if item["action"]["S"] == audit.SecondStepFailed {
					t.Error("a wrong code is noted")
				}
			})
		})
	}
}

func TestOfManyUsesOfOneCodeAtOnceOneWins(t *testing.T) { // S12
	s := newSite(t)
	c := securedCustomer(t, s.now)
	for name, form := range map[string]url.Values{
		"a code of the app": {"code": {secondfactor.Code(c.secret, s.now)}},
		"a recovery code":   {"recoveryCode": {c.codes[0]}},
	} {
		var won atomic.Int32
		var all sync.WaitGroup
		for range 4 {
			one := newSite(t)
			one.now = s.now
			one.password(t, c)
			all.Go(func() {
				if one.do("POST", secondStep, form).StatusCode == 303 && one.cookies[session.Cookie] != "" {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%s: %d signed in", name, won.Load())
		}
	}
}

func TestCodesAreCountedByNumberWhateverTheSignIn(t *testing.T) { // S2
	s := newSite(t)
	c := securedCustomer(t, s.now)
	for try := range 8 {
		one := newSite(t) // a thief who knows the password, from many addresses
		one.now = s.now
		one.password(t, c)
		want := 422
		if try >= 5 {
			want = 429
		}
		one.do("POST", secondStep, url.Values{"code": {"000000"}}).want(t, want)
		if try >= 5 {
			one.code(c).want(t, 429)
		}
		localtest.Put(t, clearLogin(t, c.Number))
	}
}

func TestManyCodesAtOnceGetFiveTries(t *testing.T) { // S2
	s := newSite(t)
	c := securedCustomer(t, s.now)
	s.password(t, c)
	var compared atomic.Int32
	var all sync.WaitGroup
	for i := range 30 {
		one := newSite(t)
		one.now, one.cookies = s.now, maps.Clone(s.cookies)
		all.Go(func() {
			switch status := one.do("POST", secondStep, url.Values{"code": {fmt.Sprintf("%06d", i)}}).StatusCode; status {
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
		t.Errorf("%d codes were compared", n)
	}
}

func TestChallengesForPasskeysAreBoundedByAddress(t *testing.T) { // S3
	s := newSite(t)
	for range 300 { // a town may share an address, and nothing is guessed by it
		s.do("POST", "/login/passkey", url.Values{}).want(t, 200)
	}
	s.do("POST", "/login/passkey", url.Values{}).want(t, 429)
	p := localtest.Customer(t, good)
	s.signIn(p.Number, good).want(t, 303) // with the password it goes on
	other := newSite(t)
	other.now = s.now
	other.do("POST", "/login/passkey", url.Values{}).want(t, 200)
}

func TestAThiefOfThePasswordCannotKeepTheOwnBrowserOut(t *testing.T) { // S3
	home := newSite(t)
	c := securedCustomer(t, home.now)
	home.password(t, c)
	home.code(c).want(t, 303)
	thief := newSite(t)
	thief.now = home.now
	thief.password(t, c)
	for range 7 {
		thief.do("POST", secondStep, url.Values{"code": {"000000"}})
	}
	home.now = home.now.Add(time.Minute)
	home.password(t, c)
	home.code(c).want(t, 303)
}

func TestARecoveryCodeSignsInAndIsTold(t *testing.T) {
	s := newSite(t)
	c := securedCustomer(t, s.now)
	s.password(t, c)
	s.do("POST", secondStep, url.Values{"recoveryCode": {strings.ToUpper(c.codes[4])}}).want(t, 303)
	if f := c.factor(t); len(f.Codes) != secondfactor.NumberOfCodes-1 {
		t.Errorf("%d codes are left", len(f.Codes))
	}
	if e := c.event(t, audit.RecoveryCodeUsed); e.New["left"] != "9" || e.Actor != c.Number {
		t.Errorf("%+v", e)
	}
	s.password(t, c)
	s.do("POST", secondStep, url.Values{"recoveryCode": {c.codes[4]}}).want(t, 422)
	s.do("POST", secondStep, url.Values{}).want(t, 422)
}

// Who comes to the second step knows the password: its owner learns of it.
func TestWrongCodesAreNotedAndToldOnceARun(t *testing.T) {
	s, c, fake := securedOnFake(t)
	mails := func() (n int) {
		fake.Items(c.admin.Names.Outbox, func(item tablefake.Item) {
			if item["event"]["S"] == outbox.SecondStepFailed {
				n++
			}
		})
		return n
	}
	for i := range 12 { // each after its pause
		if i == 1 && mails() != 0 {
			t.Error("a single slip is told by mail")
		}
		s.password(t, c)
		s.do("POST", secondStep, url.Values{"code": {"000000"}}).want(t, 422)
		s.now = s.now.Add(16 * time.Minute)
	}
	var noted []string
	events, _, err := audit.Store{Store: c.admin}.List(t.Context(), c.Number, "", 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		noted = append(noted, e.Action+" "+e.New[audit.KeyFailed]+" "+e.Actor)
	}
	if got := strings.Join(noted, ", "); got != "second-factor.failed 5 unknown, second-factor.failed 1 unknown" {
		t.Errorf("noted is %q (S20)", got)
	}
	if mails() != 1 {
		t.Errorf("%d mails, want one a run", mails())
	}
	s.password(t, c)
	s.code(c).want(t, 303)
	s.password(t, c)
	for range 2 {
		s.do("POST", secondStep, url.Values{"recoveryCode": {"aaaa"}}).want(t, 422)
	}
	if mails() != 2 {
		t.Errorf("%d mails after another run", mails())
	}
}

func TestAPendingSignInEnds(t *testing.T) {
	for name, happen := range map[string]func(*testing.T, *site, secured){
		"after five minutes": func(_ *testing.T, s *site, _ secured) { s.now = s.now.Add(session.PendingLasts) },
		"by a new password": func(t *testing.T, s *site, c secured) {
			cred, err := credential.Store{Store: localtest.Store(t)}.Get(t.Context(), table.Customer(c.Number))
			if err != nil {
				t.Fatal(err)
			}
			localtest.Put(t, newpassword.Set(localtest.Names(t), c.Profile, cred, cred.Hash, audit.PasswordReset, nil, s.now, rand.Reader)...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			c := securedCustomer(t, s.now)
			s.password(t, c)
			happen(t, s, c)
			if a := s.code(c).want(t, 303); a.location() != "/login?done=toolate" || s.cookies[session.Cookie] != "" {
				t.Errorf("leads to %q", a.location())
			}
			s.password(t, c) // the second factor stays in force after a reset
		})
	}
}

func TestAMergedNumberAsksForTheSurvivorsFactor(t *testing.T) {
	s := newSite(t)
	c := securedCustomer(t, s.now)
	old := merged(t, c.Profile)
	if a := s.signIn(old.Number, good).want(t, 303); a.location() != secondStep {
		t.Fatalf("leads to %q", a.location())
	}
	s.code(c).want(t, 303)
	if opened, err := load(t, s.cookies[session.Cookie], s.now); err != nil || opened.Via != old.Number || opened.Number != c.Number {
		t.Errorf("%+v, %v", opened, err)
	}
}

func TestARecoveryEndsTheSecondStepAtTheNextSignInWhenDue(t *testing.T) {
	s, c, _ := securedOnFake(t)
	f := c.factor(t)
	thiefs := f
	thiefs.Passkeys = []secondfactor.Passkey{{ID: "a", Name: "Fremdes Telefon", AddedAt: s.now, Record: "{}"}}
	c.put(t, secondfactor.Save(c.admin.Names, f, thiefs))
	c.put(t, secondfactor.StartRecovery(c.admin.Names, c.Number, secondfactor.Recovery{ID: "r1", EndAt: s.now.Add(time.Hour), By: "staff:eva"}))
	s.now = s.now.Add(2 * time.Hour)
	s.password(t, c) // nobody was warned: the waiting time has not begun
	c.put(t, secondfactor.Warned(c.admin.Names, c.Number, secondfactor.Recovery{ID: "r1", EndAt: s.now.Add(72 * time.Hour), WarnedAt: s.now})...)
	value, other, err := session.New(rand.Reader, s.now, session.Start{Number: c.Number})
	if err != nil {
		t.Fatal(err)
	}
	s.password(t, c)
	s.now = s.now.Add(72*time.Hour - time.Second)
	other.LastUsed, other.Expires = s.now, s.now.Add(time.Hour)
	c.put(t, session.Put(c.admin.Names, other))
	sessions := session.Store{Store: c.admin}
	if _, _, err := sessions.Load(t.Context(), value, s.now); err != nil {
		t.Fatalf("the other session: %v", err)
	}
	s.password(t, c)
	s.now = s.now.Add(time.Second)
	if a := s.signIn(c.Number, good).want(t, 303); a.location() != "/account" {
		t.Fatalf("leads to %q", a.location())
	}
	if f := c.factor(t); f.Secret != "" || len(f.Codes) != 0 || f.Recovery.Running() || len(f.Passkeys) != 0 {
		t.Errorf("%+v", f)
	}
	if _, _, err := sessions.Load(t.Context(), value, s.now); err != session.ErrNone {
		t.Errorf("a session from before is good: %v (S8)", err)
	}
	if _, _, err := sessions.Load(t.Context(), s.cookies[session.Cookie], s.now); err != nil {
		t.Errorf("the new session: %v", err)
	}
	if e := c.event(t, audit.FactorRecovered); e.Actor != "staff:eva" {
		t.Errorf("%+v", e)
	}
}

func TestASignInWithTheSecondStepEndsItsRecovery(t *testing.T) {
	for _, way := range []string{"code", "recoveryCode"} {
		s, c, _ := securedOnFake(t)
		code := map[string]string{"code": secondfactor.Code(c.secret, s.now), "recoveryCode": c.codes[0]}[way]
		c.put(t, secondfactor.StartRecovery(c.admin.Names, c.Number, secondfactor.Recovery{ID: "r1", EndAt: s.now.Add(72 * time.Hour), By: "staff:eva", At: s.now}))
		s.password(t, c)
		s.do("POST", secondStep, url.Values{way: {"000000"}}).want(t, 422)
		if !c.factor(t).Recovery.Running() {
			t.Fatalf("%s: a wrong code ended it", way)
		}
		s.do("POST", secondStep, url.Values{way: {code}}).want(t, 303)
		if f := c.factor(t); f.Recovery.Running() || f.Secret == "" {
			t.Errorf("%s: it goes on behind the back of who has the factor: %+v", way, f)
		}
		if e := c.event(t, audit.FactorRecoveryStopped); e.New[secondfactor.ValueBy] != secondfactor.BySignIn {
			t.Errorf("%s: %+v", way, e)
		}
	}
}

func TestARecoveryThatNothingEndedLapses(t *testing.T) {
	s, c, _ := securedOnFake(t)
	end := s.now.Add(72 * time.Hour)
	start := func(id string, end time.Time) error {
		return c.admin.Transact(t.Context(), []types.TransactWriteItem{secondfactor.StartRecovery(c.admin.Names, c.Number,
			secondfactor.Recovery{ID: id, EndAt: end, By: "staff:eva"})}, "")
	}
	if err := start("r1", end); err != nil {
		t.Fatal(err)
	}
	s.now = end.Add(secondfactor.Lapses)
	s.password(t, c)
	if f := c.factor(t); f.Secret == "" {
		t.Errorf("ended after it lapsed: %+v", f)
	}
	if err := start("r2", end.Add(secondfactor.Lapses)); !errors.Is(err, table.ErrCondition) {
		t.Errorf("another one began beside it: %v", err)
	}
	if err := start("r3", end.Add(secondfactor.Lapses+time.Second)); err != nil {
		t.Errorf("no other one can begin: %v", err)
	}
}

// event is the newest audit event of a kind.
func (c secured) event(t *testing.T, action string) audit.Event {
	t.Helper()
	events, _, err := audit.Store{Store: c.admin}.List(t.Context(), c.Number, "", 20)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Action == action {
			return e
		}
	}
	t.Fatalf("no %s among %+v", action, events)
	return audit.Event{}
}

func TestTheMailedLinkStopsItsRecoveryOnce(t *testing.T) {
	s := newSite(t)
	c := securedCustomer(t, s.now)
	begin := func(id string) {
		localtest.Put(t, secondfactor.StartRecovery(localtest.Names(t), c.Number, secondfactor.Recovery{ID: id, EndAt: s.now.Add(time.Hour), By: "staff:eva"}))
	}
	begin("r1")
	link, err := token.Store{Store: localtest.Store(t)}.Make(t.Context(), rand.Reader, token.Token{Purpose: token.PurposeStopRecovery,
		Subject: c.Number, Expires: s.now.Add(48 * time.Hour), Values: map[string]string{secondfactor.ValueID: "r1"}})
	if err != nil {
		t.Fatal(err)
	}
	const path = "/login/stop-recovery"
	s.do("GET", path+"?token="+link, nil).want(t, 200)
	if !c.factor(t).Recovery.Running() {
		t.Fatal("looking at the link stopped it (S6)")
	}
	s.do("GET", path+"?token=ausgedacht", nil).want(t, 410)
	s.do("POST", path, url.Values{"token": {link}}).want(t, 303)
	if f := c.factor(t); f.Recovery.Running() || f.Secret == "" {
		t.Errorf("%+v", f)
	}
	c.event(t, audit.FactorRecoveryStopped)
	begin("r2") // a later one has a link of its own
	s.do("POST", path, url.Values{"token": {link}}).want(t, 410)
	if !c.factor(t).Recovery.Running() {
		t.Error("an old link stopped a later recovery")
	}
	if strings.Contains(s.log.String(), link) {
		t.Error("the link is in the log (S20)")
	}
}

func TestNoSecretOfASecondFactorIsLogged(t *testing.T) { // S20
	s := newSite(t)
	c := securedCustomer(t, s.now)
	s.password(t, c)
	pending, code := s.cookies[session.SignInCookie], secondfactor.Code(c.secret, s.now)
	s.do("POST", secondStep, url.Values{"recoveryCode": {"falscher-code-canary"}})
	s.code(c).want(t, 303)
	s.password(t, c)
	s.do("POST", secondStep, url.Values{"recoveryCode": {c.codes[0]}}).want(t, 303)
	for _, secret := range append(c.codes, c.secret, pending, `"`+code+`"`, "canary", c.Number) {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	if !strings.Contains(s.log.String(), "authn_second_factor_fail") {
		t.Error("a wrong code is not in the log")
	}
}

func TestAChallengeForAPasskeyIsForOneAnswerOfOneBrowser(t *testing.T) { // S12
	s := newSite(t)
	s.do("GET", "/login/passkey", nil).want(t, 303)
	a := s.do("POST", "/login/passkey", url.Values{"next": {"/merge"}}).want(t, 200)
	if !strings.Contains(a.body, "data-passkey-get=") || !strings.Contains(a.body, "userVerification") || !strings.Contains(a.body, "konto.example") {
		t.Errorf("the page asks for nothing: %s", a.body)
	}
	challenge := s.cookies["__Host-passkey"]
	finish := func(cookie string) string {
		one := newSite(t)
		if cookie != "" {
			one.cookies["__Host-passkey"] = cookie
		}
		one.do("POST", "/login/passkey/finish", url.Values{"response": {"{}"}}).want(t, 422)
		if one.cookies[session.Cookie] != "" {
			t.Error("a session was opened")
		}
		return one.log.String()
	}
	const none = "no challenge"
	if log := finish(""); !strings.Contains(log, none) {
		t.Errorf("another browser: %s", log)
	}
	if log := finish(challenge); strings.Contains(log, none) {
		t.Errorf("the first answer: %s", log)
	}
	if log := finish(challenge); !strings.Contains(log, none) {
		t.Errorf("a second answer: %s", log)
	}
}
