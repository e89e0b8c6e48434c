package login

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// attempt is one try to sign in. Two sequential round trips: counts and reads in parallel, then one transaction; three
// for a merged number, whose tries count on the survivor. Nothing in here depends on whether the number exists before
// the password was compared with something (S1).
type attempt struct {
	Deps
	r                *web.Request
	number, password string
}

// success is what a sign-in hands to the browser.
type success struct{ session, device string }

// retries is how often a sign-in is repeated that met a change of the same credential, such as the rehash of a parallel
// one. Counted once: the password is the same.
const retries = 3

func (a attempt) run(ctx context.Context) (success, error) {
	subject, err := a.admit(ctx, a.number, true)
	if err != nil {
		return success{}, err
	}
	via := ""
	if into := subject.profile.MergedInto; into != "" {
		via = a.number
		if subject, err = a.admit(ctx, into, false); err != nil {
			return success{}, err
		}
		a.r.Note("successor", web.MaskNumber(into))
	}
	for range retries {
		rehash, err := a.compare(subject)
		if err != nil {
			return success{}, err
		}
		done, err := a.open(ctx, subject, via, rehash)
		if !errors.Is(err, table.ErrCondition) {
			return done, err
		}
		if err := subject.read(ctx, a.Store); err != nil {
			return success{}, err
		}
	}
	return success{}, errors.New("the credential keeps changing")
}

// compare hashes once, whatever there is to compare with.
func (a attempt) compare(s *subject) (rehash bool, err error) {
	ok, rehash, err := credential.Verify(s.usableHash(), a.password)
	if err != nil {
		// A stored hash that cannot be read is an alarm (S4); the visitor learns nothing of it.
		a.r.Note("alarm", "corrupt_credential")
	}
	if !ok {
		a.r.Note("security_event", "authn_login_fail")
		return false, wrong()
	}
	return rehash, nil
}

// open puts the session in one transaction with the checks that what was compared is still so (S12).
func (a attempt) open(ctx context.Context, s *subject, via string, rehash bool) (success, error) {
	names, now := a.Store.Names, a.r.Now
	value, opened, err := session.New(a.Rand, now, session.Start{
		Number: s.number, Via: via, Epoch: s.profile.Epoch, UserAgent: a.r.UserAgent()})
	if err != nil {
		return success{}, err
	}
	device, err := a.device(s.known)
	if err != nil {
		return success{}, err
	}
	unchanged := credential.CheckUnchanged(names, s.cred)
	if rehash {
		hash, err := credential.Hasher{Rand: a.Rand}.Hash(a.password)
		if err != nil {
			return success{}, err
		}
		unchanged = credential.Rehash(names, s.cred, hash)
	}
	items := []types.TransactWriteItem{unchanged, session.Put(names, opened), customer.SignedIn(names, s.profile, now)}
	for _, number := range []string{s.number, via} {
		if number != "" {
			items = append(items, throttle.Clear(names, throttle.Login(number)),
				throttle.PutDevice(names, table.Hash(device), number, now))
		}
	}
	if old, err := a.r.Cookie(session.Cookie); err == nil && old.Value != "" {
		items = append(items, session.Drop(names, old.Value))
	}
	if err := a.Store.Transact(ctx, items, opened.ID); err != nil {
		return success{}, fmt.Errorf("open session: %w", err)
	}
	return success{session: value, device: device}, nil
}

// device keeps the cookie of a browser known for the number and makes a new one for any other.
func (a attempt) device(known bool) (string, error) {
	if value, _ := session.DeviceOf(a.r.Request); known && value != "" {
		return value, nil
	}
	return session.Secret(a.Rand)
}
