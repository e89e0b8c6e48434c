package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"kundenkonto/infra/forgotten"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// Importer writes customers. Hashing is bound by CPU, so as many passwords are hashed at once as there are processors;
// the writes wait for the network, so there are more Workers (DefaultWorkers when 0).
type Importer struct {
	Tables     table.Store
	Now        func() time.Time
	Rand       io.Reader
	Workers    int
	Overwrite  Overwrite
	EndMissing bool         // also end the packages of a customer whose line has none at all
	Done       func(Result) // called after each customer, one at a time; may be nil

	hashing *semaphore.Weighted
}

// DefaultWorkers is how many customers are written at once.
const DefaultWorkers = 24

func (im Importer) workers() int {
	if im.Workers <= 0 {
		return DefaultWorkers
	}
	return im.Workers
}

// Report counts outcomes; Failures says why, for each failed customer (the first mostProblems).
type Report struct {
	Counts   [Failed + 1]int
	Held     int // customers whose packages an empty list left running
	Failures []Problem
}

// Import writes every customer that Check found good. The error is the context's, ErrChanged, or nil; a customer that could
// not be written is in the report, and the others go on.
func (im Importer) Import(ctx context.Context, checked Checked, files ...File) (Report, error) {
	im.hashing = semaphore.NewWeighted(int64(runtime.GOMAXPROCS(0)))
	var (
		report Report
		mu     sync.Mutex
	)
	var group errgroup.Group
	group.SetLimit(im.workers())
	var changed error
	for p, err := range checked.good(files) {
		if ctx.Err() != nil || err != nil {
			changed = err
			break
		}
		group.Go(func() error {
			result := im.customer(ctx, p)
			mu.Lock()
			defer mu.Unlock()
			if ctx.Err() == nil { // else stopped: neither done nor failed
				report.add(result)
				if im.Done != nil {
					im.Done(result)
				}
			}
			return nil
		})
	}
	_ = group.Wait() // failures are in the report
	return report, errors.Join(ctx.Err(), changed)
}

func (r *Report) add(result Result) {
	r.Counts[result.Outcome]++
	if result.Note != "" && result.Outcome != Forgotten {
		r.Held++
	}
	if result.Err != nil && len(r.Failures) < mostProblems {
		r.Failures = append(r.Failures, Problem{result.Place, result.Number, result.Err.Error()})
	}
}

// races is how often a customer is begun anew because somebody else (the customer, a merge) wrote in between.
const races = 5

// customer imports one customer.
func (im Importer) customer(ctx context.Context, p placed) Result {
	for try := 1; ; try++ {
		result, err := im.attempt(ctx, p.line)
		result.Place, result.Number = p.at, p.line.CustomerNumber
		if err == nil {
			return result
		}
		if !errors.Is(err, table.ErrCondition) || try == races {
			result.Outcome, result.Err = Failed, fmt.Errorf("%s: %w", p.line.CustomerNumber, err)
			return result
		}
	}
}

// attempt does everything of one customer. Changes are told of one that existed, also when the attempt breaks off after some.
func (im Importer) attempt(ctx context.Context, l Line) (Result, error) {
	result := Result{Outcome: Unchanged}
	old, err := customer.Store{Store: im.Tables}.Profile(ctx, l.CustomerNumber)
	exists := err == nil
	if err != nil && !errors.Is(err, customer.ErrNotFound) {
		return result, err
	}
	if !exists {
		if note, err := im.forgotten(ctx, l.CustomerNumber); err != nil || note != "" {
			return Result{Outcome: Forgotten, Note: note}, err
		}
	}
	stored, err := im.stored(ctx, l.CustomerNumber)
	if err != nil {
		return result, err
	}
	wanted := im.wanted(l, stored)
	packages := im.placed(stored, wanted)
	written, err := im.packages(ctx, l.CustomerNumber, stored, packages)
	if err != nil {
		return result, err
	}
	counts := customer.CountPackages(packages)
	result.Changes, result.Note = packageChanges(stored, wanted), heldNote(im.held(l, stored))
	passwords, err := im.passwords(ctx, l, old)
	if err != nil {
		return result, err
	}
	if !exists {
		return Result{Outcome: Created}, im.create(ctx, l, counts)
	}
	next, changed, err := im.update(ctx, l, old, counts, passwords)
	if err != nil {
		return result, err
	}
	result.Changes = slices.Concat(profileChanges(old, next), result.Changes, passwords.changes)
	if changed || written || len(passwords.changes) > 0 {
		result.Outcome = Updated
	}
	return result, nil
}

// forgotten says when a number was forgotten that is not there; "" if it never was. Only a new number costs this read.
func (im Importer) forgotten(ctx context.Context, number string) (note string, err error) {
	at, err := forgotten.At(ctx, im.Tables, number)
	if err != nil || at.IsZero() {
		return "", err
	}
	return "was forgotten on " + at.Format(time.DateOnly) + "; go run ./infra/forget --readmit --yes --reason WHY " + number + " lets it in again", nil
}

// hash hashes a password when a processor is free.
func (im Importer) hash(ctx context.Context, password string) (string, error) {
	if err := im.hashing.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer im.hashing.Release(1)
	return credential.Hasher{Rand: im.Rand}.Hash(password)
}
