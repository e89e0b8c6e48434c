package simulate

import (
	"flag"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"
	"testing/synctest"

	"kundenkonto/shared/merge"
)

var (
	histories = flag.Int("simulate.n", 300, "how many histories")
	firstSeed = flag.Uint64("simulate.seed", 0, "seed of the first history, the others follow it; 0: any")
	length    = flag.Int("simulate.acts", 6, "acts of a history at most")
)

// M1, M2, M5, M7, M8, M9: whatever everybody does, in whatever order, and whatever gets lost on the way, nothing is lost,
// half done, done twice or otherwise than shown, and each order ends.
func TestNoHistoryBreaksAPromise(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // a history leaves much behind, and little of it lives
	from := *firstSeed
	if from == 0 {
		from = mathrand.Uint64N(1 << 32)
	}
	t.Logf("seeds %d to %d", from, from+uint64(*histories)-1)
	came := map[string]int{}
	for i := range *histories {
		seed := from + uint64(i)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := live(t, seed)
			if w == nil {
				return
			}
			for what, n := range w.did {
				came[what] += n
			}
			if broken := w.witness.broken; broken != "" {
				t.Errorf("%s\n\n%s\n\nmake simulate SEED=%d N=1 ACTS=%d plays it again", broken, strings.Join(w.journal, "\n"), seed, *length)
			} else if *histories == 1 {
				t.Log("\n" + strings.Join(w.journal, "\n"))
			}
		})
	}
	for _, what := range slices.Sorted(maps.Keys(came)) {
		t.Logf("%6d  %s", came[what], what)
	}
	if *histories < 100 {
		return
	}
	for _, s := range []merge.State{merge.Executed, merge.Undone, merge.Vetoed, merge.Stale, merge.Approved, merge.Rejected, merge.Withdrawn, merge.Expired} {
		if came[string(s)] == 0 {
			t.Errorf("no history came to %s: they prove nothing about it", s)
		}
	}
}

// live is one history.
func live(t *testing.T, seed uint64) (w *world) {
	cryptotest.SetGlobalRandom(t, seed)
	synctest.Test(t, func(t *testing.T) {
		w = newWorld(t, seed)
		for range w.dice.IntN(*length) + *length/3 {
			if w.lives(); w.witness.broken != "" {
				return
			}
		}
		w.ends()
	})
	return w
}

// lives lets somebody do something, and mostly what happens behind the pages.
func (w *world) lives() {
	if n := w.dice.IntN(weightOf(ofPeople()) + weightOf(ofOthers)); n < weightOf(ofPeople()) {
		w.somebody()
	} else {
		w.draw(ofOthers).do(w, w.anybody())
	}
	if w.dice.IntN(4) > 0 {
		w.deliver()
	}
	if w.dice.IntN(4) > 0 {
		w.flow.drive()
	}
}

// Without it a seed would say nothing.
func TestASeedGivesTheSameHistoryAgain(t *testing.T) {
	for seed := range uint64(4) {
		var told [2]string
		for i := range told {
			t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
				if w := live(t, seed+1); w != nil {
					told[i] = strings.Join(w.journal, "\n")
				}
			})
		}
		if told[0] != told[1] {
			t.Errorf("seed %d gives\n%s\n\nand then\n%s", seed+1, told[0], told[1])
		}
	}
}
