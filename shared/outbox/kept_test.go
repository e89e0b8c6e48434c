package outbox_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// inMemory is an outbox that keeps for a while, with one claimed item that was written a day ago.
func inMemory(t *testing.T, kept time.Duration) (outbox.Store, outbox.Item) {
	t.Helper()
	s := outbox.Store{Store: tablefake.New().Store()}
	s.Names.Kept.Outbox = kept
	item := outbox.Item{Event: outbox.OrderExecuted, Key: "K7QX-2M4D", CreatedAt: now.Add(-24 * time.Hour), Recipients: []outbox.Recipient{{Address: "a@x.example"}}}
	if err := s.Transact(t.Context(), []types.TransactWriteItem{outbox.Put(s.Names, item)}, ""); err != nil {
		t.Fatal(err)
	}
	item, err := s.Claim(t.Context(), table.OutboxID(item.Event, item.Key), "lease", now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return s, item
}

const ninety = 90 * 24 * time.Hour

// S21: addresses do not stay in the outbox for ever.
func TestWhatIsDoneEndsAfterItsTime(t *testing.T) {
	for kept, want := range map[time.Duration]int64{ninety: now.Add(ninety).Unix(), 0: 0} {
		s, item := inMemory(t, kept)
		if item.TTL != 0 {
			t.Errorf("%v: what is under way ends at %d", kept, item.TTL)
		}
		if err := s.Done(t.Context(), item, "m1", now); err != nil {
			t.Fatal(err)
		}
		if got := stored(t, s, item.ID); got.TTL != want || got.DoneAt.IsZero() {
			t.Errorf("%v: %+v, want an end at %d", kept, got, want)
		}
	}
}

// M9: an event that is put back must still find the mails that were split from it, or it writes to everybody once more.
func TestWhatWasGivenUpOnEndsBeforeTheMailsThatWereSplitFromIt(t *testing.T) {
	s, event := inMemory(t, ninety)
	if err := s.PutOnce(t.Context(), event.For(event.Recipients[0])); err != nil {
		t.Fatal(err)
	}
	mail := event.For(event.Recipients[0])
	mail, err := s.Claim(t.Context(), table.OutboxID(mail.Event, mail.Key), "other", now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Done(t.Context(), mail, "m1", now), s.GiveUp(t.Context(), event, "flood", now.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	given := stored(t, s, event.ID)
	if done := stored(t, s, mail.ID); given.TTL == 0 || given.TTL > done.TTL {
		t.Errorf("the event ends at %d, its mail at %d", given.TTL, done.TTL)
	}
	if end := time.Unix(given.TTL, 0); given.TooOld(end.Add(-3*24*time.Hour)) || !given.TooOld(end.Add(-24*time.Hour)) || !given.TooOld(end.Add(time.Hour)) {
		t.Errorf("which is too old %+v", given)
	}
	if err := s.Transact(t.Context(), []types.TransactWriteItem{outbox.Again(s.Names, given, now)}, ""); err != nil {
		t.Fatal(err)
	}
	if back := stored(t, s, event.ID); back.TTL != 0 || back.Due != table.DueShard(event.ID) {
		t.Errorf("put back: %+v", back)
	}
}
