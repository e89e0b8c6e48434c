package order_test

import (
	"errors"
	"testing"

	"kundenkonto/shared/order"
)

func TestABounceAndTheNoteOfItsMailMeet(t *testing.T) { // M4, M9
	a := order.Announcement{Order: "K7QX-2M4D", Item: "order.announced#K7QX-2M4D#1", Numbers: []string{"10000025"}}
	t.Run("the note first", func(t *testing.T) {
		s := newHistory(1, 1, 0).calm
		for range 2 {
			if failed, err := s.NoteAnnouncement(t.Context(), "m", a); err != nil || failed != "" {
				t.Fatalf("failed %q, %v", failed, err)
			}
		}
		for range 2 {
			if got, err := s.NoteFailure(t.Context(), "m", order.Bounced); err != nil || got.Item != a.Item || len(got.Numbers) != 1 {
				t.Errorf("found %+v, %v", got, err)
			}
		}
	})
	t.Run("the bounce first", func(t *testing.T) {
		s := newHistory(1, 1, 0).calm
		for range 2 {
			if _, err := s.NoteFailure(t.Context(), "m", order.Bounced); !errors.Is(err, order.ErrNotFound) {
				t.Errorf("an unknown mail: %v", err)
			}
		}
		for range 2 {
			if failed, err := s.NoteAnnouncement(t.Context(), "m", a); err != nil || failed != order.Bounced {
				t.Errorf("failed %q, %v", failed, err)
			}
		}
		if got, err := s.NoteFailure(t.Context(), "m", order.Complained); err != nil || got.Item != a.Item {
			t.Errorf("another word of it: %+v, %v", got, err)
		}
	})
}
