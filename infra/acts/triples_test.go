package acts

import (
	"strings"
	"testing"
)

// named finds a move.
func named(moves []move, act string) move {
	for _, m := range moves {
		if m.act == act {
			return m
		}
	}
	panic(act + " is no act")
}

// triples are where the third act meets what two others left. "owner" and "thief" say who; the service team and the
// operator act with the owner.
var triples = []string{
	"thief e-mail change, thief recovery, owner stop",
	"thief e-mail change, thief merge, owner veto or objection",
	"thief e-mail change, thief order, owner stop",
	"thief e-mail change, thief second step, owner reset",
	"thief second step, thief e-mail change, owner recovery",
	"thief merge, thief package password, owner undo",
	"thief merge, owner veto or objection, thief package password",
	"thief merge, owner undo, thief proof",
	"thief proof, owner package password, thief order",
	"thief order, owner package password, owner e-mail change",
	"thief package password, thief order, owner reset",
	"thief service team's help, owner stop, thief reset",
	"owner import of an address, thief service team's help, owner stop",
	"thief reset, thief second step, owner recovery",
	"owner second step, thief recovery, thief e-mail change",
	"owner second step, thief service team's help, thief recovery",
	"owner merge, thief merge, owner undo",
}

func TestWhereThreeActsMeetTheOwnerTakesTheAccountBack(t *testing.T) {
	for _, triple := range triples {
		var turns []turn
		for _, one := range strings.Split(triple, ", ") {
			who, act, _ := strings.Cut(one, " ")
			moves := byOthers
			if who == "thief" {
				moves = byThief
			}
			turns = append(turns, turn{named(moves, act), who == "thief"})
		}
		t.Run(triple, func(t *testing.T) { walk(t, turns...) })
	}
}
