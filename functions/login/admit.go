package login

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// subject is the number a password is compared for, as it was read.
type subject struct {
	number  string
	profile customer.Profile // empty for an unknown number
	cred    credential.Credential
	factor  secondfactor.Factor
	known   bool // the browser signed in with the number before
	trusted bool // or with the old number that was typed
	proven  bool // and finished the second step
	tries   int  // at the number since the last success, this one counted; 0 during a pause of others
	failed  int  // of those before this one
	counts  []throttle.Verdict
	address throttle.Verdict // of the client address, that is to be told how the try ended
}

// admit counts the try in all buckets and reads what it needs, in one parallel round. The try is counted before
// anything is compared (S2). before is the old number that led to this one: the address has counted then, and its counts
// are taken back if this one is refused.
func (a attempt) admit(ctx context.Context, number string, before *subject) (*subject, error) {
	counter := throttle.Store{Store: a.Store}
	s := &subject{number: number}
	var byNumber, byDevice throttle.Verdict
	group, within := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		byNumber, err = counter.Try(within, throttle.Login(number), a.r.Now)
		return err
	})
	if before == nil {
		group.Go(func() (err error) {
			s.address, err = counter.Try(within, throttle.Address(a.r.ClientIP), a.r.Now)
			return err
		})
	}
	_, device := session.DeviceOf(a.r.Request)
	if device != "" {
		group.Go(func() (err error) {
			byDevice, err = counter.TryKnown(within, throttle.Device(device, number), a.r.Now)
			return err
		})
	}
	group.Go(func() error { return s.read(within, a.Store) })
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("first round: %w", err)
	}
	s.counts, s.failed = []throttle.Verdict{byNumber, byDevice}, byNumber.Tries
	s.known, s.trusted, s.proven = byDevice.Known, byDevice.Known, byDevice.Proven
	if byNumber.Allowed {
		s.tries, s.failed = byNumber.Tries, byNumber.Tries-1
	}
	if before != nil {
		s.counts, s.address, s.trusted = append(s.counts, before.counts...), before.address, s.known || before.known
	}
	if after := throttle.Pause(s.decisive(byNumber, byDevice)...); after > 0 {
		a.r.Note("security_event", "authn_login_lock")
		// A try that was refused was not made: it prolongs no pause of a number, and uses up no address.
		if err := counter.TakeBack(ctx, append(s.counts, s.address)...); err != nil {
			return nil, err
		}
		return nil, paused(after, a.r.Now)
	}
	return s, nil
}

// decisive are the verdicts that may refuse the try: of a known device its own bucket, so that strangers who guess at the
// number, or behind the same address, cannot keep its customer out (S3); else the number's and the address's.
func (s *subject) decisive(byNumber, byDevice throttle.Verdict) []throttle.Verdict {
	switch {
	case byDevice.Known:
		return []throttle.Verdict{byDevice}
	case s.trusted:
		return []throttle.Verdict{byNumber}
	}
	return []throttle.Verdict{byNumber, s.address}
}

// read gets credential, second factor and profile in parallel. A number that does not exist is read like any other.
func (s *subject) read(ctx context.Context, store table.Store) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		s.cred, err = credential.Store{Store: store}.Get(ctx, table.Customer(s.number))
		return err
	})
	group.Go(func() (err error) {
		s.factor, err = secondfactor.Store{Store: store}.Get(ctx, s.number)
		return err
	})
	group.Go(func() (err error) {
		s.profile, err = customer.Store{Store: store}.Profile(ctx, s.number)
		if errors.Is(err, customer.ErrNotFound) {
			return nil
		}
		return err
	})
	return group.Wait()
}

// usableHash is "" when no password can be right: unknown number, none set, retired. Verify does the same work for it.
func (s *subject) usableHash() string {
	if s.profile.Number == "" || s.cred.Retired || s.profile.MergedInto != "" {
		return ""
	}
	return s.cred.Hash
}
