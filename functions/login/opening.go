package login

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// opening is a sign-in that has shown all it needs to: after the password, the second step or a passkey.
type opening struct {
	Deps
	r       *web.Request
	profile customer.Profile
	via     string // the old number that was typed
	failed  int    // tries with a wrong password before
	renew   bool   // the password should be replaced, since only its beginning was compared
	proven  bool   // by a second step or a passkey, not by the password alone
}

// session puts the session in one transaction with what proved the right to it, and with the check that neither a merge
// nor a new password came in between.
func (o opening) session(ctx context.Context, proof ...types.TransactWriteItem) (success, error) {
	names, now, number := o.Store.Names, o.r.Now, o.profile.Number
	value, opened, err := session.New(o.Rand, now, session.Start{
		Number: number, Via: o.via, Epoch: o.profile.Epoch, UserAgent: o.r.UserAgent(), RenewPassword: o.renew})
	if err != nil {
		return success{}, err
	}
	device, err := session.KeepDevice(o.r.Request, o.Rand)
	if err != nil {
		return success{}, err
	}
	know := throttle.PutDevice
	if o.proven {
		know, proof = throttle.ProveDevice, append(proof, throttle.Clear(names, throttle.WrongCodes(number)))
	}
	items := append(proof, session.Put(names, opened), customer.SignedIn(names, o.profile, now),
		audit.Put(names, o.signedIn(), o.Rand))
	for _, one := range []string{number, o.via} {
		if one != "" {
			items = append(items, throttle.Clear(names, throttle.Login(one)), know(names, table.Hash(device), one, now))
		}
	}
	if old, err := o.r.Cookie(session.Cookie); err == nil && old.Value != "" {
		items = append(items, session.Drop(names, old.Value))
	}
	if err := o.Store.Transact(ctx, items, opened.ID); err != nil {
		return success{}, fmt.Errorf("open session: %w", err)
	}
	return success{session: value, device: device, renew: o.renew}, nil
}
