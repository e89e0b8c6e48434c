package site

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"kundenkonto/shared/session"
	"kundenkonto/shared/token"
)

// S3: strangers who guess at a number all day, from a thousand addresses, keep nobody out: not the browser that signed in
// before, nor anybody from a new password, whose browser then signs in at once. Elsewhere the pause ends by itself.
func TestNobodyKeepsACustomerOutByGuessing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		from := func(address string) func(*http.Request) {
			return func(r *http.Request) { r.RemoteAddr = "[2001:db8:" + address + "::1]:4711" }
		}
		signIn := request{route: "POST /login", path: "/login", form: fields("customerNumber", drafted, "password", password)}
		first := w.send(t.Context(), c, signIn, from("cafe"))
		if first.Code != http.StatusSeeOther {
			t.Fatalf("sign-in: %d", first.Code)
		}
		for _, cookie := range first.Result().Cookies() {
			if cookie.Name == session.DeviceCookie {
				c.cookies["own browser"] = []*http.Cookie{cookie}
			}
		}
		own := signIn
		own.who = "own browser"
		guess := signIn
		guess.form = fields("customerNumber", drafted, "password", "geraten")
		guessed := 0
		for i := range 24 * 6 {
			for range 3 {
				if a := w.send(t.Context(), c, guess, from(fmt.Sprintf("%x:%x", i, guessed%7))); a.Code == http.StatusUnprocessableEntity {
					guessed++
				}
			}
			if i%16 == 15 {
				if a := w.send(t.Context(), c, own, from("cafe")); a.Code != http.StatusSeeOther {
					t.Errorf("hour %d: the customer's own browser gets %d (S3)", i/6, a.Code)
				}
				forgot := request{route: "POST /password/forgot", path: "/password/forgot", form: fields("customerNumber", drafted)}
				if a := w.send(t.Context(), c, forgot, from(fmt.Sprintf("bade:%x", i))); a.Code != http.StatusOK {
					t.Errorf("hour %d: Passwort vergessen answers %d (S3)", i/6, a.Code)
				}
			}
			time.Sleep(10 * time.Minute)
		}
		if guessed < 10 {
			t.Errorf("only %d guesses were made: the test proves nothing", guessed)
		}
		secret, err := token.Store{Store: w.calm}.Make(t.Context(), rand.Reader, token.Token{Purpose: token.PurposeReset, Subject: drafted, Address: w.profile(drafted).Email, Expires: time.Now().Add(time.Hour)})
		w.must(err)
		for range 10 {
			w.send(t.Context(), c, guess, from("666"))
		}
		if a := w.send(t.Context(), c, signIn, from("beef")); a.Code != http.StatusTooManyRequests {
			t.Errorf("an unknown browser gets %d during the pause, want 429: the test proves nothing", a.Code)
		}
		reset := request{route: "POST /password/reset", path: "/password/reset", form: fields("token", secret, "newPassword", "ein ganz neues Kundenwort")}
		a := w.send(t.Context(), c, reset, from("beef"))
		if a.Code != http.StatusSeeOther {
			t.Fatalf("a new password: %d (S3)\n%s", a.Code, w.log.String())
		}
		for _, cookie := range a.Result().Cookies() {
			if cookie.Name == session.DeviceCookie {
				c.cookies["own browser"] = []*http.Cookie{cookie}
			}
		}
		for range 10 {
			w.send(t.Context(), c, guess, from("667"))
		}
		own.form = fields("customerNumber", drafted, "password", "ein ganz neues Kundenwort")
		if a := w.send(t.Context(), c, own, from("beef")); a.Code != http.StatusSeeOther {
			t.Errorf("after the reset the browser gets %d (S3)", a.Code)
		}
	})
}
