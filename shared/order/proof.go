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
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// A proof is as good as the password that gave it: once its owner changed it, or a
// veto or an undo voided it, whoever knew the old one is a stranger again (M3). The largest
// submission has no room for these conditions in its transaction (L2). So they are
// read before it, and hold in the transaction that announces the order: before that
// nobody is told of it, and nobody reviews it.

// proofGone finds a source whose proof is gone by now and takes it out of the draft:
// the page then asks for the password of today.
func (s Store) proofGone(ctx context.Context, d Draft, profiles []customer.Profile) (number string, err error) {
	now := make([]credential.Credential, len(d.Sources))
	var owners map[string]customer.Profile
	group, in := errgroup.WithContext(ctx)
	group.SetLimit(8)
	group.Go(func() (err error) { owners, err = s.ownersOf(in, d.packages()); return err })
	for i, source := range d.Sources {
		group.Go(func() (err error) {
			now[i], err = credential.Store{Store: s.Store}.Get(in, table.PackageSubject(source.Package))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return "", fmt.Errorf("submission: read proofs: %w", err)
	}
	for i := range d.Sources {
		source := &d.Sources[i]
		if now[i].Version != source.Version || lost(profiles[i], owners[source.Package], source.ProvenAt) {
			number, source.ProvenAt = source.Number, time.Time{}
		}
	}
	if number == "" {
		return "", nil
	}
	if _, err := s.SaveDraft(ctx, d); err != nil && !errors.Is(err, ErrDraftChanged) {
		return "", err
	}
	return number, nil
}

// lost reports whether a proof is gone although its password is the same: an undo
// voided passwords of the package's number since, or that number is no longer part
// of the one that was proven.
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

// checkOwners conditions a transaction on the numbers being those that the proofs of
// an order stand on, as they were read; ok is false when a proof is gone.
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

// checkProofs conditions a transaction on the package passwords being those that
// were the proof.
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

// withdrawUnproven ends an order whose proof went before it was announced. Its
// customer may begin anew with the same numbers, and has to prove them again.
func (s Store) withdrawUnproven(ctx context.Context, o *Order) ([]types.TransactWriteItem, error) {
	o.History = append(o.History, Step{At: s.Now().UTC(), State: o.State, Actor: system, Event: ProofGone})
	if err := s.enter(o, merge.Withdrawn, system); err != nil {
		return nil, err
	}
	return s.effects(ctx, *o, audit.MergeWithdrawn, outbox.OrderWithdrawn, system)
}
