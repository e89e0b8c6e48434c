package audit

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/table"
)

// ChooseOf is Choose for several numbers together, in one round of parallel reads. What one transaction wrote for more than
// one of them is told once, for the number that was named first. A page has a few events more than limit where it would
// end within an instant, so that it tears nothing apart. Its cursor is a time, which stays good whatever numbers are asked.
func (s Store) ChooseOf(ctx context.Context, numbers []string, after string, limit int, keep func(Event) bool) (events []Event, next string, err error) {
	found, cursors := make([][]Event, len(numbers)), make([]string, len(numbers))
	group, ctx := errgroup.WithContext(ctx)
	for i, number := range numbers {
		group.Go(func() (err error) {
			found[i], cursors[i], err = s.Choose(ctx, number, after, limit+sameInstant, keep)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, "", err
	}
	events = slices.Concat(found...)
	slices.SortStableFunc(events, func(a, b Event) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(a.Action, b.Action)
	})
	// Below the highest cursor one of the numbers was not read yet, so that the page ends above its instant.
	if floor := instantOf(slices.Max(append(cursors, ""))); floor != "" {
		events = slices.DeleteFunc(events, func(e Event) bool { return instantOf(e.Cursor) <= floor })
		if next = floor + "#~"; next == after { // more at one instant than is read at once
			next = floor + "#"
		}
	}
	if end := endOfPage(events, limit); end < len(events) {
		events, next = events[:end], instantOf(events[end-1].Cursor)+"#"
	}
	return once(events), next, nil
}

// sameInstant is more than any transaction writes for one number.
const sameInstant = 50

// instantOf is the time in a cursor, "" in none.
func instantOf(cursor string) string {
	instant, _, _ := strings.Cut(cursor, "#")
	if _, err := time.Parse(table.TimeLayout, instant); err != nil {
		return ""
	}
	return instant
}

// endOfPage is where a page of about limit events ends: behind all of the same instant.
func endOfPage(events []Event, limit int) int {
	end := min(limit, len(events))
	for end > 0 && end < len(events) && events[end].At.Equal(events[end-1].At) {
		end++
	}
	return end
}

// once leaves out what the event before it told of the same order at the same instant.
func once(events []Event) []Event {
	return slices.CompactFunc(events, func(a, b Event) bool {
		return a.Order != "" && a.Order == b.Order && a.Action == b.Action && a.At.Equal(b.At)
	})
}
