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
