package merge_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kundenkonto/shared/merge"
)

func TestAllowedTransitions(t *testing.T) {
	for _, c := range []struct {
		from, to merge.State
		want     bool
	}{
		{merge.Draft, merge.Submitted, true},
		{merge.Draft, merge.Executed, false},
		{merge.Submitted, merge.InReview, true},
		{merge.Submitted, merge.Approved, false},
		{merge.Submitted, merge.Executed, false},
		{merge.InReview, merge.Approved, true},
		{merge.InReview, merge.Executed, false},
		{merge.InReview, merge.Expired, true},
		{merge.Approved, merge.Executed, true},
		{merge.Approved, merge.Stale, true},
		{merge.Approved, merge.Expired, true},
		{merge.Approved, merge.Rejected, true},
		{merge.Stale, merge.InReview, true},
		{merge.Stale, merge.Approved, false},
		{merge.Stale, merge.Expired, true},
		{merge.Stale, merge.Rejected, true},
		{merge.Failed, merge.Rejected, true},
		{merge.Failed, merge.Approved, true},
		{merge.Failed, merge.Executed, false},
		{merge.Executed, merge.Undone, true},
		{merge.Executed, merge.Vetoed, false},
		{merge.Withdrawn, merge.InReview, false},
		{merge.State("?"), merge.Submitted, false},
	} {
		if got := c.from.May(c.to); got != c.want {
			t.Errorf("%s to %s: %v", c.from, c.to, got)
		}
	}
}

// Whatever way an order takes: nothing is executed that was not approved (M4), every final state but EXECUTED is an end, and a running order can be stopped by both parties.
func TestEveryWayOfAnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, approved := merge.Draft, false
		for range 30 {
			var ways []merge.State
			for _, to := range merge.States() {
				if s.May(to) {
					ways = append(ways, to)
				}
			}
			if s.Final() && s != merge.Executed && len(ways) > 0 {
				t.Fatalf("%s is final and goes on to %v", s, ways)
			}
			if s.Open() && (!s.May(merge.Withdrawn) || !s.May(merge.Vetoed)) {
				t.Fatalf("%s cannot be stopped", s)
			}
			if s.Open() == s.Final() && s != merge.Draft {
				t.Fatalf("%s is both running and done, or neither", s)
			}
			if len(ways) == 0 {
				return
			}
			to := rapid.SampledFrom(ways).Draw(t, "next")
			if to == s {
				t.Fatalf("%s follows itself", s)
			}
			approved = approved || to == merge.Approved
			if to == merge.Executed && !approved {
				t.Fatal("executed without approval")
			}
			s = to
		}
	})
}

func TestEveryStateIsReachable(t *testing.T) {
	for _, s := range merge.States() {
		if s != merge.Draft && !slices.ContainsFunc(merge.States(), func(from merge.State) bool { return from.May(s) }) {
			t.Errorf("%s cannot be reached", s)
		}
	}
}
