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
	tries   int  // at the number since the last success, this one counted; 0 during a pause of others
	failed  int  // of those before this one
	counts  []throttle.Verdict
}

// admit counts the try in all buckets and reads what it needs, in one parallel round. The try is counted before
// anything is compared (S2). before are the counts of an old number that led to this one: the address has counted then,
// and they are taken back if this one is refused.
func (a attempt) admit(ctx context.Context, number string, before ...throttle.Verdict) (*subject, error) {
	counter := throttle.Store{Store: a.Store}
	s := &subject{number: number}
	var byNumber, byDevice, byAddress throttle.Verdict
	group, within := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		byNumber, err = counter.Try(within, throttle.Login(number), a.r.Now)
		return err
	})
	byAddress.Allowed = true
	if len(before) == 0 {
		group.Go(func() (err error) {
			byAddress, err = counter.Try(within, throttle.Address(a.r.ClientIP), a.r.Now)
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
	s.counts = append(before, byNumber, byDevice)
	s.known, s.failed = byDevice.Known, byNumber.Tries
	if byNumber.Allowed {
		s.tries, s.failed = byNumber.Tries, byNumber.Tries-1
	}
	if after := throttle.Pause(byAddress, decisive(byNumber, byDevice)); after > 0 {
		a.r.Note("security_event", "authn_login_lock")
		// A refused address does not prolong the pause of a number. The address's own count stays.
		if err := counter.TakeBack(ctx, s.counts...); err != nil {
			return nil, err
		}
		return nil, paused(after, a.r.Now)
	}
	return s, nil
}

// decisive is the verdict of a known device's own bucket, so that strangers who guess at the number cannot keep its
// customer out (S3), else the number's.
func decisive(byNumber, byDevice throttle.Verdict) throttle.Verdict {
	if byDevice.Known {
		return byDevice
	}
	return byNumber
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
