package throttle_test

import (
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/throttle"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func store(t *testing.T) throttle.Store {
	return throttle.Store{Store: localtest.StoreFor(t, "login")}
}

func try(t *testing.T, s throttle.Store, b throttle.Bucket, at time.Duration) throttle.Verdict {
	t.Helper()
	v, err := s.Try(t.Context(), b, noon.Add(at))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFiftyAtOnceGetFiveTries(t *testing.T) {
	s, b := store(t), throttle.Login(localtest.Number(t))
	var allowed atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			v, err := s.Try(t.Context(), b, noon)
			if err != nil {
				t.Error(err)
			}
			if v.Allowed {
				allowed.Add(1)
			} else if v.RetryAfter <= 0 {
				t.Error("a refusal names no time")
			}
		})
	}
	all.Wait()
	if n := allowed.Load(); n != throttle.FreeTries {
		t.Errorf("%d tries of 50 were allowed, want %d", n, throttle.FreeTries)
	}
}

func TestStepsOfTheLoginBucket(t *testing.T) {
	s, b := store(t), throttle.Login(localtest.Number(t))
	at := time.Duration(0)
	for range throttle.FreeTries {
		if !try(t, s, b, at).Allowed {
			t.Fatal("a free try was refused")
		}
	}
	for _, pause := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900} {
		pause *= time.Second
		if v := try(t, s, b, at+pause-time.Millisecond); v.Allowed || v.RetryAfter > pause || v.RetryAfter <= 0 {
			t.Fatalf("before the pause of %v is over: %+v", pause, v)
		}
		at += pause // the refused try did not extend it
		if !try(t, s, b, at).Allowed {
			t.Fatalf("after the pause of %v the try was refused", pause)
		}
	}
	if v := try(t, s, b, at+24*time.Hour); !v.Allowed || v.Tries != 1 {
		t.Errorf("after 24 quiet hours: %+v", v)
	}
}

func TestOnlyOneOfManyAtOnceBeginsAnew(t *testing.T) {
	s, b := store(t), throttle.Login(localtest.Number(t))
	for range throttle.FreeTries {
		try(t, s, b, 0)
	}
	var allowed atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if v, err := s.Try(t.Context(), b, noon.Add(25*time.Hour)); err == nil && v.Allowed {
				allowed.Add(1)
			}
		})
	}
	all.Wait()
	if n := allowed.Load(); n > throttle.FreeTries || n < 1 {
		t.Errorf("%d tries were allowed", n)
	}
}

func TestAnAddressHasFiftyWrongTriesInTenMinutes(t *testing.T) {
	s, b := store(t), throttle.Address(netip.AddrFrom16([16]byte([]byte(localtest.Number(t)+"----"))))
	for n := range 50 {
		v := try(t, s, b, time.Duration(n)*time.Second)
		if !v.Allowed {
			t.Fatalf("try %d was refused", n+1)
		}
		for range 2 { // the second is the first one sent again
			if err := s.Failed(t.Context(), v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if v := try(t, s, b, time.Minute); v.Allowed || v.RetryAfter != 9*time.Minute {
		t.Errorf("try 51: %+v", v)
	}
	everything := throttle.Store{Store: localtest.Store(t)}
	if v, err := everything.Look(t.Context(), b, noon.Add(time.Minute)); err != nil || v.Allowed {
		t.Errorf("looked at: %+v, %v", v, err)
	}
	for n := range 3 { // in the next window, where the wrong ones are forgotten
		if v := try(t, s, b, 10*time.Minute); !v.Allowed || v.Tries != n+1 {
			t.Errorf("in the next window: %+v", v)
		}
	}
}

func TestRightTriesOfAnAddressHoldAPlaceOnlyWhileTheyLast(t *testing.T) {
	s, b := store(t), throttle.Address(netip.AddrFrom16([16]byte([]byte(localtest.Number(t)+"++++"))))
	for range 3 {
		var going []throttle.Verdict
		for n := range 100 {
			v := try(t, s, b, 0)
			if !v.Allowed {
				t.Fatalf("try %d at once was refused", n+1)
			}
			going = append(going, v)
		}
		if try(t, s, b, 0).Allowed {
			t.Error("101 at once")
		}
		if err := s.TakeBack(t.Context(), going...); err != nil {
			t.Fatal(err)
		}
	}
}

func TestThreeMailsAnHour(t *testing.T) {
	s := throttle.Store{Store: localtest.StoreFor(t, "dispatch")}
	b := throttle.ResetMails(localtest.Number(t), "a@b.example")
	for range 3 {
		if !try(t, s, b, 0).Allowed {
			t.Fatal("one of three mails was refused")
		}
	}
	if try(t, s, b, 59*time.Minute).Allowed {
		t.Error("a fourth mail was allowed")
	}
	if !try(t, s, b, time.Hour).Allowed {
		t.Error("no mail after an hour")
	}
}

func TestATryTakenBackLeavesCountAndPauseAsTheyWere(t *testing.T) {
	s, b := store(t), throttle.Login(localtest.Number(t))
	for range 8 {
		try(t, s, b, 0)
	}
	for _, at := range []time.Duration{10 * time.Second, 20 * time.Second, 30 * time.Second} { // tries 6, 7, 8
		if !try(t, s, b, at).Allowed {
			t.Fatalf("refused at %v", at)
		}
	}
	at := 40 * time.Second // the pause after 8 tries is 8 s
	last := try(t, s, b, at)
	if !last.Allowed {
		t.Fatal("refused")
	}
	for range 2 { // the second time is a request that was sent again
		if err := s.TakeBack(t.Context(), last); err != nil {
			t.Fatal(err)
		}
	}
	if v := try(t, s, b, at+time.Millisecond); !v.Allowed || v.Tries != 9 {
		t.Errorf("after taking back: %+v", v)
	}
	last.Bucket = throttle.Login(localtest.Number(t))
	if err := s.TakeBack(t.Context(), last); err != nil {
		t.Errorf("taking back what was never counted: %v", err)
	}
}

func TestOnlyAKnownDeviceHasABucketOfItsOwn(t *testing.T) {
	s, number := store(t), localtest.Number(t)
	known, stranger := throttle.Device("known", number), throttle.Device("stranger", number)
	put := throttle.PutDevice(s.Names, "known", number, noon)
	if err := s.Transact(t.Context(), []types.TransactWriteItem{put}, ""); err != nil {
		t.Fatal(err)
	}
	if v, err := s.TryKnown(t.Context(), stranger, noon); err != nil || v.Allowed || v.Known {
		t.Errorf("stranger: %+v, %v", v, err)
	}
	for n := range 7 {
		v, err := s.TryKnown(t.Context(), known, noon)
		if err != nil || !v.Known || v.Allowed != (n < throttle.FreeTries) {
			t.Errorf("try %d of the known device: %+v, %v", n+1, v, err)
		}
	}
	if v, err := s.TryKnown(t.Context(), known, noon.Add(90*24*time.Hour)); err != nil || !v.Allowed || v.Tries != 1 {
		t.Errorf("the known device after three months: %+v, %v", v, err)
	}
}

func TestSuccessClears(t *testing.T) {
	s, b := store(t), throttle.Login(localtest.Number(t))
	for range 6 {
		try(t, s, b, 0)
	}
	if err := s.Transact(t.Context(), []types.TransactWriteItem{throttle.Clear(s.Names, b)}, ""); err != nil {
		t.Fatal(err)
	}
	if v := try(t, s, b, 0); !v.Allowed || v.Tries != 1 {
		t.Errorf("%+v", v)
	}
}

func TestAFunctionThatNeedsNoCountsIsDeniedThem(t *testing.T) {
	s := throttle.Store{Store: localtest.StoreFor(t, "mergeexecute")}
	var denied interface{ ErrorCode() string }
	if _, err := s.Try(t.Context(), throttle.Login("1"), noon); !errors.As(err, &denied) || denied.ErrorCode() != "AccessDeniedException" {
		t.Errorf("got %v", err)
	}
}
