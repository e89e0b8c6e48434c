package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/stack"
	"kundenkonto/shared/table"
)

// export writes all tables to a file: those that pitr made for an instant, or with the zero time the stack's own, which are of one
// instant only while the stack is closed.
func (t tool) export(ctx context.Context, path string, at time.Time) error {
	h, own := head{Stack: t.stack, At: at.UTC()}, at.IsZero()
	if own {
		h.At = t.now().UTC()
	}
	w, err := create(path, h)
	if err != nil {
		return err
	}
	defer w.drop() // half a file has hashes in it, too
	for _, of := range stack.Tables(t.names) {
		name := of.Name
		if !own {
			name = restoredName(name, at)
		}
		if err := t.scan(ctx, name, false, func(item table.Item) error { return w.item(of.ID, item) }); err != nil {
			return err
		}
		t.say("%-14s %8d items", of.ID, w.done.Items[of.ID])
	}
	if err := w.end(); err != nil {
		return err
	}
	until := "delete it when the restore is over"
	if own {
		until = "keep it as long as the audit is kept, for after a restore it is the only trace of what was undone"
	}
	t.say("%s holds all tables as they were at %s.\nIt holds all personal data and all password hashes: keep it on an encrypted disk, give it to nobody, and %s.",
		path, h.At.Format(time.RFC3339), until)
	return nil
}

// importing is one run of import.
type importing struct {
	tool
	path, presentPath, report string
	dryRun, notClosed         bool
	counts                    map[string]int
	lines                     *os.File
}

// errFull is a table that has items already.
var errFull = errors.New("the tables are not empty. Give an export of what is in them as --present, so that it is replaced and what must not be undone stays")

// run writes a file into the tables. With an export of the present it replaces what is there; without one all tables must be empty.
// It can be repeated: what is written depends on the two files alone.
func (i *importing) run(ctx context.Context) error {
	h, m, err := verify(i.path)
	if err != nil {
		return err
	}
	if h.Stack != i.stack && !i.local {
		return fmt.Errorf("%s is of stack %s, not of %s", i.path, h.Stack, i.stack)
	}
	past, err := i.readSince(ctx, h)
	if err != nil {
		return err
	}
	if !past.known {
		if err := i.empty(ctx); err != nil {
			return err
		}
	}
	if i.lines, err = openReport(i.report); err != nil {
		return err
	}
	defer i.lines.Close()
	keys := map[string]map[[16]byte]bool{}
	if err := i.write(ctx, past, keys); err != nil {
		return err
	}
	if past.known {
		if err := i.remove(ctx, keys); err != nil {
			return err
		}
	}
	i.conclude(h, m)
	return i.lines.Close()
}

func (i *importing) readSince(ctx context.Context, h head) (*since, error) {
	past := newSince()
	if i.presentPath == "" {
		return past, nil
	}
	if _, _, err := read(i.path, past.instant); err != nil {
		return nil, err
	}
	p, _, err := verify(i.presentPath)
	if err != nil {
		return nil, err
	}
	if p.Stack != h.Stack || p.At.Before(h.At) {
		return nil, fmt.Errorf("%s is no later state of the same stack", i.presentPath)
	}
	if err := i.newest(ctx, p.At); err != nil {
		return nil, err
	}
	past.known = true
	_, _, err = read(i.presentPath, past.present)
	return past, err
}

// newest refuses an export of a present that is past: what was done after it would be lost without a trace, a no to a merge, too. What
// customers and the service team do notes itself in the audit, and this program writes nothing there, so that a second run is not refused.
func (i *importing) newest(ctx context.Context, present time.Time) error {
	last := ""
	if err := i.scan(ctx, i.names.Audit, true, func(key table.Item) error {
		last = max(last, table.String(key, table.AttrSK))
		return nil
	}); err != nil {
		return err
	}
	if at, _, _ := strings.Cut(last, "#"); at > table.FormatTime(present) && !i.notClosed {
		return fmt.Errorf("%s is of %s, and something was done at %s: close, export the tables again, and give that file as --present", i.presentPath, present.Format(time.RFC3339), at)
	}
	return nil
}

func (i *importing) empty(ctx context.Context) error {
	for _, of := range stack.Tables(i.names) {
		out, err := i.db.Scan(ctx, &dynamodb.ScanInput{TableName: &of.Name, Limit: aws.Int32(1), ConsistentRead: aws.Bool(true)})
		if err != nil {
			return fmt.Errorf("look into %s: %w", of.ID, err)
		}
		if len(out.Items) > 0 {
			return fmt.Errorf("%s: %w", of.ID, errFull)
		}
	}
	return nil
}

// write puts all items of the file, and notes their keys.
func (i *importing) write(ctx context.Context, past *since, keys map[string]map[[16]byte]bool) error {
	batches := map[string]*batch{}
	for _, of := range stack.Tables(i.names) {
		keys[of.ID], batches[of.ID] = map[[16]byte]bool{}, i.batch(ctx, of.Name)
	}
	put := func(of string, item table.Item) {
		k := keySum(item)
		if keys[of][k] {
			return // two puts of one key do not fit into one batch
		}
		keys[of][k] = true
		if !i.dryRun {
			batches[of].put(item)
		}
	}
	stays, told, err := past.stays(i.names.Kept.Outbox, i.now())
	if err != nil {
		return err
	}
	for _, n := range told {
		i.note(n)
	}
	for of, more := range stays { // the present's come first: they stay as they are
		for _, item := range more {
			put(of, item)
		}
	}
	_, _, err = read(i.path, func(of string, item table.Item) error {
		if batches[of] == nil {
			return fmt.Errorf("the file names a table %q that the stack does not have", of)
		}
		if keys[of][keySum(item)] { // the present's is there
			return ctx.Err()
		}
		next, all := past.back(of, item, i.names.Kept.Outbox, i.now())
		for _, n := range all {
			i.note(n)
		}
		if next == nil {
			i.counts["left out: "+of]++
			return nil
		}
		put(of, next)
		return ctx.Err()
	})
	for _, b := range batches {
		err = errors.Join(err, b.end())
	}
	return err
}

// remove deletes what the instant does not have. Counters of tries stay.
func (i *importing) remove(ctx context.Context, keys map[string]map[[16]byte]bool) error {
	for _, of := range stack.Tables(i.names) {
		if of.ID == "Throttle" {
			continue
		}
		b := i.batch(ctx, of.Name)
		err := i.scan(ctx, of.Name, true, func(key table.Item) error {
			if keys[of.ID][keySum(key)] {
				return nil
			}
			i.counts["removed: "+of.ID]++
			pk := table.String(key, table.AttrPK)
			switch {
			case of.ID == "Customers" && table.String(key, table.AttrSK) == table.SKProfile:
				i.note(noted{What: "customer.lost", Number: strings.TrimPrefix(pk, table.Customer(""))})
			case of.ID == "MergeOrders" && strings.HasPrefix(pk, "ORDER#"):
				i.note(noted{What: "order.lost", Order: strings.TrimPrefix(pk, "ORDER#")})
			}
			if !i.dryRun {
				b.delete(key)
			}
			return nil
		})
		if err = errors.Join(err, b.end()); err != nil {
			return err
		}
	}
	return nil
}

func keySum(item table.Item) [16]byte {
	sum := sha256.Sum256([]byte(table.String(item, table.AttrPK) + "\x00" + table.String(item, table.AttrSK)))
	return [16]byte(sum[:16])
}

func openReport(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the report cannot be written: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the report cannot be written: %w", err)
	}
	return file, nil
}

func (i *importing) note(n noted) {
	i.counts[n.What]++
	if n.Number+n.Order+n.Key == "" {
		return // counted only
	}
	text, _ := json.Marshal(n) // strings
	_, _ = i.lines.Write(append(text, '\n'))
}

func (i *importing) conclude(h head, m manifest) {
	total := 0
	for _, n := range m.Items {
		total += n
	}
	word := "The tables are as they were at %s (%d items in the file), but:"
	if i.dryRun {
		word = "Dry run, nothing was written. The tables would be as they were at %s (%d items in the file), but:"
	}
	i.say(word, h.At.Format(time.RFC3339), total)
	for _, what := range slices.Sorted(maps.Keys(i.counts)) {
		i.say("  %8d  %s", i.counts[what], what)
	}
	i.say("Which ones is in %s; it names customers.", i.report)
}
