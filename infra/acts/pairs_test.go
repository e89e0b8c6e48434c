package acts

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// partOfPairs is how many pairs a run walks. All of them take ten minutes of a processor: ACTS=all walks them.
const partOfPairs = 40

func TestWhateverAThiefDoesTheOwnerTakesTheAccountBack(t *testing.T) {
	for _, a := range byThief {
		t.Run(a.act, func(t *testing.T) { walk(t, turn{a, true}) })
	}
}

func TestPairsOfAThiefsActAndAnyOtherInEitherOrder(t *testing.T) {
	for _, p := range drawn(t, pairs()) {
		t.Run(fmt.Sprintf("%s, then %s", p[0], p[1]), func(t *testing.T) { walk(t, p[0], p[1]) })
	}
}

// pairs are those of a thief's act with another one of the thief's, or with somebody else's in either order.
func pairs() (all [][2]turn) {
	for _, a := range byThief {
		x := turn{a, true}
		for _, b := range byOthers {
			y := turn{b, false}
			all = append(all, [2]turn{x, y}, [2]turn{y, x})
		}
		for _, b := range byThief {
			all = append(all, [2]turn{x, {b, true}})
		}
	}
	return all
}

// drawn is the part of the pairs that a run walks. The day draws it, so that each pair has its turn; ACTS_SEED repeats the
// draw of another day.
func drawn(t *testing.T, all [][2]turn) [][2]turn {
	t.Helper()
	dice := draw(t)
	if dice == nil {
		return all
	}
	dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:partOfPairs]
}

// draw is what decides which part is walked, nil where all is.
func draw(t *testing.T) *rand.Rand {
	t.Helper()
	if os.Getenv("ACTS") == "all" {
		return nil
	}
	seed := uint64(time.Now().Unix() / (24 * 60 * 60))
	if given, err := strconv.ParseUint(os.Getenv("ACTS_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("a part is walked, drawn by ACTS_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}
