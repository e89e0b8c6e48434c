package mergediff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

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
func (d Deps) prove(r *web.Request, actor string, e Entry) (proof, error) {
	ctx := r.Context()
	counts := newCounts(throttle.ProofActor(actor), throttle.ProofTarget(e.Number), throttle.Address(r.ClientIP))
	target, err := d.countAndRead(ctx, counts, e.Number, r.Now)
	if err != nil {
		return proof{}, err
	}
	p, hash, err := d.findCredential(ctx, target, e)
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
		if err := d.Customers.CountFailedProof(ctx, e.Number); err != nil {
			return proof{}, err
		}
		return proof{}, errProofFailed
	}
	// A good proof does not count. It does not clear either: who owns one number could otherwise guess at another without end.
	if err := d.takeBack(ctx, counts[:2]); err != nil {
		return proof{}, err
	}
	return p, nil
}

// counted is a bucket and what it said to this try.
type counted struct {
	bucket  throttle.Bucket
	verdict throttle.Verdict
}

func newCounts(buckets ...throttle.Bucket) []counted {
	counts := make([]counted, len(buckets))
	for i, b := range buckets {
		counts[i].bucket = b
	}
	return counts
}

// countAndRead is the first round: it counts the try in all buckets and reads the profile beside it. A number that does not exist gives an empty profile.
func (d Deps) countAndRead(ctx context.Context, counts []counted, number string, now time.Time) (customer.Profile, error) {
	var target customer.Profile
	group, inGroup := errgroup.WithContext(ctx)
	for i := range counts {
		c := &counts[i]
		group.Go(func() (err error) { c.verdict, err = d.Throttle.Try(inGroup, c.bucket, now); return err })
	}
	group.Go(func() (err error) {
		target, err = d.Customers.Profile(inGroup, number)
		if errors.Is(err, customer.ErrNotFound) {
			target, err = customer.Profile{Number: number}, nil
		}
		return err
	})
	if err := group.Wait(); err != nil {
		return customer.Profile{}, err
	}
	return target, d.refusePaused(ctx, counts)
}

// refusePaused gives a pausedError when a bucket refused, and takes the others' counts back: the try was not made.
func (d Deps) refusePaused(ctx context.Context, counts []counted) error {
	var after time.Duration
	for _, c := range counts {
		if !c.verdict.Allowed {
			after = max(after, c.verdict.RetryAfter, time.Second)
		}
	}
	if after == 0 {
		return nil
	}
	if err := d.takeBack(ctx, counts); err != nil {
		return err
	}
	return pausedError{after}
}

func (d Deps) takeBack(ctx context.Context, counts []counted) error {
	for _, c := range counts {
		if !c.verdict.Allowed {
			continue
		}
		if err := d.Throttle.TakeBack(ctx, c.bucket, c.verdict); err != nil {
			return err
		}
	}
	return nil
}

// findCredential is the second and third round: the package by domain or id under the number and its members, then its password hash, or an empty
// one that costs the same to compare.
func (d Deps) findCredential(ctx context.Context, target customer.Profile, e Entry) (p proof, hash string, err error) {
	p = proof{profile: target, packageID: unknownPackage}
	for _, name := range e.names() { // all of them, found or not: what is entered may cost time, what exists may not
		id, _, err := d.Customers.FindProof(ctx, target.Numbers(), name)
		if err != nil && !errors.Is(err, customer.ErrNotFound) {
			return proof{}, "", err
		}
		if err == nil && p.packageID == unknownPackage {
			p.packageID, p.domain = id, name
		}
	}
	cred, err := d.Credentials.Get(ctx, table.PackageSubject(p.packageID))
	if err != nil {
		return proof{}, "", err
	}
	if cred.Retired || p.packageID == unknownPackage {
		return p, "", nil
	}
	p.version = cred.Version
	return p, cred.Hash, nil
}
