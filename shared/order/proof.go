package order

import (
	"context"
	"errors"
	"fmt"
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
// veto voided it, whoever knew the old one is a stranger again (M3). The largest
// submission has no room for these conditions in its transaction (L2). So they are
// read before it, and hold in the transaction that announces the order: before that
// nobody is told of it, and nobody reviews it.

// proofGone finds a source whose package password is another by now, or was voided
// with all of its number, and takes its
// proof out of the draft: the page then asks for the password of today.
func (s Store) proofGone(ctx context.Context, d Draft, profiles []customer.Profile) (number string, err error) {
	now := make([]credential.Credential, len(d.Sources))
	group, in := errgroup.WithContext(ctx)
	group.SetLimit(8)
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
		if now[i].Version != d.Sources[i].Version || profiles[i].PackagePasswordsVoidAt.After(d.Sources[i].ProvenAt) {
			number, d.Sources[i].ProvenAt = d.Sources[i].Number, time.Time{}
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
