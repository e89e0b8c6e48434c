package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kundenkonto/infra/importer"
)

// reportFile is what is left of a run to be reviewed: JSON Lines, written as things happen, so that a run that was killed leaves
// what it did. It holds names and addresses of customers and is for its owner's eyes only; bank data have their ends only.
type reportFile struct {
	file *os.File
	err  error // the first one; a report that cannot be written does not stop a run, and is told at its end
}

// entry is one line of the report. Outcome is begin, end, refused, warning, or an importer.Outcome.
type entry struct {
	Outcome string            `json:"outcome"`
	Number  string            `json:"number,omitempty"`
	File    string            `json:"file,omitempty"`
	Line    int               `json:"line,omitempty"`
	Reason  string            `json:"reason,omitempty"`
	Changes []importer.Change `json:"changes,omitempty"`
	At      *time.Time        `json:"at,omitempty"`
	DryRun  bool              `json:"dryRun,omitempty"`
	Files   []string          `json:"files,omitempty"`
}

func openReport(o options, now time.Time) (*reportFile, error) {
	if err := os.MkdirAll(filepath.Dir(o.report), 0o700); err != nil {
		return nil, fmt.Errorf("the report cannot be written: %w", err)
	}
	file, err := os.OpenFile(o.report, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the report cannot be written: %w", err)
	}
	r := &reportFile{file: file}
	var names []string
	for _, f := range o.files {
		names = append(names, f.Name)
	}
	r.add(entry{Outcome: "begin", At: &now, DryRun: o.dryRun, Files: names})
	return r, nil
}

func (r *reportFile) add(e entry) {
	line, err := json.Marshal(e)
	if err == nil {
		_, err = r.file.Write(append(line, '\n'))
	}
	if r.err == nil {
		r.err = err
	}
}

func (r *reportFile) refused(p importer.Problem) { r.problem("refused", p) }
func (r *reportFile) warning(p importer.Problem) { r.problem("warning", p) }

func (r *reportFile) problem(outcome string, p importer.Problem) {
	r.add(entry{Outcome: outcome, Number: p.Number, File: p.File, Line: p.Line, Reason: p.Reason})
}

// result notes what became of a customer. Those that stay as they are are counted only.
func (r *reportFile) result(done importer.Result) {
	e := entry{Outcome: done.Outcome.String(), Number: done.Number, File: done.File, Line: done.Line, Reason: done.Note, Changes: done.Changes}
	if done.Err != nil {
		e.Reason = done.Err.Error()
	}
	if done.Outcome != importer.Unchanged || e.Reason != "" {
		r.add(e)
	}
}

func (r *reportFile) end(said string, now time.Time) error {
	r.add(entry{Outcome: "end", Reason: said, At: &now})
	if err := r.file.Close(); r.err == nil {
		r.err = err
	}
	return r.err
}
