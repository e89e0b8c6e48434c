package order

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// A proof is valid only as long as the package password that gave it. Once its owner changes the password, or a veto
// or an undo voids it, whoever knew the old one is a stranger again (M3). The transaction of the largest submission
// has no room for these conditions (L2), so they are read before it, and are conditions of the transaction that
// announces the order: nobody is told of it, and nobody reviews it, before that.

// Standing is how the proof of a number stands at this moment.
type Standing string

// The states of a proof. Nothing of the number is shown unless it is good.
const (
	ProofGood       Standing = "good"
	ProofMissing    Standing = "missing"     // a number of an earlier order
	ProofOld        Standing = "old"         // given longer than ProofLifetime ago
	ProofOwnChanged Standing = "own_changed" // it is for other values of the customer's own
	ProofVoid       Standing = "void"        // its package password, its package or its number is no longer what it was
)

// Standings tells, by number, how the proofs of a draft stand. others are the draft's numbers as they are now.
func (s Store) Standings(ctx context.Context, d Draft, own customer.Profile, others map[string]customer.Profile, now time.Time) (map[string]Standing, error) {
	found := make([]Standing, len(d.Sources))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	fingerprint := merge.Fingerprint(RecordOf(own))
	for i, source := range d.Sources {
		switch {
		case !source.Proven():
			found[i] = ProofMissing
		case now.Sub(source.ProvenAt) > ProofLifetime:
			found[i] = ProofOld
		case d.Compared[source.Number].Fingerprint != fingerprint:
			found[i] = ProofOwnChanged
		default:
			group.Go(func() error {
				good, err := s.holdsNow(ctx, source.given(), others[source.Number], now)
				if found[i] = ProofVoid; good {
					found[i] = ProofGood
				}
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	standings := map[string]Standing{}
	for i, source := range d.Sources {
		standings[source.Number] = found[i]
	}
	return standings, nil
}

// given is what a proof was given by, and when.
type given struct {
	pkg, domain string
	version     int64
	at          time.Time
}

func (s DraftSource) given() given { return given{s.Package, s.Domain, s.Version, s.ProvenAt} }
func (s Source) given() given      { return given{s.Package, s.Domain, s.Proof, s.ProvenAt} }

// holdsNow reports whether the same domain and package password would still prove the number, and nobody else has
// merged it since.
func (s Store) holdsNow(ctx context.Context, g given, number customer.Profile, now time.Time) (bool, error) {
	if number.Number == "" || number.MergedInto != "" {
		return false, nil
	}
	found, err := customer.Store{Store: s.Store}.FindProof(ctx, number.Numbers(), g.domain, contract.Day(now))
	if errors.Is(err, customer.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("proof of a number: %w", err)
	}
	c, err := credential.Store{Store: s.Store}.Get(ctx, table.PackageSubject(g.pkg))
	if err != nil {
		return false, fmt.Errorf("proof of a number: %w", err)
	}
	return found.Package == g.pkg && c.Version == g.version && !c.Retired && !found.Owner.PackagePasswordVoid(c.ChangedAt) &&
		!found.Owner.PackagePasswordsVoidedSince(g.at), nil
}

// unproven finds a number of the draft whose proof is not good, with the reason.
func (s Store) unproven(ctx context.Context, d Draft, profiles Profiles) (*Blocked, error) {
	standings, err := s.Standings(ctx, d, profiles[d.Number], profiles, s.Now())
	if err != nil {
		return nil, err
	}
	for _, source := range d.Sources {
		if reason := standings[source.Number].Reason(); reason != nil {
			return &Blocked{Number: source.Number, Reason: *reason}, nil
		}
	}
	return nil, nil
}

// Reason says what to do about a proof that is not good, nil for one that is.
func (s Standing) Reason() *merge.Reason {
	switch s {
	case ProofGood:
		return nil
	case ProofOld, ProofMissing:
		return &merge.ProofExpired
	case ProofOwnChanged:
		return &merge.ProofOwnChanged
	}
	return &merge.ProofGone
}

// ProofsHold reports whether the package passwords that proved an order's numbers are still the same. An order
// outlives its proofs, because its other side was told and can stop it. But nothing new about a number is shown to a
// customer who could no longer prove it (M3).
func (s Store) ProofsHold(ctx context.Context, o Order) (bool, error) {
	profiles, err := s.profiles(ctx, o.SourceNumbers())
	if err != nil {
		return false, err
	}
	number, err := s.unheld(ctx, o, profiles)
	return number == "", err
}

// unheld is a number of the order whose proof no longer holds, "" when all do.
func (s Store) unheld(ctx context.Context, o Order, profiles map[string]customer.Profile) (string, error) {
	held := make([]bool, len(o.Sources))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for i, source := range o.Sources {
		group.Go(func() (err error) {
			held[i], err = s.holdsNow(ctx, source.given(), profiles[source.Record.Number], s.Now())
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	for i, source := range o.Sources {
		if !held[i] {
			return source.Record.Number, nil
		}
	}
	return "", nil
}

// lost reports whether a proof is void although the password is unchanged: an undo voided the passwords of the
// package's number since, or that number is no longer part of the proven one.
func lost(proven, owner customer.Profile, at time.Time) bool {
	if proven.PackagePasswordsVoidedSince(at) {
		return true
	}
	return owner.Number != "" && (!slices.Contains(proven.Numbers(), owner.Number) || owner.PackagePasswordsVoidedSince(at))
}

func (s Store) ownersOf(ctx context.Context, packages []string) (map[string]customer.Profile, error) {
	owners, err := customer.Store{Store: s.Store}.Owners(ctx, packages)
	if err != nil {
		return nil, fmt.Errorf("orders: read proofs: %w", err)
	}
	return owners, nil
}

// checkOwners conditions a transaction on the packages of an order's proofs still belonging to the same numbers; ok
// is false when a proof is void.
func (s Store) checkOwners(ctx context.Context, o Order) (checks []types.TransactWriteItem, ok bool, err error) {
	packages := make([]string, len(o.Sources))
	for i, source := range o.Sources {
		packages[i] = source.Package
	}
	owners, err := s.ownersOf(ctx, packages)
	if err != nil {
		return nil, false, err
	}
	profiles, err := s.profiles(ctx, o.SourceNumbers())
	if err != nil {
		return nil, false, err
	}
	stand := map[string]customer.Profile{}
	for _, source := range o.Sources {
		proven, owner := profiles[source.Record.Number], owners[source.Package]
		if lost(proven, owner, source.ProvenAt) {
			return nil, false, nil
		}
		stand[proven.Number] = proven
		if owner.Number != "" {
			stand[owner.Number] = owner
		}
	}
	for _, n := range slices.Sorted(maps.Keys(stand)) {
		checks = append(checks, customer.Check(s.Names, stand[n]))
	}
	return checks, true, nil
}

// checkProofs conditions a transaction on the package passwords being unchanged since they were the proof.
func (s Store) checkProofs(o Order) []types.TransactWriteItem {
	var checks []types.TransactWriteItem
	seen := map[string]bool{}
	for _, source := range o.Sources {
		if seen[source.Package] {
			continue
		}
		seen[source.Package] = true
		check := &types.ConditionCheck{TableName: &s.Names.Credentials, Key: table.Credential(table.PackageSubject(source.Package)),
			ConditionExpression: aws.String("attribute_not_exists(pk)")}
		if source.Proof != 0 {
			check.ConditionExpression = aws.String("version = :version")
			check.ExpressionAttributeValues = table.Item{":version": table.N(source.Proof)}
		}
		checks = append(checks, types.TransactWriteItem{ConditionCheck: check})
	}
	return checks
}

// withdrawUnproven ends an order whose proof became void before it was announced. Its customer may start again with
// the same numbers, and has to prove them again.
func (s Store) withdrawUnproven(ctx context.Context, o *Order) ([]types.TransactWriteItem, error) {
	o.History = append(o.History, Step{At: s.Now().UTC(), State: o.State, Actor: audit.BySystem, Event: ProofGone})
	if err := s.enter(o, merge.Withdrawn, audit.BySystem); err != nil {
		return nil, err
	}
	return s.effects(ctx, *o, audit.MergeWithdrawn, outbox.OrderWithdrawn, audit.BySystem)
}
