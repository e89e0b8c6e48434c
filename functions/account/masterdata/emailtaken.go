package masterdata

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// takenAlong is what goes with a change of the e-mail address that is stopped: all that whoever asked for it may have made
// to come back.
type takenAlong struct {
	items        []types.TransactWriteItem
	passwordVoid bool
	passkeys     []string // names of those removed
	recovery     bool

	packagePasswords bool // that were set since
}

// takenAlong collects what is stopped with a change, and puts it into the profile and the audit event. A recovery of the
// second step is stopped in any case: whoever wants the one may have talked the service team into the other. A change that
// had been confirmed costs, besides, what was made since it was asked for: sessions, mailed links, the password, passkeys,
// recovery codes and package passwords. The second step stays: a mailed link never takes it away.
func (d Room) takenAlong(r *web.Request, l mailedLink, next *customer.Profile, event *audit.Event) (takenAlong, error) {
	var taken takenAlong
	f, err := (secondfactor.Store{Store: d.Store}).Get(r.Context(), l.profile.Number)
	if err != nil {
		return taken, err
	}
	left := f
	if taken.recovery = f.Recovery.Running(); taken.recovery {
		left = left.Stopped()
		taken.items = append(taken.items, secondfactor.Tell(d.Names, *next, secondfactor.Happened{Event: outbox.FactorRecoveryStopped,
			Actor: audit.ByMailedLink, Key: f.Recovery.ID}, r.Now, d.Rand)...)
	}
	if l.confirmed() {
		if err := d.endAccess(r, l, next, &taken); err != nil {
			return taken, err
		}
		left, taken.passkeys = left.Before(l.issued())
	}
	if taken.recovery || l.confirmed() && f.Exists {
		taken.items = append(taken.items, secondfactor.Save(d.Names, f, left))
	}
	if len(taken.passkeys) > 0 {
		event.New[newpassword.ValuePasskeysGone] = strings.Join(taken.passkeys, ", ")
	}
	if taken.passwordVoid {
		event.New[newpassword.ValuePasswordVoid] = "yes"
	}
	return taken, nil
}

// endAccess ends all sessions and voids all mailed links by the epoch, and the password with it: whoever asked for the
// change knew it, or set one by a link to the new address. Only that of a customer for whom the service team asked, and
// who has the same password as before, stays in force.
func (d Room) endAccess(r *web.Request, l mailedLink, next *customer.Profile, taken *takenAlong) error {
	c, err := d.Credentials.Get(r.Context(), table.Customer(l.profile.Number))
	if err != nil {
		return err
	}
	next.Epoch++
	taken.passwordVoid = c.Hash != "" && !(l.byStaff() && l.older(l.profile.PasswordChangedAt))
	if taken.passwordVoid {
		taken.items = append(taken.items, credential.SetPassword(d.Names, c, "", true, r.Now))
	} else {
		taken.items = append(taken.items, credential.RaiseEpoch(d.Names, c))
	}
	if !l.older(l.profile.PackagePasswordChangedAt) {
		if err := d.voidPackagePasswords(r, next, customer.VoidSpan{From: l.issued(), To: r.Now}, taken); err != nil {
			return err
		}
	}
	// The links that went to this mailbox before are void, too: they take none of the next three.
	taken.items = append(taken.items, throttle.Clear(d.Names, throttle.ResetMails(next.Number, next.Email)))
	return nil
}

// voidPackagePasswords takes the package passwords that were set in a time for no proof any more, of all numbers whose
// packages are the customer's.
func (d Room) voidPackagePasswords(r *web.Request, next *customer.Profile, span customer.VoidSpan, taken *takenAlong) error {
	taken.packagePasswords = true
	*next = next.VoidPackagePasswordsOf(span)
	members := make([]types.TransactWriteItem, len(next.Members))
	group, ctx := errgroup.WithContext(r.Context())
	for i, number := range next.Members {
		group.Go(func() error {
			p, err := d.Customers.Profile(ctx, number)
			members[i] = customer.Update(d.Names, p, p.VoidPackagePasswordsOf(span))
			return err
		})
	}
	err := group.Wait()
	taken.items = append(taken.items, members...)
	return err
}

// byStaff says that the service team asked for the change.
func (l mailedLink) byStaff() bool { return l.token.Values[outbox.ValueByStaff] != "" }

// older says that something was done before the change was asked for, or never.
func (l mailedLink) older(at time.Time) bool { return !at.After(l.issued()) }
