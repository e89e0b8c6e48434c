package importer

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
)

// Forecast is what an import would do, counted before anything is written.
type Forecast struct {
	Counts   [Failed + 1]int
	Existing int            // customers that are there already
	Altered  int            // of those, the ones of which more than the balance changes
	Running  int            // their packages that have not ended
	Ending   int            // of those, the ones that would have ended after the import
	Held     int            // packages that an empty list leaves running, since EndMissing is not set
	Fields   map[string]int // customers by the field that changes
}

// What a run may do without asking. An export that lost half of the packages, or whose name columns are shifted by
// one, exceeds it.
const (
	mostEnding  = 5 // percent of the running packages
	mostAltered = 5 // percent of the existing customers
	fewAltered  = 20
)

// EndsMany says whether the run ends more packages than a night does.
func (f Forecast) EndsMany() bool { return f.Ending*100 > f.Running*mostEnding }

// ChangesMuch says whether the run changes more customers than a night does, balances aside: those change in all.
func (f Forecast) ChangesMuch() bool {
	return f.Altered > fewAltered && f.Altered*100 > f.Existing*mostAltered
}

// batchOfLines is how many customers are looked up at a time.
const batchOfLines = 100

// Forecast looks what an import would do, and writes nothing. each is called for every customer, in the order of the files; it
// may be nil.
func (im Importer) Forecast(ctx context.Context, checked Checked, files []File, each func(Result)) (Forecast, error) {
	f := Forecast{Fields: map[string]int{}}
	var batch []placed
	flush := func() error {
		results, err := im.foresee(ctx, batch, &f)
		batch = batch[:0]
		for _, r := range results {
			f.Counts[r.Outcome]++
			if each != nil {
				each(r)
			}
		}
		return err
	}
	for p, err := range checked.good(files) {
		if err != nil {
			return f, err
		}
		if batch = append(batch, p); len(batch) < batchOfLines {
			continue
		}
		if err := flush(); err != nil {
			return f, err
		}
	}
	return f, flush()
}

// foresee looks what becomes of some customers.
func (im Importer) foresee(ctx context.Context, batch []placed, f *Forecast) ([]Result, error) {
	numbers := make([]string, len(batch))
	for i, p := range batch {
		numbers[i] = p.line.CustomerNumber
	}
	profiles, err := customer.Store{Store: im.Tables}.Profiles(ctx, numbers)
	if err != nil {
		return nil, err
	}
	results, stored := make([]Result, len(batch)), make([]map[string]customer.Package, len(batch))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(im.workers())
	for i, p := range batch {
		results[i] = Result{Place: p.at, Number: p.line.CustomerNumber, Outcome: Created}
		old, exists := profiles[p.line.CustomerNumber]
		if !exists {
			group.Go(func() error {
				note, err := im.forgotten(ctx, p.line.CustomerNumber)
				if note != "" {
					results[i].Outcome, results[i].Note = Forgotten, note
				}
				return err
			})
			continue
		}
		group.Go(func() (err error) {
			if stored[i], err = im.stored(ctx, p.line.CustomerNumber); err != nil {
				return err
			}
			passwords, err := im.passwordChanges(ctx, p.line)
			results[i].Changes = slices.Concat(profileChanges(old, im.next(p.line, old)), packageChanges(stored[i], im.wanted(p.line, stored[i])), passwords)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i, p := range batch {
		if _, exists := profiles[p.line.CustomerNumber]; exists {
			im.count(&results[i], p.line, stored[i], f)
		}
	}
	return results, nil
}

// count adds one existing customer to the forecast.
func (im Importer) count(r *Result, l Line, stored map[string]customer.Package, f *Forecast) {
	f.Existing++
	if r.Outcome = Unchanged; len(r.Changes) > 0 {
		r.Outcome = Updated
	}
	seen := map[string]bool{}
	for _, c := range r.Changes {
		seen[c.general()] = true
	}
	for field := range seen {
		f.Fields[field]++
	}
	if delete(seen, "balanceCents"); len(seen) > 0 {
		f.Altered++
	}
	today := contract.Day(im.Now())
	for _, p := range stored {
		if !p.Ended(today) {
			f.Running++
		}
	}
	for _, p := range im.wanted(l, stored) {
		if old, known := stored[p.ID]; known && !old.Ended(today) && p.Ended(today) {
			f.Ending++
		}
	}
	held := im.held(l, stored)
	f.Held += held
	r.Note = heldNote(held)
}

// held are the running packages that a line without any package leaves as they are.
func (im Importer) held(l Line, stored map[string]customer.Package) (n int) {
	if len(l.Packages) > 0 || im.EndMissing {
		return 0
	}
	today := contract.Day(im.Now())
	for _, p := range stored {
		if !p.Ended(today) {
			n++
		}
	}
	return n
}

func heldNote(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("packages: the list is empty, and %d running were left as they are: --end-missing-packages ends them", n)
}
