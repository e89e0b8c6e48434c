package takeover

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/secondfactor"
)

// replaced has the thief's address in force: the service team entered it, the thief confirmed it.
func (w *world) replaced() (stop string) {
	w.t.Helper()
	if a := w.staff().post("/service/customers/"+number+"/correct-email", "email", thiefs, "reason", "hat angerufen"); a.code != http.StatusSeeOther {
		w.t.Fatalf("correct-email: %d %s", a.code, a.body)
	}
	w.deliver()
	if stop = w.link(owners, "/account/email/stop"); stop == "" {
		w.t.Fatal("the owner was not warned (S7)")
	}
	time.Sleep(time.Minute)
	if a := w.browser().follow(w.link(thiefs, "/account/email/confirm")); a.code != http.StatusOK || w.profile().Email != thiefs {
		w.t.Fatalf("confirm: %d, %s is in force", a.code, w.profile().Email)
	}
	w.deliver()
	time.Sleep(time.Minute)
	return stop
}

// asks wants a link for a new password and gives how many mails an address has got with one.
func (w *world) asks(address string) int {
	w.browser().post("/password/forgot", "customerNumber", number)
	w.deliver()
	time.Sleep(time.Second)
	return len(w.links(address, "/password/reset"))
}

func inTime(t *testing.T, do func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { do(t, newWorld(t)) })
}

// S6, S7: what was mailed to the stopped address sets no password, whenever it was asked for.
func TestALinkMailedToAStoppedAddressSetsNoPassword(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		stop := w.replaced()
		for range 3 {
			w.asks(thiefs)
		}
		stolen := w.links(thiefs, "/password/reset")
		if len(stolen) != 3 {
			t.Fatalf("%d links: the test proves nothing", len(stolen))
		}
		if a := w.browser().follow(stop); a.code != http.StatusOK || w.profile().Email != owners {
			t.Fatalf("stop: %d, %s is in force", a.code, w.profile().Email)
		}
		for _, link := range stolen {
			if a := w.browser().follow(link, "newPassword", theirs); a.code != http.StatusGone {
				t.Errorf("the stopped address's link: %d (S6)", a.code)
			}
		}
		if a := w.browser().signIn(theirs); a.code == http.StatusSeeOther {
			t.Error("the thief's password opens the account (S7)")
		}
		if a := w.browser().signIn(password); a.code != http.StatusSeeOther {
			t.Errorf("the owner's password was never known to anybody, and is refused: %d %s", a.code, a.body)
		}
	})
}

// S6: the thief's three mails of the hour are not the owner's, before the change or after.
func TestTheOwnerGetsLinksAfterTheThiefUsedThoseOfTheHour(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		for range 5 {
			w.asks(owners)
		}
		if n := len(w.links(owners, "/password/reset")); n != 3 {
			t.Fatalf("%d mails, want 3 an hour", n)
		}
		stop := w.replaced()
		for range 5 {
			w.asks(thiefs)
		}
		if n := len(w.links(thiefs, "/password/reset")); n != 3 {
			t.Fatalf("%d mails to another address, want 3 an hour", n)
		}
		w.browser().follow(stop)
		if n := w.asks(owners); n != 4 {
			t.Fatalf("the owner has %d mails, want a fourth", n)
		}
		if a := w.browser().follow(w.link(owners, "/password/reset"), "newPassword", "acht dachse auf dem fahrrad"); a.code != http.StatusSeeOther {
			t.Errorf("the owner's link: %d", a.code)
		}
		for range 30 {
			w.asks(owners)
		}
		if n := len(w.links(owners, "/password/reset")) + len(w.links(thiefs, "/password/reset")); n > 15 {
			t.Errorf("%d mails in an hour for one number", n)
		}
	})
}

// S6: a link is good as long as its address is in force, whoever changed it and in which order.
func TestALinkIsGoodWhileItsAddressIsInForce(t *testing.T) {
	for name, c := range map[string]struct {
		between func(w *world)
		status  int
	}{
		"nothing came between": {func(*world) {}, http.StatusSeeOther},
		"another one waits": {func(w *world) {
			w.staff().post("/service/customers/"+number+"/correct-email", "email", thiefs, "reason", "x")
		}, http.StatusSeeOther},
		"another one was confirmed": {func(w *world) { w.replaced() }, http.StatusGone},
		"an import overwrote it": {func(w *world) {
			p := w.profile()
			next := p
			next.Email = "neu@schaefer.example"
			w.put(update(p, next.EmailGiven(p.Email, time.Now())))
		}, http.StatusGone},
		"a merge gave another one and its undo this one back": {func(w *world) {
			for _, address := range []string{"neu@schaefer.example", owners} {
				p := w.profile()
				next := p
				next.Email = address
				w.put(update(p, next.EmailGiven(p.Email, time.Now())))
			}
		}, http.StatusSeeOther},
		"the change of it was stopped": {func(w *world) { w.browser().follow(w.replaced()) }, http.StatusGone},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T, w *world) {
				w.asks(owners)
				link := w.link(owners, "/password/reset")
				c.between(w)
				if a := w.browser().follow(link, "newPassword", "acht dachse auf dem fahrrad"); a.code != c.status {
					t.Errorf("status %d, want %d", a.code, c.status)
				}
			})
		})
	}
}

// S7: whatever a thief made between confirming and the stop opens nothing afterwards.
func TestNothingThatTheThiefMadeOutlivesTheStop(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		before := time.Now().AddDate(0, -6, 0)
		w.setFactor(func(f *secondfactor.Factor) {
			f.Passkeys = []secondfactor.Passkey{{ID: "b3du", Name: "Laptop", AddedAt: before, Record: "{}"}}
		})
		stop := w.replaced()
		w.asks(thiefs)
		thief := w.browser()
		if a := thief.follow(w.link(thiefs, "/password/reset"), "newPassword", theirs, "passkeys", "keep"); a.code != http.StatusSeeOther {
			t.Fatalf("the thief's reset: %d", a.code)
		}
		if thief.signIn(theirs); !thief.signedIn() {
			t.Fatal("the thief is not in: the test proves nothing")
		}
		if a := thief.post("/account/packages/P-1/password", "currentPassword", theirs, "newPassword", "zehn zebras am zaun"); a.code != http.StatusSeeOther {
			t.Fatalf("the thief's package password: %d %s", a.code, a.body)
		}
		w.setFactor(func(f *secondfactor.Factor) {
			f.Passkeys = append(f.Passkeys, secondfactor.Passkey{ID: "ZGllYg", Name: "Diebestelefon", AddedAt: time.Now(), Record: "{}"})
			f.Secret, f.Since, f.Draft, f.DraftAt = secret, time.Now(), secret, time.Now()
			f.Codes, f.CodesAt = []string{secondfactor.HashCode(number, "0000-1111-2222-3333")}, time.Now()
		})
		pending := w.browser()
		if a := pending.signIn(theirs); a.location != "/login/second-factor" {
			t.Fatalf("%d to %q", a.code, a.location)
		}
		time.Sleep(time.Minute)
		if a := w.browser().follow(stop); a.code != http.StatusOK {
			t.Fatalf("stop: %d %s", a.code, a.body)
		}
		if thief.signedIn() {
			t.Error("the thief's session goes on (S8)")
		}
		if a := pending.post("/login/second-factor", "code", code(secret)); a.location == "/account" {
			t.Error("the thief's sign-in under way goes on (S8)")
		}
		if a := w.browser().signIn(theirs); a.code == http.StatusSeeOther {
			t.Error("the thief's password is good (S7)")
		}
		f, p := w.factor(), w.profile()
		if len(f.Passkeys) != 1 || f.Passkeys[0].Name != "Laptop" || len(f.Codes) != 0 || f.Draft != "" {
			t.Errorf("left are %+v, %d codes, draft %q", f.Passkeys, len(f.Codes), f.Draft)
		}
		if f.Secret == "" {
			t.Error("a mailed link took the second step away")
		}
		if w.credential().Epoch != p.Epoch {
			t.Errorf("epochs %d and %d", w.credential().Epoch, p.Epoch)
		}
		for _, of := range []customer.Profile{p, w.profileOf(member)} {
			if !of.PackagePasswordVoid(time.Now().Add(-90*time.Second)) || of.PackagePasswordVoid(before) {
				t.Errorf("package passwords of %s are void as %+v (M3)", of.Number, of.PackagePasswordVoids)
			}
		}
		if got := p.AddressesSince(time.Now().Add(-30 * 24 * time.Hour)); !slices.Equal(got, []string{owners}) {
			t.Errorf("warned would be %v", got)
		}
		if w.asks(owners); w.browser().follow(w.link(owners, "/password/reset"), "newPassword", "acht dachse auf dem fahrrad").code != http.StatusSeeOther {
			t.Error("the owner has no way back")
		}
	})
}

// S7: who asked for the change on the own page knew the password.
func TestAChangeThatWasAskedForWithThePasswordCostsIt(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		thief := w.browser()
		thief.signIn(password)
		p := w.profile()
		a := thief.post("/account/master-data", "version", "1", "street", p.Street, "email", thiefs, "currentPassword", password)
		if a.code != http.StatusSeeOther {
			t.Fatalf("asking: %d %s", a.code, a.body)
		}
		w.deliver()
		time.Sleep(time.Minute)
		w.browser().follow(w.link(thiefs, "/account/email/confirm"))
		time.Sleep(time.Minute)
		w.browser().follow(w.link(owners, "/account/email/stop"))
		if thief.signedIn() || w.browser().signIn(password).code == http.StatusSeeOther {
			t.Error("the password that the thief knows opens the account (S7)")
		}
	})
}
