package mergediff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// proof is a number proven by one of its packages.
type proof struct {
	profile   customer.Profile
	packageID string
	domain    string // as found
	version   int64  // of the package password
}

// unknownPackage is the subject whose credential is read when no package was found; ids never start with a hyphen, so it never exists.
const unknownPackage = "-"

// errProofFailed is the one answer for an unknown number, a foreign domain and a wrong password (S1, M3).
var errProofFailed = errors.New("mergediff: proof failed")

// pausedError says that a bucket refuses tries for a while.
type pausedError struct{ after time.Duration }

func (p pausedError) Error() string { return "mergediff: proofs are paused for " + p.after.String() }

// prove checks number, domain and package password. It takes the same steps whatever exists: count, profile, one batch read, one credential, one
// hash (S1, S2). Errors: errProofFailed, pausedError.
func (d Deps) prove(r *web.Request, actor string, e entry) (proof, error) {
	ctx := r.Context()
	target, counts, err := d.countAndRead(ctx, e.Number, r.Now, throttle.ProofPair(actor, e.Number), throttle.ProofActor(actor), throttle.ProofTarget(e.Number), throttle.AddressProofs(r.ClientIP))
	if err != nil {
		return proof{}, err
	}
	p, hash, err := d.findCredential(ctx, target, e, contract.Day(r.Now))
	if err != nil {
		return proof{}, err
	}
	ok, _, err := credential.Verify(hash, e.Password)
	if err != nil {
		if !errors.Is(err, credential.ErrCorrupt) {
			return proof{}, fmt.Errorf("compare package password: %w", err)
		}
		r.Note("alarm", credential.Alarm) // S4
	}
	if !ok {
		if err := d.Throttle.Failed(ctx, counts[3]); err != nil {
			return proof{}, err
		}
		if err := d.Customers.CountFailedProof(ctx, held(e.Number, target, actor), actor); err != nil {
			return proof{}, err
		}
		return proof{}, errProofFailed
	}
	// A good proof does not count. It does not clear either: who owns one number could otherwise guess at another without end.
	if err := d.Throttle.TakeBack(ctx, counts...); err != nil {
		return proof{}, err
	}
	return p, nil
}

// held is the number that a wrong proof is held against: the one that a merged number is of now. Its packages can be proven by that
// one, and whoever guessed at them by an old number is to stand before the reviewer, too. A customer's own old number stays itself,
// and so does one that does not exist.
func held(number string, target customer.Profile, actor string) string {
	if target.MergedInto != "" && target.MergedInto != actor {
		return target.MergedInto
	}
	return number
}

// countAndRead is the first round: it counts the try in all buckets and reads the profile beside it. A number that does not exist gives an empty
// profile. A try that a bucket refused was not made: the others' counts are taken back.
func (d Deps) countAndRead(ctx context.Context, number string, now time.Time, buckets ...throttle.Bucket) (customer.Profile, []throttle.Verdict, error) {
	var target customer.Profile
	var counts []throttle.Verdict
	group, inGroup := errgroup.WithContext(ctx)
	group.Go(func() (err error) { counts, err = d.Throttle.TryAll(inGroup, now, buckets...); return err })
	group.Go(func() (err error) {
		target, err = d.Customers.Profile(inGroup, number)
		if errors.Is(err, customer.ErrNotFound) {
			target, err = customer.Profile{Number: number}, nil
		}
		return err
	})
	if err := group.Wait(); err != nil {
		return customer.Profile{}, nil, err
	}
	if after := throttle.Pause(counts...); after > 0 {
		if err := d.Throttle.TakeBack(ctx, counts...); err != nil {
			return customer.Profile{}, nil, err
		}
		return customer.Profile{}, nil, pausedError{after}
	}
	return target, counts, nil
}

// findCredential is the second and third round: the package by domain or id under the number and its members, then its password hash, or an empty
// one that costs the same to compare.
func (d Deps) findCredential(ctx context.Context, target customer.Profile, e entry, today time.Time) (p proof, hash string, err error) {
	p = proof{profile: target, packageID: unknownPackage}
	var owner customer.Profile
	for _, name := range e.names() { // all of them, found or not: what is entered may cost time, what exists may not
		found, err := d.Customers.FindProof(ctx, target.Numbers(), name, today)
		if err != nil && !errors.Is(err, customer.ErrNotFound) {
			return proof{}, "", err
		}
		if err == nil && p.packageID == unknownPackage {
			p.packageID, p.domain, owner = found.Package, name, found.Owner
		}
	}
	cred, err := d.Credentials.Get(ctx, table.PackageSubject(p.packageID))
	if err != nil {
		return proof{}, "", err
	}
	if cred.Retired || owner.PackagePasswordVoid(cred.ChangedAt) || p.packageID == unknownPackage {
		return p, "", nil
	}
	p.version = cred.Version
	return p, cred.Hash, nil
}
