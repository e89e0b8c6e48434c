package customer_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"kundenkonto/shared/customer"
)

const week = 7 * 24 * time.Hour

func TestAUsedLinkVoidsThoseMailedSinceAndNoOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := func(h int) time.Time { return time.Date(2026, 11, 23, h, 0, 0, 0, time.UTC) }
		var p customer.Profile
		void, now := map[int]bool{}, 0
		for range rapid.IntRange(1, 8).Draw(t, "uses") {
			now += rapid.IntRange(1, 10).Draw(t, "later")
			issued := rapid.IntRange(0, now-1).Draw(t, "issued")
			if void[issued] {
				continue
			}
			p = p.EmailStopped(at(issued), at(now), week)
			for h := issued + 1; h <= now; h++ {
				void[h] = true
			}
		}
		for h := range now + 3 {
			if p.StopIsVoid(at(h)) != void[h] {
				t.Fatalf("of hour %d: void is %v with %+v", h, !void[h], p.EmailStops)
			}
		}
	})
}

func TestSpansOutliveNoLink(t *testing.T) {
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	p := customer.Profile{}.EmailGiven("", start)
	if p.Pending != nil || !p.EmailChangedAt.Equal(start) || !p.StopIsVoid(start) || !p.StopIsVoid(start.Add(-week)) || p.StopIsVoid(start.Add(1)) {
		t.Errorf("given by a merge: %+v", p)
	}
	if p = p.EmailStopped(start.Add(week-1), start.Add(week-1), week); len(p.EmailStops) != 2 {
		t.Errorf("dropped while links live: %+v", p.EmailStops)
	}
	if p = p.EmailStopped(start.Add(week), start.Add(week), week); len(p.EmailStops) != 2 {
		t.Errorf("kept for ever: %+v", p.EmailStops)
	}
}
