package outbox_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

var window = outbox.Window{Name: "password.changed#10000017#x", Until: now.Add(10*time.Minute + 500*time.Millisecond)}

// noticed is the mail of one recipient about the n-th change.
func noticed(n int) outbox.Item {
	return outbox.Item{ID: fmt.Sprint("password.changed#10000017#", n), Event: outbox.PasswordChanged, Key: fmt.Sprintf("10000017#%d", n), CreatedAt: now,
		Values: map[string]string{outbox.ValueNumber: "10000017"}}.For(outbox.Recipient{Address: "a@x.example"})
}

// collecting are the items of a window that collect, by their ids.
func collecting(t *testing.T, fake *tablefake.Fake) map[string]outbox.Item {
	t.Helper()
	found := map[string]outbox.Item{}
	fake.Items("Outbox", func(image tablefake.Item) {
		item, err := outbox.FromImage(tablefake.Decode(image))
		if err != nil {
			t.Fatal(err)
		}
		if len(item.Collected) > 0 {
			found[item.ID] = item
		}
	})
	return found
}

func TestWhatIsCollectedWaitsForTheEndOfItsWindow(t *testing.T) {
	fake := tablefake.New()
	s := outbox.Store{Store: fake.Store()}
	for range 2 { // a repeated one is the same
		for n := range 3 {
			if err := s.Collect(t.Context(), noticed(n), window); err != nil {
				t.Fatal(err)
			}
		}
	}
	all := collecting(t, fake)
	if len(all) != 1 {
		t.Fatalf("%d items collect", len(all))
	}
	for id, item := range all {
		if len(item.Collected) != 3 || item.Parent == "" || item.Due != table.DueShard(id) || item.Tries != 0 {
			t.Errorf("%+v", item)
		}
		if _, err := s.Claim(t.Context(), id, "early", window.Until, time.Minute); !errors.Is(err, outbox.ErrNotClaimed) {
			t.Errorf("claimed within the window: %v", err)
		}
		if _, err := s.Claim(t.Context(), id, "lease", window.Until.Add(time.Second), time.Minute); err != nil {
			t.Errorf("not claimed after it: %v", err)
		}
	}
	if _, err := s.Claim(t.Context(), table.OutboxID(outbox.PasswordChanged, noticed(1).Key), "lease", now.Add(time.Hour), time.Minute); !errors.Is(err, outbox.ErrNotClaimed) {
		t.Errorf("what is collected goes out by itself, too: %v", err)
	}
	// It may have been read by now: what comes later would be lost in it.
	if err := s.Collect(t.Context(), noticed(7), window); !errors.Is(err, outbox.ErrWindowOver) {
		t.Errorf("laid to a mail that may have gone out: %v", err)
	}
	if _, err := s.Find(t.Context(), table.OutboxID(outbox.PasswordChanged, noticed(7).Key)); !errors.Is(err, outbox.ErrNotFound) {
		t.Errorf("and its own item was written: %v", err)
	}
}

// S21: what was collected ends, and not before the item that tells it may have been put back for the last time.
func TestWhatIsCollectedEndsWithTheItemThatTellsIt(t *testing.T) {
	s := outbox.Store{Store: tablefake.New().Store()}
	s.Names.Kept.Outbox = ninety
	if err := s.Collect(t.Context(), noticed(1), window); err != nil {
		t.Fatal(err)
	}
	if mail, err := s.Find(t.Context(), table.OutboxID(outbox.PasswordChanged, noticed(1).Key)); err != nil || mail.TTL != window.Until.Add(ninety).Unix() {
		t.Errorf("%+v, %v", mail, err)
	}
}

// A flood fills no item over DynamoDB's limit.
func TestMoreThanOneItemTakesGoesIntoAnother(t *testing.T) {
	fake := tablefake.New()
	s := outbox.Store{Store: fake.Store()}
	for n := range 1003 {
		if err := s.Collect(t.Context(), noticed(n), window); err != nil {
			t.Fatal(err)
		}
	}
	total := 0
	all := collecting(t, fake)
	for _, item := range all {
		total += len(item.Collected)
	}
	if len(all) != 2 || total != 1003 {
		t.Errorf("%d items collect %d", len(all), total)
	}
}
