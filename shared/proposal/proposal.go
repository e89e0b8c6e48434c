// Package proposal finds customer numbers that look like a customer's own, so that the pages can point to them.
//
// A number is proposed only where that gives nothing away: the same e-mail address is in force on both sides, the names
// mean the same, and nothing known stands in the way of merging them. An address is in force when the operator imported
// it or its owner confirmed it by the link mailed to it; one that still waits for that counts for nothing, so that
// nobody learns of a stranger's numbers by entering a stranger's address. A proposal names nothing but the number's last
// digits, and the proof has to be given as for any number (M3).
package proposal

import (
	"context"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

const (
	most        = 5  // that are proposed at a time
	maxSame     = 25 // numbers of one address that are looked at
	shownDigits = 3
)

// Proposal is the end of a customer number.
type Proposal struct {
	EndsWith string `json:"endsWith"`
}

// Finder looks for proposals.
type Finder struct {
	Customers customer.Store
	Orders    order.Store
	Speller   merge.Speller
}

// Find gives the proposals for a customer: none to one who does not want any or whose own number cannot be merged, and
// none that is in the draft already. Most customers have one number, for whom it is a single look-up.
func (f Finder) Find(ctx context.Context, own customer.Profile) ([]Proposal, error) {
	none := []Proposal{}
	if own.NoProposals || own.Email == "" || merge.BlockOwn(order.Profiles{own.Number: own}.Facts(own.Number)) != nil {
		return none, nil
	}
	numbers, err := f.Customers.NumbersByEmail(ctx, own.Email, maxSame)
	if err != nil || len(numbers) < 2 {
		return none, err // the own number is always among them
	}
	var profiles order.Profiles
	var draft order.Draft
	group, inGroup := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		profiles, err = order.ReadProfiles(inGroup, f.Customers, append(numbers, own.Members...)...)
		return err
	})
	group.Go(func() (err error) { draft, err = f.Orders.Draft(inGroup, own.Number); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	profiles[own.Number] = own
	var alike []string
	for _, n := range numbers {
		if draft.Source(n) == nil && f.alike(profiles, own.Number, n) {
			alike = append(alike, n)
		}
	}
	return f.unobstructed(ctx, profiles, own.Number, alike[:min(len(alike), most)])
}

// alike tells whether a number may be proposed as far as the profiles decide. The index is eventually consistent and
// folds coarsely, so the addresses themselves are compared.
func (f Finder) alike(profiles order.Profiles, own, number string) bool {
	p := profiles[number]
	if p.Number == "" || number == own {
		return false
	}
	for _, row := range merge.Compare(f.Speller, order.RecordOf(profiles[own]), order.RecordOf(p)).Rows {
		if row.Field == merge.Email && row.Differs() {
			return false
		}
	}
	return merge.Block(f.Speller, profiles.Facts(own), profiles.Facts(number)) == nil
}

// unobstructed leaves out what could not be merged: nobody is led to a refusal.
func (f Finder) unobstructed(ctx context.Context, profiles order.Profiles, own string, alike []string) ([]Proposal, error) {
	found := []Proposal{}
	if len(alike) == 0 {
		return found, nil
	}
	between, err := f.Orders.Obstacles(ctx, own, alike...)
	if err != nil {
		return nil, err
	}
	for _, n := range alike {
		if merge.Block(f.Speller, between.Facts(profiles, own), between.Facts(profiles, n)) == nil {
			found = append(found, Proposal{EndsWith: n[len(n)-shownDigits:]})
		}
	}
	return found, nil
}

// Show switches proposals on, or off for good, with the event that tells of it in the history; nothing when they are so
// already. It is a setting: no order becomes stale by it.
func Show(names table.Names, own customer.Profile, show bool, now time.Time, rand io.Reader) []types.TransactWriteItem {
	if own.NoProposals != show {
		return nil
	}
	changed, action := own, audit.ProposalsOff
	changed.NoProposals = !show
	if show {
		action = audit.ProposalsOn
	}
	return []types.TransactWriteItem{customer.Update(names, own, changed),
		audit.Put(names, audit.Event{Number: own.Number, Action: action, Actor: own.Number, At: now}, rand)}
}
