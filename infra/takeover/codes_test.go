package takeover

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

const recoveryCode = "0000-1111-2222-3333"

// withApp sets up an app that the owner has had for a year.
func (w *world) withApp() {
	w.setFactor(func(f *secondfactor.Factor) {
		f.Secret, f.Since, f.Codes, f.CodesAt = secret, time.Now().AddDate(-1, 0, 0), []string{secondfactor.HashCode(number, recoveryCode)}, time.Now().AddDate(-1, 0, 0)
	})
}

// guesses enters wrong codes until the answer is a pause, and gives how many were compared.
func (b *browser) guesses(password string) (compared int) {
	for range 40 {
		if a := b.signIn(password); a.location != "/login/second-factor" {
			return compared
		}
		if a := b.post("/login/second-factor", "code", wrongCode()); a.code == http.StatusTooManyRequests {
			return compared
		}
		compared++
	}
	return compared
}

func wrongCode() string {
	if code(secret) == "000000" {
		return "000001"
	}
	return "000000"
}

// S2: a mailed link makes a browser known for the password, and brings no tries at the second step along.
func TestResetLinksBringNoFurtherTriesAtTheSecondStep(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		w.withApp()
		total, known := 0, password
		for _, next := range []string{"acht dachse auf dem fahrrad", "neun nashörner im nebel", "zehn zebras am zaun vorbei"} {
			w.asks(owners)
			thief := w.browser()
			if a := thief.follow(w.link(owners, "/password/reset"), "newPassword", next); a.code != http.StatusSeeOther {
				t.Fatalf("reset: %d", a.code)
			}
			known = next
			total += thief.guesses(known)
		}
		if total == 0 || total > throttle.FreeTries+3 {
			t.Errorf("%d codes were compared from three browsers within seconds, %d are free (S2)", total, throttle.FreeTries)
		}
	})
}

// S3: the owner's own browser, which finished a whole sign-in before, is not paused by a stranger's codes.
func TestTheOwnersBrowserHasTriesOfItsOwnAtTheSecondStep(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		owner, half := w.browser(), w.browser()
		half.signIn(password) // before there was a second step: half a sign-in proves nothing of it
		w.withApp()
		if owner.signIn(password); owner.post("/login/second-factor", "code", code(secret)).location != "/account" {
			t.Fatal("the owner is not in")
		}
		time.Sleep(time.Minute)
		w.browser().guesses(password)
		if half.guesses(password) != 0 {
			t.Error("a browser that never did the second step has tries of its own (S2)")
		}
		owner.signIn(password)
		if a := owner.post("/login/second-factor", "code", code(secret)); a.location != "/account" {
			t.Errorf("the owner waits for a stranger: %d (S3)", a.code)
		}
	})
}

// counted is a time in which so many wrong codes were entered by browsers that are not looked at.
func (w *world) counted(n int) {
	w.t.Helper()
	for range n {
		if v, err := (throttle.Store{Store: w.store}).Try(w.t.Context(), throttle.WrongCodes(number), time.Now()); err != nil || !v.Allowed {
			w.t.Fatalf("%+v, %v", v, err)
		}
	}
}

// blocks enters the last wrong codes that are taken, over hours and from several browsers.
func (w *world) blocks() {
	w.t.Helper()
	const looked = 7
	w.counted(throttle.MaxWrongCodes - looked)
	for range looked {
		thief := w.browser()
		thief.signIn(password)
		if a := thief.post("/login/second-factor", "code", wrongCode()); a.code != http.StatusUnprocessableEntity || strings.Contains(a.body, "nacheinander") {
			w.t.Fatalf("a wrong code: %d %s", a.code, a.body)
		}
		time.Sleep(throttle.MaxPause + time.Second)
	}
	w.deliver()
}

// S2: after 100 wrong codes in a row, whatever browsers they came from, no code of the app is taken.
func TestAHundredWrongCodesInARowAreTheLast(t *testing.T) {
	ways := map[string]struct {
		prove func(w *world)
		again bool // codes are taken again
	}{
		"nothing":     {func(*world) {}, false},
		"a day later": {func(*world) { time.Sleep(48 * time.Hour) }, false},
		"a new password": {func(w *world) {
			w.asks(owners)
			w.browser().follow(w.link(owners, "/password/reset"), "newPassword", password+" zwei")
		}, false},
		"a recovery code": {func(w *world) {
			b := w.browser()
			b.signIn(password)
			if a := b.post("/login/second-factor", "recoveryCode", recoveryCode); a.location != "/account" {
				w.t.Errorf("the recovery code: %d %s", a.code, a.body)
			}
		}, true},
		"the service team": {func(w *world) {
			b := w.staff()
			if a := b.get("/service/customers/" + number); !strings.Contains(a.body, "Codes der App gesperrt") {
				w.t.Error("the service team does not see it")
			}
			if a := b.post("/service/customers/"+number+"/end-pause", "reason", "Rückruf"); a.code != http.StatusSeeOther {
				w.t.Errorf("end-pause: %d", a.code)
			}
			if a := b.get("/service/customers/" + number); strings.Contains(a.body, ">Codes der App gesperrt: 100") {
				w.t.Error("the service team still sees it")
			}
		}, true},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T, w *world) {
				w.withApp()
				w.blocks()
				way.prove(w)
				time.Sleep(throttle.MaxPause + time.Minute)
				b, known := w.browser(), password
				if name == "a new password" {
					known += " zwei"
				}
				b.signIn(known)
				a := b.post("/login/second-factor", "code", code(secret))
				if in := a.location == "/account"; in != way.again || !in && !strings.Contains(a.body, "100 falsche Codes nacheinander") {
					t.Errorf("a right code: %d, %s", a.code, a.body)
				}
			})
		})
	}
	inTime(t, func(t *testing.T, w *world) {
		w.withApp()
		w.blocks()
		told := 0
		for _, m := range w.mails[owners] {
			if strings.Contains(m, "100 falsche Codes nacheinander") {
				told++
			}
		}
		events, _, err := audit.Store{Store: w.store}.Choose(t.Context(), number, "", 200, func(e audit.Event) bool { return e.Action == audit.CodesBlocked })
		if err != nil || told != 1 || len(events) != 1 {
			t.Errorf("%d mails and %d events tell of it, want one each: %v", told, len(events), err)
		}
	})
}

// S2: a right code in between begins the run anew.
func TestARightCodeEndsTheRunOfWrongOnes(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		w.withApp()
		for range 3 {
			w.counted(48)
			b := w.browser()
			b.signIn(password)
			b.post("/login/second-factor", "code", wrongCode())
			b.signIn(password)
			if a := b.post("/login/second-factor", "code", code(secret)); a.location != "/account" {
				t.Fatalf("a right code after 49 wrong ones: %d %s", a.code, a.body)
			}
			time.Sleep(time.Minute)
		}
		item, err := w.store.Get(t.Context(), names.Throttle, table.Throttle("wrong-codes", number))
		if err != nil || item != nil {
			t.Errorf("the count stands at %v, %v", item, err)
		}
	})
}
