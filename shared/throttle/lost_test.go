package throttle_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// faulty is a store whose requests meet the fault each first time.
func faulty(fault tablefake.Fault) throttle.Store {
	fake, requests := tablefake.New(), new(atomic.Int64) // several at once
	choose := func() tablefake.Fault {
		if requests.Add(1)%2 == 1 {
			return fault
		}
		return tablefake.Fine
	}
	db := fake.Client(tablefake.Faults{Next: fake, Choose: choose})
	return throttle.Store{Store: table.Store{DB: db, Names: table.Names{Throttle: "Throttle"}}}
}

// A try is one, however often its count is sent; otherwise a visitor on a bad line would be refused too early (L1, S2).
func TestACountThatIsSentAgainCountsOnce(t *testing.T) {
	for name, fault := range map[string]tablefake.Fault{
		"lost answer": tablefake.LoseReply, "sent twice": tablefake.Double, "never arrived": tablefake.Vanish, "throttled": tablefake.Throttle,
	} {
		t.Run(name, func(t *testing.T) {
			s, b := faulty(fault), throttle.Login("10000017")
			for n := range throttle.FreeTries {
				if v := try(t, s, b, 0); !v.Allowed || v.Tries != n+1 {
					t.Fatalf("try %d: %+v", n+1, v)
				}
			}
			if v := try(t, s, b, 0); v.Allowed || v.Tries != throttle.FreeTries {
				t.Errorf("after the free tries: %+v", v)
			}
			if v := try(t, s, b, quiet); !v.Allowed || v.Tries != 1 {
				t.Errorf("begun anew: %+v", v)
			}
			second := try(t, s, b, quiet)
			if err := s.TakeBack(t.Context(), second); err != nil {
				t.Fatal(err)
			}
			if v := try(t, s, b, quiet); !v.Allowed || v.Tries != 2 {
				t.Errorf("after taking one of two back: %+v", v)
			}
			put := throttle.PutDevice(s.Names, "known", "10000017", noon)
			if err := s.Transact(t.Context(), []types.TransactWriteItem{put}, ""); err != nil {
				t.Fatal(err)
			}
			if v, err := s.TryKnown(t.Context(), throttle.Device("known", "10000017"), noon); err != nil || v.Tries != 1 {
				t.Errorf("known device: %+v, %v", v, err)
			}
		})
	}
}

const quiet = 24 * time.Hour
