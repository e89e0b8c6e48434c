package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// Outcome is what became of one customer.
type Outcome int

// What an import does with a customer.
const (
	Created Outcome = iota
	Updated
	Unchanged
	Failed
)

// Importer writes customers. Hashing is bound by CPU, so as many passwords are hashed at once as there are processors;
// the writes wait for the network, so there are more Workers (DefaultWorkers when 0).
type Importer struct {
	Tables     table.Store
	Now        func() time.Time
	Rand       io.Reader
	Workers    int
	Overwrite  Overwrite
	EndMissing bool                        // also end the packages of a customer whose line has none at all
	Done       func(Place, Outcome, error) // called after each customer, one at a time; may be nil

	hashing *semaphore.Weighted
}

// DefaultWorkers is how many customers are written at once.
const DefaultWorkers = 24

// Report counts outcomes; Failures says why, for each failed customer.
type Report struct {
	Counts   [Failed + 1]int
	Failures []Problem
}

// Import writes every customer that Check found good. The error is the context's or nil; a customer that could not be
// written is in the report, and the others go on.
func (im Importer) Import(ctx context.Context, checked Checked, files ...File) (Report, error) {
	im.hashing = semaphore.NewWeighted(int64(runtime.GOMAXPROCS(0)))
	if im.Workers <= 0 {
		im.Workers = DefaultWorkers
	}
	var (
		report Report
		mu     sync.Mutex
	)
	var group errgroup.Group
	group.SetLimit(im.Workers)
	var changed error
	for p, err := range checked.good(files) {
		if ctx.Err() != nil || err != nil {
			changed = err
			break
		}
		at := p.at
		group.Go(func() error {
			outcome, err := im.customer(ctx, p.line)
			mu.Lock()
			defer mu.Unlock()
			if ctx.Err() != nil {
				return nil // stopped: neither done nor failed
			}
			report.Counts[outcome]++
			if err != nil {
				report.Failures = append(report.Failures, Problem{at, p.line.CustomerNumber, err.Error()})
			}
			if im.Done != nil {
				im.Done(at, outcome, err)
			}
			return nil
		})
	}
	_ = group.Wait() // failures are in the report
	return report, errors.Join(ctx.Err(), changed)
}

// races is how often a customer is begun anew because somebody else (the customer, a merge) wrote in between.
const races = 5

// customer imports one customer.
func (im Importer) customer(ctx context.Context, l Line) (Outcome, error) {
	for try := 1; ; try++ {
		outcome, err := im.attempt(ctx, l)
		if err == nil {
			return outcome, nil
		}
		if !errors.Is(err, table.ErrCondition) || try == races {
			return Failed, fmt.Errorf("%s: %w", l.CustomerNumber, err)
		}
	}
}

func (im Importer) attempt(ctx context.Context, l Line) (Outcome, error) {
	old, err := customer.Store{Store: im.Tables}.Profile(ctx, l.CustomerNumber)
	exists := err == nil
	if err != nil && !errors.Is(err, customer.ErrNotFound) {
		return Failed, err
	}
	packages, err := im.packages(ctx, l)
	if err != nil {
		return Failed, err
	}
	passwords, err := im.passwords(ctx, l, old)
	if err != nil {
		return Failed, err
	}
	if !exists {
		return Created, im.create(ctx, l)
	}
	changed, err := im.update(ctx, l, old, passwords)
	if err != nil {
		return Failed, err
	}
	if changed || packages || passwords.added {
		return Updated, nil
	}
	return Unchanged, nil
}

// pause waits longer and longer before asking again what a busy database left out; false when it was too often.
func pause(ctx context.Context, try int) bool {
	if try >= 8 {
		return false
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(50 * time.Millisecond << try):
		return true
	}
}

// hash hashes a password when a processor is free.
func (im Importer) hash(ctx context.Context, password string) (string, error) {
	if err := im.hashing.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer im.hashing.Release(1)
	return credential.Hasher{Rand: im.Rand}.Hash(password)
}
