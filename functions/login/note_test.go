package login_test

import (
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
)

// noted are the events of a number, oldest first, as "action failed".
func noted(t *testing.T, number string) string {
	t.Helper()
	events, _, err := audit.Store{Store: localtest.Store(t)}.List(t.Context(), number, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range events {
		list = append([]string{strings.TrimSpace(e.Action + " " + e.New[audit.KeyFailed])}, list...)
	}
	return strings.Join(list, ", ")
}

func TestASignInIsNotedWithWhatFailedBefore(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, good)
	s.signIn(p.Number, good).want(t, 303)
	for range 3 {
		s.now = s.now.Add(time.Second)
		s.signIn(p.Number, "falsch").want(t, 422)
	}
	s.now = s.now.Add(time.Second)
	s.signIn(p.Number, good).want(t, 303)
	if got := noted(t, p.Number); got != "sign-in, sign-in.failed 1, sign-in 3" {
		t.Errorf("noted is %q (S20)", got)
	}
}

func TestARunOfGuessesFillsTheAuditWithTwoEvents(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, good)
	for range 60 { // each after its pause, for hours
		s.now = s.now.Add(16 * time.Minute)
		s.signIn(p.Number, "falsch").want(t, 422)
	}
	if got := noted(t, p.Number); got != "sign-in.failed 1, sign-in.failed 5" {
		t.Errorf("noted is %q (S3)", got)
	}
	s.now = s.now.Add(16 * time.Minute)
	s.signIn(p.Number, good).want(t, 303)
	if got := noted(t, p.Number); !strings.HasSuffix(got, ", sign-in 60") {
		t.Errorf("noted is %q", got)
	}
}

func TestGuessesAtANumberThatDoesNotExistLeaveNothing(t *testing.T) {
	s, number := newSite(t), localtest.Number(t)
	for range 5 {
		s.signIn(number, "falsch").want(t, 422)
	}
	if got := noted(t, number); got != "" {
		t.Errorf("noted is %q (S1)", got)
	}
}
