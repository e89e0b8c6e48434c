package throttle_test

import (
	"fmt"
	"testing"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/throttle"
)

// A submission with the most sources counts in more buckets than are written at once.
func TestATryInSeveralBucketsIsRefusedByOneAndTakenBackFromTheOthers(t *testing.T) {
	s := faulty(tablefake.Fine)
	closed := throttle.ProofActor("10000099")
	for range throttle.FreeTries {
		try(t, s, closed, 0)
	}
	buckets := []throttle.Bucket{closed}
	for _, number := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		buckets = append(buckets, throttle.MergeTarget(number))
	}
	for round := range 2 * throttle.OrdersADay {
		verdicts, err := s.TryAll(t.Context(), noon, buckets...)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range verdicts {
			if v.Allowed == (buckets[i] == closed) || v.Allowed && (v.Tries != 1 || v.Bucket != buckets[i]) {
				t.Fatalf("round %d, %v: %+v", round, buckets[i], v)
			}
		}
		if after := throttle.Pause(verdicts...); after != time.Second {
			t.Fatalf("pause of %v", after)
		}
		if err := s.TakeBack(t.Context(), verdicts...); err != nil {
			t.Fatal(err)
		}
	}
	if v := try(t, s, closed, 0); v.Allowed || v.Tries != throttle.FreeTries {
		t.Errorf("the bucket that refused: %+v", v)
	}
}

// tryProof counts a wrong proof as the page does and says how long the next one waits.
func tryProof(t *testing.T, s throttle.Store, actor, number string, at time.Time) time.Duration {
	t.Helper()
	verdicts, err := s.TryAll(t.Context(), at, throttle.ProofPair(actor, number), throttle.ProofActor(actor), throttle.ProofTarget(number))
	if err != nil {
		t.Fatal(err)
	}
	after := throttle.Pause(verdicts...)
	if after > 0 {
		if err := s.TakeBack(t.Context(), verdicts...); err != nil {
			t.Fatal(err)
		}
	}
	return after
}

func TestAStrangersWrongProofsDoNotMakeTheOwnerWait(t *testing.T) { // S3
	s, at := faulty(tablefake.Fine), noon
	wrong := 0
	for at.Sub(noon) < time.Hour {
		after := tryProof(t, s, "10000031", "10000023", at)
		if at = at.Add(after); after == 0 {
			wrong++
		}
	}
	if wrong < 11 || wrong > 20 {
		t.Errorf("a stranger made %d tries in an hour", wrong)
	}
	if after := tryProof(t, s, "10000017", "10000023", at); after > 0 {
		t.Errorf("the owner waits %v", after)
	}
}

func TestManyCustomersTogetherAreBoundToo(t *testing.T) { // S2
	s, made := faulty(tablefake.Fine), 0
	for actor := range 60 {
		for range throttle.FreeTries {
			if tryProof(t, s, fmt.Sprint(20000000+actor), "10000023", noon) == 0 {
				made++
			}
		}
	}
	if made != throttle.ProofsAnHour {
		t.Errorf("%d tries at one number in an hour", made)
	}
	if after := tryProof(t, s, "10000017", "10000023", noon.Add(time.Hour)); after > 0 {
		t.Errorf("an hour later the next waits %v", after)
	}
}

func TestThePauseIsTheLongestOfThoseThatRefuse(t *testing.T) {
	open, short, long := throttle.Verdict{Allowed: true, RetryAfter: time.Hour}, throttle.Verdict{RetryAfter: time.Minute}, throttle.Verdict{RetryAfter: 2 * time.Minute}
	for name, c := range map[string]struct {
		verdicts []throttle.Verdict
		want     time.Duration
	}{
		"none refuses":             {[]throttle.Verdict{open, open}, 0},
		"one refuses":              {[]throttle.Verdict{open, short}, time.Minute},
		"the longer one decides":   {[]throttle.Verdict{long, short, open}, 2 * time.Minute},
		"never less than a second": {[]throttle.Verdict{{}, open}, time.Second},
	} {
		if got := throttle.Pause(c.verdicts...); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
