package order

import (
	"testing"
	"time"

	"kundenkonto/shared/outbox"
)

func TestASideThatWasNotToldStopsTheVetoClock(t *testing.T) {
	one := func() Order {
		o := twoSides("a@a.example", "b@b.example")
		o.AnnouncedAt = noon.Add(time.Hour)
		return o
	}
	bounced := one()
	bounced.Unreached = []Unreached{{Numbers: []string{"2"}, Why: Bounced}}
	contacted := bounced
	contacted.ContactedAt = noon.Add(48 * time.Hour)
	sameMailbox := twoSides("a@a.example", "a@a.example")
	sameMailbox.Unreached = bounced.Unreached
	tests := map[string]struct {
		order   Order
		stopped bool
		end     time.Time
		known   bool
	}{
		"told, the clock runs from the announcement":                   {one(), false, noon.Add(73 * time.Hour), true},
		"bounced, it stands still":                                     {bounced, true, time.Time{}, false},
		"told by another way, it starts at that moment":                {contacted, false, noon.Add(120 * time.Hour), true},
		"one mailbox for both sides that bounced, it stands, too":      {sameMailbox, true, time.Time{}, false},
		"no address on either side is not one address on both (M4)":    {twoSides("", ""), false, time.Time{}, false},
		"one mailbox for both sides, known for 30 days, needs no wait": {twoSides("a@a.example", "a@a.example"), false, noon, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			end, known := tt.order.VetoUntil()
			if tt.order.Stopped() != tt.stopped || !end.Equal(tt.end) || known != tt.known {
				t.Errorf("stopped %v, VetoUntil = %v, %v; want %v, %v, %v", tt.order.Stopped(), end, known, tt.stopped, tt.end, tt.known)
			}
		})
	}
}

func TestEveryOtherMailboxCountsOnceAndNumbersWithoutOneAreNamed(t *testing.T) {
	o := Order{Customer: "1", Sources: []Source{{}, {}, {}}}
	for i, n := range []string{"2", "3", "4"} {
		o.Sources[i].Record.Number = n
	}
	to := []outbox.Recipient{{Address: "a@a.example", Own: true}, {Address: "b@b.example", Numbers: []string{"2"}},
		{Address: "B@b.example", Numbers: []string{"3"}}}
	if n := mailboxesToTell(to); n != 1 {
		t.Errorf("%d mailboxes, want 1", n)
	}
	if left := unreachable(o, to); len(left) != 1 || left[0] != "4" {
		t.Errorf("not reached: %v, want the number without an address", left)
	}
}

func TestOfTwoTokensTheLaterIssuedWins(t *testing.T) {
	known := Task{Token: "old", Run: 2, Entered: "2026-11-23T12:00:00.000Z", Retry: 1}
	tests := map[string]struct {
		task Task
		want bool
	}{
		"a retry of the same turn":                             {Task{Run: 2, Entered: known.Entered, Retry: 2}, true},
		"the first try, coming late":                           {Task{Run: 2, Entered: known.Entered, Retry: 0}, false},
		"the next turn an hour later, counting its tries anew": {Task{Run: 2, Entered: "2026-11-23T13:00:00.000Z", Retry: 0}, true},
		"an earlier turn, coming late":                         {Task{Run: 2, Entered: "2026-11-23T11:00:00.000Z", Retry: 3}, false},
		"the next run":                                         {Task{Run: 3, Retry: 0}, true},
		"an older run":                                         {Task{Run: 1, Entered: "2026-11-23T14:00:00.000Z", Retry: 9}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := newer(tt.task, known); got != tt.want {
				t.Errorf("newer = %v, want %v", got, tt.want)
			}
		})
	}
}
