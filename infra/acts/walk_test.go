package acts

import (
	"testing"
	"testing/synctest"
	"time"
)

// Without it the walks would look at refusals only.
func TestEachActDoesWhatItIsForWhenItStandsAlone(t *testing.T) {
	for name, does := range map[string]func(w *world) bool{
		"sign-in": func(w *world) bool { return w.owner.signIn(mine) },
		"reset":   func(w *world) bool { w.owner.askReset(mine); return w.owner.useReset(mine) && w.owner.signIn(mine) },
		"e-mail change": func(w *world) bool {
			return w.owner.signIn(mine) && w.owner.changeEmail(mine, w.owner.mailboxes[2]) && w.profile(mine).Email == w.owner.mailboxes[2]
		},
		"stop": func(w *world) bool {
			return w.owner.signIn(mine) && w.owner.changeEmail(mine, w.owner.mailboxes[2]) && w.owner.stop() && w.profile(mine).Email == w.owner.mailboxes[0]
		},
		"second step": func(w *world) bool { return w.owner.signIn(mine) && w.owner.setUpApp(mine) && w.owner.signIn(mine) },
		"recovery": func(w *world) bool {
			done := w.owner.signIn(mine) && w.owner.setUpApp(mine) && w.help(mine, "start-recovery")
			w.pass(74 * time.Hour)
			w.owner.app = map[string]string{}
			return done && w.owner.signIn(mine)
		},
		"package password": func(w *world) bool { return w.owner.signIn(mine) && w.owner.setPackagePassword(mine) },
		"proof": func(w *world) bool {
			return w.owner.signIn(mine) && w.owner.prove(second, w.owner.packagePassword[second])
		},
		"merge": func(w *world) bool { return w.owner.signIn(mine) && w.execute(w.owner.order(mine, second)) },
		"veto": func(w *world) bool {
			return w.owner.signIn(mine) && w.owner.order(mine, second) != "" && w.owner.veto() && !w.execute(w.owner.orders[0])
		},
		"objection": func(w *world) bool {
			return w.owner.signIn(mine) && w.execute(w.owner.order(mine, second)) && w.owner.veto()
		},
		"undo": func(w *world) bool {
			return w.owner.signIn(mine) && w.execute(w.owner.order(mine, second)) && w.undo(w.owner.orders[0]) && w.profile(second).MergedInto == ""
		},
		"help": func(w *world) bool {
			return w.help(mine, "correct-email", "email", w.owner.mailboxes[2]) && w.owner.confirm() && w.help(mine, "send-reset") && w.owner.useReset(mine)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				if !does(w) {
					t.Errorf("it does not:\n%s\n%v", w.log.String(), w.mails.letters)
				}
			})
		})
	}
}

// walk lets moves happen one after the other, and then the owner take the account back. Of whatever a thief changes the
// owner is told at once, at an address that is not the thief's; afterwards nothing that the thief ever had opens anything.
func walk(t *testing.T, moves ...turn) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.thief.knows(w.owner, mine)
		for _, m := range moves {
			merged := w.profile(mine).MergedInto != "" // of that the owner was told, with the way to object
			before, told := w.state(), len(w.mails.of(w.owner.mailboxes...))
			m.do(w)
			w.settle()
			if after := w.state(); m.thief && after != before && !merged && len(w.mails.of(w.owner.mailboxes...)) == told {
				t.Errorf("%s: the owner is told nothing of it\nbefore %s\nafter  %s", m.act, before, after)
			}
		}
		w.ends(t)
	})
}

// ends lets the owner take the account back, and the thief try.
func (w *world) ends(t *testing.T) {
	t.Helper()
	if err := w.rescue(); err != nil {
		t.Errorf("%v\n%s", err, w.state())
		return
	}
	for _, what := range w.tries() {
		t.Errorf("the thief gets in by %s", what)
	}
	if !w.owner.signIn(mine) {
		t.Error("the owner does not get in any more")
	}
	for _, what := range w.broken() {
		t.Error(what)
	}
}

// turn is a move of a walk.
type turn struct {
	move
	thief bool
}

func (t turn) String() string {
	if t.thief {
		return "thief's " + t.act
	}
	return "other's " + t.act
}
