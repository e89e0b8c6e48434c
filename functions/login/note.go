package login

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
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

// beside tells the client address's count how the try ended, while the rest goes on; the answer waits for both. If it
// fails, the address has one place less until its window is over.
func (a attempt) beside(settle func() error) (wait func()) {
	ended := make(chan error, 1)
	go func() { ended <- settle() }()
	return func() {
		if err := <-ended; err != nil {
			a.r.Note("throttle_error", err.Error())
		}
	}
}

// wrong counts a wrong password at the client address and writes it down, in the rounds that every number takes: one that
// was not merged takes the round of a successor, too (S1). A browser known for the number has a bucket of its own and does
// not count for its address.
func (a attempt) wrong(ctx context.Context, s *subject) {
	a.r.Note("security_event", "authn_login_fail")
	if a.via == "" {
		a.standIn(ctx, s.number)
	}
	counter := throttle.Store{Store: a.Store}
	settled := a.beside(func() error {
		if s.trusted {
			return counter.TakeBack(ctx, s.address)
		}
		return counter.Failed(ctx, s.address)
	})
	defer settled()
	a.noteFailure(ctx, s)
}

// standIn does what admit does for the successor of a merged number, and nothing comes of it: who guesses must not learn
// from the time which numbers were merged.
func (a attempt) standIn(ctx context.Context, number string) {
	counter := throttle.Store{Store: a.Store}
	group, within := errgroup.WithContext(ctx)
	group.Go(func() error { _, err := counter.Try(within, throttle.StandIn(number), a.r.Now); return err })
	if _, device := session.DeviceOf(a.r.Request); device != "" {
		group.Go(func() error {
			_, err := counter.TryKnown(within, throttle.StandIn(device+"#"+number), a.r.Now)
			return err
		})
	}
	group.Go(func() error { return (&subject{number: number}).read(within, a.Store) })
	if err := group.Wait(); err != nil {
		a.r.Note("throttle_error", err.Error())
	}
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

// mailAfter is the wrong code of a run at which the customer is written to. The first one is a slip of the owner's more
// often than not; who goes on trying knows the password and has not the app.
const mailAfter = 2

// noteFailure writes down wrong codes as wrong passwords are, and tells the customer once a run: the password is known to
// somebody. Once more it does both when the last code of the app was wrong that is taken; inARow counts those, 0 for a
// recovery code. An answer that does not come changes nothing for the visitor.
func (s *secondStep) noteFailure(ctx context.Context, tries, inARow int) {
	names, now, p := s.Store.Names, s.r.Now, s.subject.profile
	var items []types.TransactWriteItem
	if tries == 1 || tries == throttle.FreeTries {
		e := eventOf(s.r, p.Number, audit.SecondStepFailed)
		e.New[audit.KeyFailed] = strconv.Itoa(tries)
		items = append(items, audit.Put(names, e, s.Rand))
	}
	blocked := inARow == throttle.MaxWrongCodes
	if blocked {
		items = append(items, audit.Put(names, eventOf(s.r, p.Number, audit.CodesBlocked), s.Rand))
	}
	if readers := emailchange.Owner(p, now); (tries == mailAfter || blocked) && len(readers) > 0 {
		values := map[string]string{outbox.ValueNumber: p.Number}
		if blocked {
			values[secondfactor.ValueBlocked] = "yes"
		}
		items = append(items, outbox.Put(names, outbox.Item{Event: outbox.SecondStepFailed, CreatedAt: now,
			Key: p.Number + "#" + table.FormatTime(now), Values: values,
			Recipients: readers}))
	}
	if items == nil {
		return
	}
	if err := s.Store.Transact(ctx, items, ""); err != nil {
		s.r.Note("audit_error", err.Error())
	}
}

// eventOf says when and from which browser; who it was is not known yet.
func eventOf(r *web.Request, number, action string) audit.Event {
	client := useragent.Parse(r.UserAgent())
	e := audit.Event{Number: number, Action: action, Actor: audit.ByUnknown, At: r.Now, New: map[string]string{}}
	if client.Browser != "" {
		e.New[audit.KeyBrowser] = client.Browser
	}
	if client.System != "" {
		e.New[audit.KeySystem] = client.System
	}
	return e
}
