package acts

import (
	"fmt"
	"testing"
)

func TestWhateverAThiefDoesTheOwnerTakesTheAccountBack(t *testing.T) {
	for _, a := range byThief {
		t.Run(a.act, func(t *testing.T) { walk(t, turn{a, true}) })
	}
}

func TestEveryPairOfAThiefsActWithAnothersInEitherOrder(t *testing.T) {
	for _, a := range byThief {
		for _, b := range byOthers {
			x, y := turn{a, true}, turn{b, false}
			t.Run(fmt.Sprintf("%s, then %s", x, y), func(t *testing.T) { walk(t, x, y) })
			t.Run(fmt.Sprintf("%s, then %s", y, x), func(t *testing.T) { walk(t, y, x) })
		}
	}
}

func TestEveryPairOfAThiefsActs(t *testing.T) {
	for _, a := range byThief {
		for _, b := range byThief {
			x, y := turn{a, true}, turn{b, true}
			t.Run(fmt.Sprintf("%s, then %s", x, y), func(t *testing.T) { walk(t, x, y) })
		}
	}
}
