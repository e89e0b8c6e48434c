package acts

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// race is two acts at the same moment, after something that led there.
type race struct {
	name   string
	before func(w *world)
	act    func(w *world) // before whose writes the other comes
	other  func(w *world)
}

// thiefsAddress brings the thief's address into force, with a link for a new password mailed to it.
func thiefsAddress(w *world) {
	w.help(mine, "correct-email", "email", w.thief.mailboxes[1])
	w.thief.confirm()
	w.thief.askReset(mine)
}

// thiefsMerge has the owner's number merged into the thief's.
func thiefsMerge(w *world) {
	w.thief.into(theirs)
	w.execute(w.thief.order(theirs, mine))
}

// approved has such an order wait for the end of its veto period.
func approved(w *world) {
	w.thief.into(theirs)
	w.approve(w.thief.order(theirs, mine))
}

func over(w *world) { w.pass((vetoHours + 1) * time.Hour) }

var races = []race{
	{"new password by a thief's link × stop", thiefsAddress, func(w *world) { w.thief.useReset(mine) }, func(w *world) { w.owner.stop() }},
	{"stop × new password by a thief's link", thiefsAddress, func(w *world) { w.owner.stop() }, func(w *world) { w.thief.useReset(mine) }},
	{"confirmation of a thief's address × stop", func(w *world) { w.help(mine, "correct-email", "email", w.thief.mailboxes[1]) },
		func(w *world) { w.thief.confirm() }, func(w *world) { w.owner.stop() }},
	{"sign-in × new password", func(w *world) { w.owner.askReset(mine) }, func(w *world) { w.thief.signIn(mine) }, func(w *world) { w.owner.useReset(mine) }},
	{"e-mail change × new password", func(w *world) { w.thief.into(mine); w.owner.askReset(mine) },
		func(w *world) { w.thief.changeEmail(mine, w.thief.mailboxes[1]) }, func(w *world) { w.owner.useReset(mine) }},
	{"second step × new password", func(w *world) { w.thief.into(mine); w.owner.askReset(mine) }, func(w *world) { w.thief.setUpApp(mine) }, func(w *world) { w.owner.useReset(mine) }},
	{"package password × new password", func(w *world) { w.thief.into(mine); w.owner.askReset(mine) },
		func(w *world) { w.thief.setPackagePassword(mine) }, func(w *world) { w.owner.useReset(mine) }},
	{"order × package password", func(w *world) { w.thief.into(theirs); w.owner.into(mine) }, func(w *world) { w.thief.order(theirs, mine) }, func(w *world) { w.owner.setPackagePassword(mine) }},
	{"execution × veto", approved, over, func(w *world) { w.owner.veto() }},
	{"veto × execution", func(w *world) { approved(w); time.Sleep((vetoHours + 1) * time.Hour) }, func(w *world) { w.owner.veto() }, func(w *world) { w.settle() }},
	{"undo × package password of the survivor's", func(w *world) { thiefsMerge(w); w.thief.into(theirs) }, func(w *world) { w.undoAll() }, func(w *world) { w.thief.setPackagePassword(mine) }},
	{"package password of the survivor's × undo", func(w *world) { thiefsMerge(w); w.thief.into(theirs) }, func(w *world) { w.thief.setPackagePassword(mine) }, func(w *world) { w.undoAll() }},
	{"undo × objection", thiefsMerge, func(w *world) { w.undoAll() }, func(w *world) { w.owner.veto() }},
	{"end of a recovery × its stop", func(w *world) {
		w.owner.into(mine)
		w.owner.setUpApp(mine)
		w.help(mine, "start-recovery")
	}, over, func(w *world) { w.owner.keepFactor() }},
	{"correction of the address × new password", func(w *world) { w.owner.askReset(mine) },
		func(w *world) { w.help(mine, "correct-email", "email", w.thief.mailboxes[1]) }, func(w *world) { w.owner.useReset(mine) }},
}

// step is to the next write that something comes before: every one, or where a part is drawn, one of eight at the latest.
func step(dice *rand.Rand) int {
	if dice == nil {
		return 1
	}
	return 1 + dice.IntN(8)
}

// S12: whatever comes between what an act reads and what it writes, each of the two happens as a whole or not at all, and the owner takes the
// account back as if they had come one after the other.
func TestTwoActsAtTheSameMomentLeaveNoWayIn(t *testing.T) {
	dice := draw(t)
	for _, r := range races {
		for n := 1; ; n += step(dice) {
			between := false
			if !t.Run(fmt.Sprintf("%s, before write %d", r.name, n), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					w.thief.knows(w.owner, mine)
					r.before(w)
					w.wire.beforeWrite(n, func() { r.other(w) })
					r.act(w)
					if between = w.wire.happened(); between {
						w.settle()
						w.ends(t)
					}
				})
			}) || !between {
				break
			}
		}
	}
}
