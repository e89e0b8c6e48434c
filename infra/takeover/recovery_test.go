package takeover

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/secondfactor"
)

// recovers has the service team take the second step away.
func (w *world) recovers() answer {
	a := w.staff().post("/service/customers/"+number+"/start-recovery", "reason", "hat angerufen, App verloren")
	w.deliver()
	return a
}

const stopRecovery = "/login/stop-recovery"

// S7: everybody who had the mailbox of the account in the last 30 days is warned, and can stop it.
func TestARecoveryWarnsAllAddressesOfTheLastDays(t *testing.T) {
	for name, c := range map[string]struct {
		after time.Duration // since the other address came into force
		warns bool
	}{"8 days": {8 * 24 * time.Hour, true}, "29 days": {29 * 24 * time.Hour, true}, "32 days": {32 * 24 * time.Hour, false}} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T, w *world) {
				w.withApp()
				w.replaced()
				time.Sleep(c.after)
				if a := w.recovers(); a.code != http.StatusOK || !w.factor().Recovery.Running() {
					t.Fatalf("start: %d %s", a.code, a.body)
				}
				if w.link(thiefs, stopRecovery) == "" {
					t.Error("the address in force is not warned")
				}
				link := w.link(owners, stopRecovery)
				if (link != "") != c.warns {
					t.Fatalf("the address before is warned: %v", link != "")
				}
				if !c.warns {
					return
				}
				if w.browser().follow(link); w.factor().Recovery.Running() || w.factor().Secret == "" {
					t.Error("the owner cannot stop it")
				}
			})
		})
	}
}

// S7: an address that the one before can still take back recovers nothing.
func TestAFreshAddressRecoversNothing(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		w.withApp()
		stop := w.replaced()
		for range 6 {
			if a := w.recovers(); a.code != http.StatusConflict || !strings.Contains(a.body, "ist erst seit dem") {
				t.Errorf("start: %d %s", a.code, a.body)
			}
			time.Sleep(24 * time.Hour)
		}
		w.browser().follow(stop)
		if a := w.recovers(); a.code != http.StatusConflict {
			t.Errorf("an address that was given back a moment ago: %d", a.code)
		}
		time.Sleep(7*24*time.Hour + time.Minute)
		if a := w.recovers(); a.code != http.StatusOK || w.link(owners, stopRecovery) == "" || w.link(thiefs, stopRecovery) != "" {
			t.Errorf("a week later: %d; the stopped address is warned: %v", a.code, w.link(thiefs, stopRecovery) != "")
		}
	})
}

// S7: change of the address and recovery, in this order and the other: stopping one stops both.
func TestStoppingChangeOrRecoveryStopsBoth(t *testing.T) {
	asks := func(w *world) {
		w.staff().post("/service/customers/"+number+"/correct-email", "email", thiefs, "reason", "hat angerufen")
		w.deliver()
		time.Sleep(time.Minute)
	}
	orders := map[string][]func(*world){
		"change, then recovery": {asks, func(w *world) { w.recovers() }},
		"recovery, then change": {func(w *world) { w.recovers() }, asks},
	}
	for name, steps := range orders {
		for _, by := range []string{"/account/email/stop", stopRecovery} {
			t.Run(name+", stopped by "+by, func(t *testing.T) {
				inTime(t, func(t *testing.T, w *world) {
					w.withApp()
					for _, step := range steps {
						step(w)
					}
					if p := w.profile(); p.Waiting(time.Now()) == nil || !w.factor().Recovery.Running() {
						t.Fatal("not both are under way: the test proves nothing")
					}
					if a := w.browser().follow(w.link(thiefs, "/account/email/confirm")); a.code != http.StatusConflict || w.profile().Email != owners {
						t.Errorf("confirmed while the second step is taken away: %d", a.code)
					}
					time.Sleep(time.Hour)
					if a := w.browser().follow(w.link(owners, by)); a.code >= 400 {
						t.Fatalf("stop: %d %s", a.code, a.body)
					}
					if p := w.profile(); p.Pending != nil || w.factor().Recovery.Running() {
						t.Errorf("left are %+v and %+v", p.Pending, w.factor().Recovery)
					}
					if a := w.browser().follow(w.link(thiefs, "/account/email/confirm")); a.code != http.StatusGone {
						t.Errorf("the link to the new address: %d", a.code)
					}
					time.Sleep(100 * time.Hour)
					w.deliver()
					if f := w.factor(); f.Secret == "" || w.profile().Email != owners {
						t.Error("one of the two went on")
					}
				})
			})
		}
	}
}

// S7: a dead mailbox of before does not end what the one in force was warned of.
func TestAWarningThatOnlyADeadMailboxMissesCounts(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		w.withApp()
		w.replaced()
		time.Sleep(8 * 24 * time.Hour)
		w.dead = owners
		w.recovers()
		for range 15 {
			time.Sleep(7 * time.Hour)
			w.handle(map[string]any{"redrive": true})
		}
		if f := w.factor(); f.Secret != "" {
			t.Errorf("the recovery was not carried out: %+v", f.Recovery)
		}
	})
}

// S7: withdrawn with it in the account, too.
func TestStoppingARecoveryInTheAccountWithdrawsAWaitingAddress(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		owner := w.browser()
		owner.signIn(password)
		w.withApp()
		w.recovers()
		w.staff().post("/service/customers/"+number+"/correct-email", "email", thiefs, "reason", "hat angerufen")
		if a := owner.post("/account/second-factor/stop-recovery", "currentPassword", password); a.code != http.StatusSeeOther {
			t.Fatalf("stop: %d %s", a.code, a.body)
		}
		if p := w.profile(); p.Pending != nil || w.factor().Recovery != (secondfactor.Recovery{}) {
			t.Errorf("left are %+v and %+v", p.Pending, w.factor().Recovery)
		}
	})
}
