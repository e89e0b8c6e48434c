package audit

import "context"

// Choose reads up to limit events of a number that keep takes, newest first. It stops after a bounded number of events
// looked at; next is then where to go on, "" at the end.
func (s Store) Choose(ctx context.Context, number, after string, limit int, keep func(Event) bool) (events []Event, next string, err error) {
	for range maxReads {
		page, cursor, err := s.List(ctx, number, after, readSize)
		if err != nil {
			return nil, "", err
		}
		for i, e := range page {
			if !keep(e) {
				continue
			}
			if events = append(events, e); len(events) == limit {
				if i == len(page)-1 {
					return events, cursor, nil
				}
				return events, e.Cursor, nil
			}
		}
		if cursor == "" {
			return events, "", nil
		}
		after = cursor
	}
	return events, after, nil
}

// Bounds of Choose: events a read, and reads.
const (
	readSize = 100
	maxReads = 10
)
