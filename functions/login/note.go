package login

import (
	"context"
	"strconv"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/useragent"
	"kundenkonto/shared/web"
)

// What the customer is told of tries to sign in must not let an attacker fill the audit table. Of a run of wrong passwords
// two are written, the first and the one that begins the pause; a run begins anew only after a sign-in, a reset or 24 quiet
// hours (throttle). How many there were in all stands with the next sign-in.

// signedIn is the event of a sign-in, with what failed before it.
func (o opening) signedIn() audit.Event {
	e := eventOf(o.r, o.profile.Number, audit.SignedIn)
	e.Actor = o.profile.Number
	if o.via != "" {
		e.New[audit.KeyVia] = o.via
	}
	if o.failed > 0 {
		e.New[audit.KeyFailed] = strconv.Itoa(o.failed)
	}
	return e
}

// noteFailure writes down the first wrong password of a run and the one that begins the pause. A number that does not
// exist gets the same write with a condition that cannot hold, so that the time tells nothing (S1). An answer that does
// not come changes nothing for the visitor.
func (a attempt) noteFailure(ctx context.Context, s *subject) {
	if s.tries != 1 && s.tries != throttle.FreeTries {
		return
	}
	e := eventOf(a.r, s.number, audit.SignInFailed)
	e.New[audit.KeyFailed] = strconv.Itoa(s.tries)
	if err := (audit.Store{Store: a.Store}).Note(ctx, e, a.Rand, s.profile.Number != ""); err != nil {
		a.r.Note("audit_error", err.Error())
	}
}

// eventOf says when and from which browser; who it was is not known yet.
func eventOf(r *web.Request, number, action string) audit.Event {
	client := useragent.Parse(r.UserAgent())
	e := audit.Event{Number: number, Action: action, Actor: "unknown", At: r.Now, New: map[string]string{}}
	if client.Browser != "" {
		e.New[audit.KeyBrowser] = client.Browser
	}
	if client.System != "" {
		e.New[audit.KeySystem] = client.System
	}
	return e
}
