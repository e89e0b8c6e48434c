package session_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// begin stores a session of a customer.
func begin(t *testing.T, p customer.Profile) string {
	t.Helper()
	value, s, err := session.New(rand.Reader, noon, session.Start{Number: p.Number, Via: "10000023", Epoch: p.Epoch, UserAgent: strings.Repeat("x", 900)})
	if err != nil {
		t.Fatal(err)
	}
	localtest.Put(t, session.Put(localtest.Names(t), s))
	return value
}

func account(t *testing.T) session.Store {
	return session.Store{Store: localtest.StoreFor(t, "account")}
}

func TestASessionEndsWhenIdleOrAfterEightHours(t *testing.T) {
	s, p := account(t), localtest.Customer(t, "")
	value := begin(t, p)
	got, profile, err := s.Load(t.Context(), value, noon.Add(session.Idle-time.Second))
	if err != nil || got.Via != "10000023" || profile.Number != p.Number || len(got.UserAgent) != 200 {
		t.Fatalf("%+v, %v", got, err)
	}
	at := noon.Add(session.Idle - time.Second)
	for range 15 { // used again and again, it lives on to the absolute limit
		at = at.Add(session.Idle - time.Second)
		if !at.Before(noon.Add(session.Absolute)) {
			break
		}
		if _, _, err := s.Load(t.Context(), value, at); err != nil {
			t.Fatalf("at %v: %v", at, err)
		}
	}
	if _, _, err := s.Load(t.Context(), value, noon.Add(session.Absolute)); !errors.Is(err, session.ErrNone) {
		t.Errorf("after eight hours: %v", err)
	}
	if _, _, err := s.Load(t.Context(), begin(t, p), noon.Add(session.Idle)); !errors.Is(err, session.ErrNone) {
		t.Errorf("after half an hour without use: %v", err)
	}
}

func TestTheLastUseIsWrittenAtMostEveryFiveMinutes(t *testing.T) {
	s, p := account(t), localtest.Customer(t, "")
	value := begin(t, p)
	for _, c := range []struct{ at, want time.Duration }{{4 * time.Minute, 0}, {5 * time.Minute, 5 * time.Minute}, {9 * time.Minute, 5 * time.Minute}} {
		got, _, err := s.Load(t.Context(), value, noon.Add(c.at))
		if err != nil || !got.LastUsed.Equal(noon.Add(c.want)) {
			t.Errorf("at %v: %v, %v", c.at, got.LastUsed, err)
		}
	}
}

func TestASessionIsVoidAtOnce(t *testing.T) {
	names := localtest.Names(t)
	for name, change := range map[string]func(customer.Profile) customer.Profile{
		"after a raised epoch": func(p customer.Profile) customer.Profile { p.Epoch++; return p },
		"after a merge":        func(p customer.Profile) customer.Profile { p.MergedInto = "10000017"; return p },
	} {
		t.Run(name, func(t *testing.T) {
			s, p := account(t), localtest.Customer(t, "")
			value := begin(t, p)
			localtest.Put(t, customer.Update(names, p, change(p)))
			if _, _, err := s.Load(t.Context(), value, noon); !errors.Is(err, session.ErrNone) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("after its end", func(t *testing.T) {
		s, p := account(t), localtest.Customer(t, "")
		value := begin(t, p)
		login := session.Store{Store: localtest.StoreFor(t, "login")}
		for range 2 {
			if err := login.End(t.Context(), value); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := s.Load(t.Context(), value, noon); !errors.Is(err, session.ErrNone) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAMadeUpCookieIsNoSession(t *testing.T) {
	s := account(t)
	for _, value := range []string{"", "x", strings.Repeat("A", 43), table.Hash("x")} {
		if _, _, err := s.Load(t.Context(), value, noon); !errors.Is(err, session.ErrNone) {
			t.Errorf("%q: %v", value, err)
		}
	}
}

func TestTheServiceTeamsSessions(t *testing.T) {
	s := session.StaffStore{Store: localtest.StoreFor(t, "review")}
	value, err := s.Create(t.Context(), rand.Reader, session.StaffSession{User: "u-1", Name: "Petra", Groups: []string{session.StaffGroup}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Load(t.Context(), value, noon.Add(time.Minute))
	if err != nil || got.Name != "Petra" || !got.MayReview() {
		t.Errorf("%+v, %v", got, err)
	}
	for name, at := range map[string]time.Duration{"idle": session.StaffIdle + time.Minute, "absolute": session.StaffAbsolute} {
		if _, err := s.Load(t.Context(), value, noon.Add(at)); !errors.Is(err, session.ErrNone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.End(t.Context(), value); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), value, noon); !errors.Is(err, session.ErrNone) {
		t.Errorf("after its end: %v", err)
	}
	if (session.StaffSession{Groups: []string{"service-team-2"}}).MayReview() {
		t.Error("another group may review")
	}
}

func TestAStaffSignInIsFinishedOnce(t *testing.T) {
	s := session.StaffStore{Store: localtest.StoreFor(t, "review")}
	state := rand.Text()
	if err := s.Begin(t.Context(), state, session.SignIn{Verifier: "v", Nonce: "n", Next: "/service"}, noon); err != nil {
		t.Fatal(err)
	}
	in, err := s.Finish(t.Context(), state, noon.Add(time.Minute))
	if err != nil || in.Verifier != "v" || in.Nonce != "n" || in.Next != "/service" {
		t.Errorf("%+v, %v", in, err)
	}
	if _, err := s.Finish(t.Context(), state, noon.Add(time.Minute)); !errors.Is(err, session.ErrNone) {
		t.Errorf("twice: %v", err)
	}
	late := rand.Text()
	if err := s.Begin(t.Context(), late, session.SignIn{}, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Finish(t.Context(), late, noon.Add(time.Hour)); !errors.Is(err, session.ErrNone) {
		t.Errorf("an hour later: %v", err)
	}
}

func TestNoCustomerFunctionCanMakeAStaffSession(t *testing.T) {
	for _, function := range []string{"login", "passwordreset", "account", "mergediff", "mergesubmit"} {
		s := session.StaffStore{Store: localtest.StoreFor(t, function)}
		_, err := s.Create(t.Context(), rand.Reader, session.StaffSession{User: "u"}, noon)
		if err == nil || !strings.Contains(err.Error(), "AccessDenied") {
			t.Errorf("%s: %v", function, err)
		}
	}
}
