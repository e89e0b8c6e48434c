package order

import (
	"context"
	"errors"
	"fmt"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/table"
)

// MayAgain reports whether the order ended without a decision about it, so that the customer may start again with the
// same numbers.
func (o Order) MayAgain() bool { return o.State == merge.Expired || o.State == merge.Withdrawn }

// Again copies the numbers and choices of an ended order into the customer's draft. Each number has to be proven
// again, and nothing of it is shown before (M3). Numbers that are in the draft already stay as they are. Errors:
// ErrNotFound for another customer's order, ErrState.
func (s Store) Again(ctx context.Context, id, customerNumber string) (Draft, error) {
	o, err := s.Get(ctx, id)
	if err == nil && o.Customer != customerNumber {
		err = ErrNotFound
	}
	if err != nil {
		return Draft{}, err
	}
	if !o.MayAgain() {
		return Draft{}, fmt.Errorf("%w: %s is not to be begun anew", ErrState, o.State)
	}
	for range table.Tries(ctx, attempts) {
		d, err := s.Draft(ctx, customerNumber)
		if err != nil {
			return Draft{}, err
		}
		for _, source := range o.Sources {
			d.resume(source)
		}
		if d, err = s.SaveDraft(ctx, d); !errors.Is(err, ErrDraftChanged) {
			return d, err
		}
	}
	return Draft{}, ErrBusy
}

// resume adds a number of an earlier order without its proof.
func (d *Draft) resume(source Source) {
	n := source.Record.Number
	if _, known := d.Compared[n]; !known && source.Compared.Times > 0 {
		if d.Compared == nil {
			d.Compared = map[string]Compared{}
		}
		d.Compared[n] = source.Compared
	}
	if d.Source(n) == nil {
		d.Sources = append(d.Sources, DraftSource{
			Number: n, Package: source.Package, Domain: source.Domain, Choices: source.Choices,
		})
	}
}

// Proven reports whether the number was ever proven for this draft, even if the proof has expired.
func (s DraftSource) Proven() bool { return !s.ProvenAt.IsZero() }
