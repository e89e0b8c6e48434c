package login

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// attempt is one try to sign in. Two sequential round trips: counts and reads in parallel, then one transaction; three
// for a merged number, whose tries count on the survivor, and for every wrong password. Nothing in here depends on whether
// the number exists before the password was compared with something (S1).
type attempt struct {
	Deps
	r                *web.Request
	number, password string
	next             string // own path to go to
	via              string // the merged number that was typed, and led to another
}

// success is what a sign-in hands to the browser: a session, or what leads on to the second step.
type success struct {
	session, device string
	pending         session.Pending
	renew           bool // the password should be replaced
}

// retries is how often a sign-in is repeated that met a change of the same credential, such as the rehash of a parallel
// one. Counted once: the password is the same.
const retries = 3

func (a attempt) run(ctx context.Context) (success, error) {
	subject, err := a.admit(ctx, a.number, nil)
	if err != nil {
		return success{}, err
	}
	if into := subject.profile.MergedInto; into != "" {
		a.via = a.number
		if subject, err = a.admit(ctx, into, subject); err != nil {
			return success{}, err
		}
		a.r.Note("successor", web.MaskNumber(into))
	}
	for try := range retries {
		rehash, err := a.compare(ctx, subject)
		if err != nil {
			return success{}, err
		}
		if try == 0 {
			settled := a.beside(func() error { return throttle.Store{Store: a.Store}.TakeBack(ctx, subject.address) })
			defer settled()
		}
		done, err := success{}, error(nil)
		if subject.factor.Recovery.Due(a.r.Now) {
			err = a.recover(ctx, subject)
		} else if done, err = a.open(ctx, subject, rehash); err == nil {
			return done, nil
		}
		if err != nil && !errors.Is(err, table.ErrCondition) {
			return success{}, err
		}
		if err := subject.read(ctx, a.Store); err != nil {
			return success{}, err
		}
	}
	return success{}, errors.New("the credential keeps changing")
}

// compare hashes once, whatever there is to compare with.
func (a attempt) compare(ctx context.Context, s *subject) (rehash bool, err error) {
	ok, rehash, err := credential.Verify(s.usableHash(), a.password)
	if err != nil {
		// A stored hash that cannot be read is an alarm (S4); the visitor learns nothing of it.
		a.r.Note("alarm", credential.Alarm)
	}
	if !ok {
		a.wrong(ctx, s)
		return false, wrong()
	}
	return rehash, nil
}

// open puts the session, or the pending sign-in of a number with a second factor, in one transaction with the checks that
// what was compared is still so (S12).
func (a attempt) open(ctx context.Context, s *subject, rehash bool) (success, error) {
	unchanged := credential.CheckUnchanged(a.Store.Names, s.cred)
	if rehash {
		hash, err := credential.Hasher{Rand: a.Rand}.Hash(a.password)
		if err != nil {
			return success{}, err
		}
		unchanged = credential.Rehash(a.Store.Names, s.cred, hash)
	}
	renew := !rehash && credential.CutOff(s.cred.Hash, a.password)
	if s.factor.Demanded(a.r.Now) {
		return a.hold(ctx, s, renew, unchanged)
	}
	start := opening{Deps: a.Deps, r: a.r, profile: s.profile, via: a.via, failed: s.failed, renew: renew}
	return start.session(ctx, secondfactor.CheckUnchanged(a.Store.Names, s.factor), unchanged)
}

// hold remembers that the password was right. The count of the number is left as it is: only a whole sign-in clears it.
func (a attempt) hold(ctx context.Context, s *subject, renew bool, unchanged types.TransactWriteItem) (success, error) {
	pending := session.Pending{Number: s.number, Via: a.via, Epoch: s.profile.Epoch, Next: a.next, Failed: s.failed, RenewPassword: renew}
	if s.proven {
		_, pending.Device = session.DeviceOf(a.r.Request)
	}
	pending, err := session.NewPending(a.Rand, a.r.Now, pending)
	if err != nil {
		return success{}, err
	}
	items := []types.TransactWriteItem{unchanged, session.PutPending(a.Store.Names, pending)}
	if err := a.Store.Transact(ctx, items, ""); err != nil {
		return success{}, fmt.Errorf("hold the sign-in: %w", err)
	}
	return success{pending: pending}, nil
}

// recover ends a recovery that waited long enough, and with it all sessions: the sign-in goes on under the next epoch.
func (a attempt) recover(ctx context.Context, s *subject) error {
	a.r.Note("security_event", "authn_second_factor_recovered")
	of := s.factor.Recovery
	return a.Store.Transact(ctx, secondfactor.EndRecovery(a.Store.Names, s.profile, of.ID, of.By, a.r.Now, a.Rand), "")
}
