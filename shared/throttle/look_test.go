package throttle_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/throttle"
)

func TestALookSaysWhatATryWouldAndCountsNothing(t *testing.T) {
	s, looking := store(t), throttle.Store{Store: localtest.StoreFor(t, "review")}
	steps := []time.Duration{0, time.Second, 2 * time.Second, time.Minute, 16 * time.Minute, 25 * time.Hour}
	refused := 0
	for name, b := range map[string]throttle.Bucket{"sign-ins": throttle.Login(localtest.Number(t)), "mails": throttle.ResetMails(localtest.Number(t), "a@b.example")} {
		at := time.Duration(0)
		for n := range 60 {
			at += steps[rand.IntN(len(steps))]
			if n < 20 {
				at = 0
			}
			seen, err := looking.Look(t.Context(), b, noon.Add(at))
			if err != nil {
				t.Fatal(err)
			}
			made := try(t, s, b, at)
			if seen.Allowed != made.Allowed || seen.RetryAfter != made.RetryAfter {
				t.Fatalf("%s after %v: a look says %v (%v), the try %v (%v)", name, at, seen.Allowed, seen.RetryAfter, made.Allowed, made.RetryAfter)
			}
			if !made.Allowed {
				refused++
			}
		}
	}
	if refused < 20 {
		t.Errorf("only %d tries were refused", refused)
	}
}
