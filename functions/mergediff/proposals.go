package mergediff

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// A proposal points to a number that looks like the customer's own. It is made only where it gives nothing away: the
// same e-mail address is in force on both sides (imported, or confirmed by a link to it; one that waits for its
// confirmation does not count) and the names mean the same. It names nothing but the number's last digits, and the proof
// has to be given like for any other number.
const (
	maxProposals = 5
	maxSameEmail = 25 // numbers of one address that are looked at
	shownDigits  = 3
)

// Proposal is the end of a customer number.
type Proposal struct {
	EndsWith string `json:"endsWith"`
}

// proposals finds them, none when the customer does not want any.
func (d Deps) proposals(ctx context.Context, own customer.Profile, draft order.Draft) ([]Proposal, error) {
	found := []Proposal{}
	if own.NoProposals || own.Email == "" {
		return found, nil
	}
	numbers, err := d.Customers.NumbersByEmail(ctx, own.Email, maxSameEmail)
	if err != nil || len(numbers) < 2 {
		return found, err // the own number is always among them
	}
	profiles, err := d.Customers.Profiles(ctx, numbers)
	if err != nil {
		return nil, err
	}
	var fitting []customer.Profile
	for _, n := range numbers {
		if p := profiles[n]; draft.Source(n) == nil && d.lookAlike(own, p) {
			fitting = append(fitting, p)
		}
	}
	return d.unobstructed(ctx, own, fitting[:min(len(fitting), maxProposals)])
}

// lookAlike tells whether a number may be proposed as far as its profile decides.
func (d Deps) lookAlike(own, p customer.Profile) bool {
	if p.Number == "" || p.Number == own.Number {
		return false
	}
	for _, row := range merge.Compare(d.Speller, order.RecordOf(own), order.RecordOf(p)).Rows {
		if row.Field == merge.Email && row.Differs() {
			return false
		}
	}
	return merge.Block(d.Speller, order.FactsOf(own), order.FactsOf(p)) == nil
}

// unobstructed leaves out what could not be merged: nobody is led to a refusal.
func (d Deps) unobstructed(ctx context.Context, own customer.Profile, fitting []customer.Profile) ([]Proposal, error) {
	found := []Proposal{}
	var numbers []string
	for _, p := range fitting {
		numbers = append(numbers, p.Number)
	}
	between, err := d.obstacles(ctx, own.Number, numbers...)
	if err != nil {
		return nil, err
	}
	for _, n := range numbers {
		if !between.open[n] && !between.barred[n] {
			found = append(found, Proposal{EndsWith: n[len(n)-shownDigits:]})
		}
	}
	return found, nil
}

// saveProposals switches proposals off for good, or on again. It is a setting: no order becomes stale by it.
func (d Deps) saveProposals(r *web.Request, s session.Signed) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	show := f.Get("show")
	if show != "yes" && show != "no" {
		return nil, web.Unprocessable("invalid_choice", web.T("Wählen Sie, ob wir solche Hinweise zeigen.", "Choose whether we show such hints."))
	}
	changed := s.Profile
	changed.NoProposals = show == "no"
	if err := d.Tables.Transact(r.Context(), []types.TransactWriteItem{customer.Update(d.Names, s.Profile, changed)}, ""); err != nil {
		return nil, err
	}
	r.Note("outcome", "proposals_"+map[bool]string{true: "off", false: "on"}[changed.NoProposals])
	return web.SeeOther("/merge"), nil
}
