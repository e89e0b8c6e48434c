package acts

import (
	"testing"
	"testing/synctest"
	"time"
)

// alone runs a scene in a world in which the thief knows what the owner does.
func alone(t *testing.T, scene func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.thief.knows(w.owner, mine)
		scene(t, w)
	})
}

// S7: a thief's address that was put into force does not stop the owner's from coming back, while the owner's link, which
// the thief asks for once more, stops the thief's.
func TestAYoungAddressDoesNotStopTheOlderOneFromComingBack(t *testing.T) {
	alone(t, func(t *testing.T, w *world) {
		if !w.thief.into(mine) || !w.thief.changeEmail(mine, w.thief.mailboxes[1]) {
			t.Fatal("the thief changes nothing: the test proves nothing")
		}
		w.pass(3 * 24 * time.Hour)
		if !w.help(mine, "correct-email", "email", w.owner.mailboxes[0]) || !w.owner.confirm() {
			t.Fatal("the address is not corrected")
		}
		w.thief.stop()
		if now := w.profile(mine).Email; now != w.owner.mailboxes[0] {
			t.Errorf("the thief takes the address back: %s", now)
		}
		if w.help(mine, "correct-email", "email", w.thief.mailboxes[1]); !w.thief.confirm() {
			t.Fatal("the thief's address is not in force again: the test proves nothing")
		}
		if w.owner.stop(); w.profile(mine).Email != w.owner.mailboxes[0] {
			t.Error("the owner's link does not stop it")
		}
		w.ends(t)
	})
}

// Of one e-mail address that the service team is talked into: three links for a new password are in the thief's mailbox
// when the owner stops it. None of them sets one, and the owner gets a link at once all the same (S6, S7).
func TestAStoppedAddressOpensNothingAndCostsTheOwnerNoLink(t *testing.T) {
	alone(t, func(t *testing.T, w *world) {
		w.help(mine, "correct-email", "email", w.thief.mailboxes[1])
		if !w.thief.confirm() {
			t.Fatal("the thief's address is not in force: the test proves nothing")
		}
		for range 3 {
			w.thief.askReset(mine)
		}
		if n := len(w.mails.links("/password/reset", w.thief.mailboxes...)); n != 3 {
			t.Fatalf("%d links in the thief's mailbox, want 3", n)
		}
		if !w.owner.stop() {
			t.Fatal("the owner stops nothing")
		}
		for _, l := range w.mails.links("/password/reset", w.thief.mailboxes...) {
			if w.thief.resetBy(l, mine) {
				t.Error("a link that went to the stopped address sets a password")
			}
		}
		w.owner.askReset(mine)
		if !w.owner.useReset(mine) || !w.owner.signIn(mine) {
			t.Error("the owner gets no link within the hour")
		}
		w.ends(t)
	})
}
