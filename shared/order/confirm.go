package order

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
)

// Recheck returns an order to its customer when a record differs from the one that was shown (M5). It leaves an order
// alone that waits for its customer already, is over, or has not been announced: the other side has to hear of it
// first, and the workflow rechecks it then.
func (s Store) Recheck(ctx context.Context, id string) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.State != merge.InReview && o.State != merge.Approved {
			return nil, errNothing
		}
		profiles, err := s.families(ctx, *o)
		if err != nil {
			return nil, err
		}
		if o.unchanged(profiles) {
			return nil, errNothing
		}
		return s.enterStale(ctx, o)
	})
}

func (s Store) enterStale(ctx context.Context, o *Order) ([]types.TransactWriteItem, error) {
	if err := s.enter(o, merge.Stale, audit.BySystem); err != nil {
		return nil, err
	}
	o.ConfirmBy = s.Now().Add(expireAfter).UTC()
	return s.effects(ctx, *o, audit.MergeStale, outbox.OrderStale, audit.BySystem)
}

// Renewed is the order with the records as they are now, and their digest: the customer is asked to confirm it, and
// the service team sees it beside the old one.
func (s Store) Renewed(ctx context.Context, o Order) (Order, error) {
	profiles, err := s.families(ctx, o)
	if err != nil {
		return Order{}, err
	}
	return o.renewed(profiles), nil
}

func (o Order) renewed(profiles Profiles) Order {
	o.Survivor = profiles.Party(o.Customer)
	sources := make([]Source, len(o.Sources))
	for i, source := range o.Sources {
		sources[i] = source
		sources[i].Party = profiles.Party(source.Record.Number)
	}
	o.Sources = sources
	o.Digest = o.digest()
	return o
}

// Confirmation is a customer's agreement to data that changed after the submission.
type Confirmation struct {
	Customer      string
	Epoch         int64  // of the session, see Submission
	Digest        string // over what the page showed (M5)
	PasswordGiven bool   // the customer password was asked for again, and was right (S7)
}

// Confirm takes the customer's agreement to the data as they are now, and brings
// the order back into review. Errors: ErrNotFound, ErrState, ErrDigest when they
// changed once more, ErrPassword, ErrSignedOut, *TooMany, *Blocked when the numbers can no longer be merged.
func (s Store) Confirm(ctx context.Context, id string, c Confirmation) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.Customer != c.Customer {
			return nil, ErrNotFound
		}
		if o.State == merge.InReview && o.Digest == c.Digest {
			return nil, errNothing // confirmed a moment ago (M9)
		}
		if o.State != merge.Stale {
			return nil, fmt.Errorf("%w: %s needs no confirmation", ErrState, o.State)
		}
		profiles, err := s.families(ctx, *o)
		if err != nil {
			return nil, err
		}
		if profiles[o.Customer].Epoch != c.Epoch {
			return nil, ErrSignedOut
		}
		return s.confirm(ctx, o, profiles, c)
	})
}

func (s Store) confirm(ctx context.Context, o *Order, profiles Profiles, c Confirmation) ([]types.TransactWriteItem, error) {
	if number, err := s.unheld(ctx, *o, profiles); err != nil {
		return nil, err
	} else if number != "" {
		return nil, &Blocked{Number: number, Reason: merge.ProofLost}
	}
	var checks []types.TransactWriteItem
	for _, n := range o.Numbers() {
		if n != o.Customer {
			if reason := merge.Block(s.Speller, profiles.Facts(o.Customer), profiles.Facts(n)); reason != nil {
				return nil, &Blocked{Number: n, Reason: *reason}
			}
		}
		checks = append(checks, customer.Check(s.Names, profiles[n]))
	}
	renewed := o.renewed(profiles)
	if renewed.Digest != c.Digest {
		return nil, ErrDigest
	}
	if merge.NeedsPassword(renewed.Merging()) && !c.PasswordGiven {
		return nil, ErrPassword
	}
	if after := o.confirmAfter(s.Now()); after > 0 {
		return nil, &TooMany{After: after}
	}
	if o.First == nil {
		renewed.First = &Shown{Survivor: o.Survivor, Sources: o.Sources, Digest: o.Digest}
	}
	*o = renewed
	o.EscalateAt, o.ExpireAt, o.Escalated = s.Workdays.After(s.Now(), reviewWithin), s.Now().Add(expireAfter).UTC(), false
	if err := s.enter(o, merge.InReview, o.Customer); err != nil {
		return nil, err
	}
	o.last().Digest = o.Digest
	effects, err := s.effects(ctx, *o, audit.MergeConfirmed, outbox.OrderConfirmed, o.Customer)
	return append(effects, checks...), err
}

// ConfirmationsADay limits how often an order can be confirmed a day. Each confirmation writes to the other side, and
// somebody could change and confirm again and again.
const ConfirmationsADay = 5

// confirmAfter is how long the next confirmation has to wait; 0 when it may come now.
func (o Order) confirmAfter(now time.Time) time.Duration {
	var today []time.Time
	for _, step := range o.History {
		if step.State == merge.InReview && step.Actor == o.Customer && step.Event == "" && now.Sub(step.At) < 24*time.Hour {
			today = append(today, step.At)
		}
	}
	if len(today) < ConfirmationsADay {
		return 0
	}
	return today[len(today)-ConfirmationsADay].Add(24 * time.Hour).Sub(now)
}

// families reads the numbers of an order as they are now, and all that were merged into one of them.
func (s Store) families(ctx context.Context, o Order) (Profiles, error) {
	profiles, err := ReadProfiles(ctx, customer.Store{Store: s.Store}, o.AllNumbers()...)
	if err != nil {
		return nil, fmt.Errorf("orders: read profiles: %w", err)
	}
	return profiles, nil
}

func (s Store) profiles(ctx context.Context, numbers []string) (Profiles, error) {
	profiles, err := customer.Store{Store: s.Store}.Profiles(ctx, numbers)
	if err != nil {
		return nil, fmt.Errorf("orders: read profiles: %w", err)
	}
	return profiles, nil
}
