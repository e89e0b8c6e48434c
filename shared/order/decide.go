package order

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
)

// Decision is what a reviewer decided about the values with this digest (M5).
type Decision struct {
	Reviewer string
	Digest   string
	Reason   string // to the ordering customer; demanded when rejecting
	Note     string // stays inside the service team
	// Seen is the state that the reviewer's page showed. An order that is approved or waits for its customer can be
	// rejected only by a reviewer who saw it in that state: of two reviewers at once, the second must not overturn
	// the first by accident.
	Seen    merge.State
	Contact string // how a side was told that the announcement did not reach; stays inside
	// NeedsSecond: the approval is the first of two, by different people. Person tells them apart.
	NeedsSecond bool
	Person      string
}

// ErrContact: the announcement did not reach a side, so that an approval has to record a contact by another way (M4).
var ErrContact = errors.New("order: a side was not told, and no contact is noted")

// Approve accepts exactly the values that the digest stands for. ErrDigest when
// the order shows others by now, ErrState when it was decided already. The first approval of two leaves it in review.
func (s Store) Approve(ctx context.Context, id string, d Decision) (Order, error) {
	return s.decide(ctx, id, d, merge.Approved, audit.MergeApproved, outbox.OrderApproved)
}

// MayReject reports whether a reviewer who saw the order in a state may end it.
func (o Order) MayReject(seen merge.State) bool {
	if o.State == merge.Approved || o.State == merge.Stale {
		return seen == o.State
	}
	return o.State.May(merge.Rejected)
}

// Reject ends the order, before it is executed; the reason goes to the ordering
// customer only.
func (s Store) Reject(ctx context.Context, id string, d Decision) (Order, error) {
	return s.decide(ctx, id, d, merge.Rejected, audit.MergeRejected, outbox.OrderRejected)
}

func (s Store) decide(ctx context.Context, id string, d Decision, to merge.State, action, event string) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.Digest != d.Digest {
			return nil, ErrDigest
		}
		if to == merge.Rejected && !o.MayReject(d.Seen) {
			return nil, fmt.Errorf("%w: %s is not to be rejected by who saw %q", ErrState, o.State, d.Seen)
		}
		if to == merge.Approved {
			if err := s.stillTrue(ctx, *o); err != nil {
				return nil, err
			}
		}
		if o.waitsForSecond(d, to) {
			return s.approveFirst(o, d)
		}
		if err := s.reach(o, d, to); err != nil {
			return nil, err
		}
		o.Reviewer, o.Reason, o.Note, o.DecidedAt = d.Reviewer, d.Reason, d.Note, s.Now().UTC()
		o.last().Reason, o.last().Note, o.last().Digest = d.Reason, d.Note, d.Digest
		return s.effects(ctx, *o, action, event, d.Reviewer)
	})
}

// reach moves the order to its new state. An approval of an order whose veto clock is stopped records the contact and
// starts the clock. It is also how an order continues whose announcement bounced after the approval.
func (s Store) reach(o *Order, d Decision, to merge.State) error {
	if to != merge.Approved || !o.Stopped() {
		return s.enter(o, to, d.Reviewer)
	}
	if d.Contact == "" && (o.State == merge.InReview || o.State == merge.Approved) {
		return ErrContact
	}
	if o.State != merge.Approved {
		if err := s.enter(o, to, d.Reviewer); err != nil {
			return err
		}
	}
	o.Contact, o.ContactedAt = d.Contact, s.Now().UTC()
	o.History = append(o.History, Step{At: o.ContactedAt, State: o.State, Actor: d.Reviewer, Event: Contacted, Contact: d.Contact})
	return nil
}

// stillTrue refuses an approval when the records no longer have the approved values. The caller then calls Recheck,
// which returns the order to the customer (M5).
func (s Store) stillTrue(ctx context.Context, o Order) error {
	profiles, err := s.families(ctx, o)
	if err != nil {
		return err
	}
	if !o.unchanged(profiles) {
		return ErrDigest
	}
	return nil
}

// Withdraw ends the customer's own order before it is executed, as long as the
// session of that epoch is good, else ErrSignedOut (S12). Another customer's order
// is ErrNotFound (S11).
func (s Store) Withdraw(ctx context.Context, id, customerNumber string, epoch int64) (Order, error) {
	return s.change(ctx, id, func(o *Order) ([]types.TransactWriteItem, error) {
		if o.Customer != customerNumber {
			return nil, ErrNotFound
		}
		if o.State == merge.Withdrawn {
			return nil, errNothing
		}
		if err := s.enter(o, merge.Withdrawn, customerNumber); err != nil {
			return nil, err
		}
		profiles, err := s.profiles(ctx, []string{customerNumber})
		if err != nil {
			return nil, err
		}
		own := profiles[customerNumber]
		if own.Epoch != epoch {
			return nil, ErrSignedOut
		}
		effects, err := s.effects(ctx, *o, audit.MergeWithdrawn, outbox.OrderWithdrawn, customerNumber)
		return append(effects, customer.CheckOwns(s.Names, own, customerNumber)), err
	})
}

// effects are the writes that belong to a change of state: the outbox item that tells both sides and wakes the
// workflow, the audit events, and the locks that are released when the order ends.
func (s Store) effects(ctx context.Context, o Order, action, event, actor string) ([]types.TransactWriteItem, error) {
	to, err := s.addresses(ctx, o)
	if err != nil {
		return nil, err
	}
	items := append(s.audits(o, action, actor), outbox.Put(s.Names, s.event(o, event, s.eventKey(o, event), to)))
	if o.State.Final() {
		items = append(items, s.unlock(o)...)
	}
	return items, nil
}

// eventKey is different for each occurrence of an event that can happen to an order more than once.
func (s Store) eventKey(o Order, event string) string {
	switch event {
	case outbox.OrderStale, outbox.OrderConfirmed, outbox.OrderFailed, outbox.OrderApproved:
		return itoa(len(o.History))
	}
	return ""
}
