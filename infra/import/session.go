package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"kundenkonto/infra/importer"
	"kundenkonto/shared/table"
)

// session is one run of the command.
type session struct {
	options
	open    func(context.Context, options) (table.Store, error)
	out     *os.File
	report  *reportFile
	printed int
}

// mostPrinted is how many problems are printed; all are in the report.
const mostPrinted = 100

// run validates, looks ahead, and imports. It gives the exit code and the sentence to end with.
func (s *session) run(ctx context.Context) (code int, said string) {
	checked := importer.Checker{Now: time.Now, Problem: s.refused, Warning: s.warning}.Check(s.files...)
	if s.printed > mostPrinted {
		fmt.Fprintf(s.out, "and %d more; all are in %s\n", s.printed-mostPrinted, s.options.report)
	}
	for _, name := range checked.Empty {
		fmt.Fprintf(s.out, "%s: warning: there is no customer in it\n", name)
	}
	refused := checked.Customers - checked.Good()
	switch {
	case checked.Customers == 0:
		return exitUsage, "Nothing was read, and nothing was imported."
	case len(checked.Problems) > 0 && !s.skipInvalid:
		return exitInvalid, fmt.Sprintf("%d of %d lines are wrong; nothing was imported. Mend them, or use --skip-invalid to import the others.", refused, checked.Customers)
	}
	tables, err := s.open(ctx, s.options)
	if err != nil {
		return exitTarget, err.Error()
	}
	im := importer.Importer{Tables: tables, Now: time.Now, Rand: rand.Reader, Workers: s.workers, Overwrite: s.overwrite, EndMissing: s.endMissing}
	forecast, err := s.lookAhead(ctx, im, checked)
	if err != nil {
		return broken(err)
	}
	asks := s.asks(forecast)
	switch {
	case s.dryRun:
		code, said := s.concludeDryRun(forecast, refused)
		if asks != "" {
			return exitAsks, asks + "\n" + said
		}
		return code, said
	case asks != "":
		return exitAsks, asks + "\nNothing was imported. --dry-run shows what would be done."
	}
	return s.write(ctx, im, checked, refused)
}

// lookAhead counts what the import would do; a dry run reports it.
func (s *session) lookAhead(ctx context.Context, im importer.Importer, checked importer.Checked) (importer.Forecast, error) {
	bar := newProgress(s.out, "looked up", checked.Good(), time.Now)
	defer bar.end()
	return im.Forecast(ctx, checked, s.files, func(r importer.Result) {
		bar.done(r)
		if s.dryRun {
			s.report.result(r)
		}
	})
}

// asks is the question that a flag answers, "" when the run is like any night's.
func (s *session) asks(f importer.Forecast) string {
	var all []string
	if f.EndsMany() && !s.endMissing {
		all = append(all, fmt.Sprintf("The run would end %d of %d running packages. If they have ended, give --end-missing-packages; if not, the export has lost them.", f.Ending, f.Running))
	}
	if f.ChangesMuch() && !s.much {
		all = append(all, fmt.Sprintf("The run would change %d of %d existing customers (%s). If that is right, give --allow-many-changes; if not, look at the columns of the export.",
			f.Altered, f.Existing, counted(f.Fields)))
	}
	return strings.Join(all, "\n")
}

// counted names fields with how many customers they change at.
func counted(fields map[string]int) string {
	var all []string
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		all = append(all, fmt.Sprintf("%s %d", field, fields[field]))
	}
	return strings.Join(all, ", ")
}

func (s *session) concludeDryRun(f importer.Forecast, refused int) (int, string) {
	said := fmt.Sprintf("Dry run, nothing was written: %d would be new, %d brought up to date, %d stay as they are, %d left out.",
		f.Counts[importer.Created], f.Counts[importer.Updated], f.Counts[importer.Unchanged], refused)
	said += leftAlone(f.Counts[importer.Forgotten])
	if len(f.Fields) > 0 {
		said += "\nCustomers by what would change: " + counted(f.Fields) + "."
	}
	if f.Held > 0 {
		said += "\n" + heldPackages
	}
	if f.Held > 0 || refused > 0 {
		return exitFailed, said
	}
	return exitDone, said
}

// leftAlone tells of lines whose customers were forgotten. The operator's administration may have to keep them, so that it is no error.
func leftAlone(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("\n%d customers were left alone: their data were deleted on request. The report names them.", n)
}

const heldPackages = "Packages of customers whose list is empty are left running; --end-missing-packages ends them."

func (s *session) write(ctx context.Context, im importer.Importer, checked importer.Checked, refused int) (int, string) {
	bar := newProgress(s.out, "imported", checked.Good(), time.Now)
	im.Done = func(r importer.Result) {
		bar.done(r)
		s.report.result(r)
	}
	done, err := im.Import(ctx, checked, s.files...)
	bar.end()
	for _, f := range done.Failures[:min(len(done.Failures), mostPrinted)] {
		fmt.Fprintln(s.out, f)
	}
	said := fmt.Sprintf("%d new, %d brought up to date, %d as they were, %d failed, %d left out.", done.Counts[importer.Created],
		done.Counts[importer.Updated], done.Counts[importer.Unchanged], done.Counts[importer.Failed], refused)
	said += leftAlone(done.Counts[importer.Forgotten])
	if done.Held > 0 {
		said += "\n" + heldPackages
	}
	if err != nil {
		code, why := broken(err)
		return code, said + "\n" + why
	}
	if done.Counts[importer.Failed] > 0 || refused > 0 || done.Held > 0 {
		return exitFailed, said
	}
	return exitDone, said
}

// broken says how a run goes on that broke off.
func broken(err error) (int, string) {
	if errors.Is(err, context.Canceled) {
		return exitStopped, "Stopped. Run it again to go on where it stopped."
	}
	return exitFailed, err.Error()
}

func (s *session) refused(p importer.Problem) {
	s.report.refused(p)
	s.print(p.String())
}

func (s *session) warning(p importer.Problem) {
	s.report.warning(p)
	s.print(p.Place.String() + ": warning: " + p.Reason)
}

func (s *session) print(text string) {
	if s.printed++; s.printed <= mostPrinted {
		fmt.Fprintln(s.out, text)
	}
}
