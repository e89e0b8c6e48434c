package outbox_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// store is a table of its own: the dispatch of the running cloud would take items out of the real one.
func store(t *testing.T) outbox.Store {
	t.Helper()
	client, name := dynamodb.NewFromConfig(localtest.Admin(t)), "outbox-"+rand.Text()
	attribute := func(name string, kind types.ScalarAttributeType) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: kind}
	}
	key := func(name string, kind types.KeyType) types.KeySchemaElement {
		return types.KeySchemaElement{AttributeName: &name, KeyType: kind}
	}
	_, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest, KeySchema: []types.KeySchemaElement{key("pk", types.KeyTypeHash)},
		AttributeDefinitions: []types.AttributeDefinition{attribute("pk", "S"), attribute("due", "S"), attribute("nextTry", "N")},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String(table.IndexDue), Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
			KeySchema: []types.KeySchemaElement{key("due", types.KeyTypeHash), key("nextTry", types.KeyTypeRange)},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &name})
	})
	return outbox.Store{Store: table.Store{DB: client, Names: table.Names{Outbox: name}}}
}

// put stores an item.
func put(t *testing.T, s outbox.Store) outbox.Item {
	t.Helper()
	item := outbox.Item{Event: outbox.OrderExecuted, Key: rand.Text(), CreatedAt: now, Order: "K7QX-2M4D",
		Recipients: []outbox.Recipient{{Address: "a@x.example", Language: "de", Name: "Anna", Numbers: []string{"10000017"}, Own: true}, {Address: "b@x.example"}},
		Values:     map[string]string{"date": "2026-11-23"}}
	item.ID = table.OutboxID(item.Event, item.Key)
	if err := s.Transact(t.Context(), []types.TransactWriteItem{outbox.Put(s.Names, item)}, ""); err != nil {
		t.Fatal(err)
	}
	return item
}

func stored(t *testing.T, s outbox.Store, id string) outbox.Item {
	t.Helper()
	image, err := s.Get(t.Context(), s.Names.Outbox, table.Outbox(id))
	if err != nil {
		t.Fatal(err)
	}
	item, err := outbox.FromImage(image)
	if err != nil {
		t.Fatal(err)
	}
	return item
}

func TestTheSameEventIsWrittenOnce(t *testing.T) {
	s := store(t)
	item := put(t, s)
	again := item
	again.Recipients[0].Address = "thief@x.example"
	err := s.Transact(t.Context(), []types.TransactWriteItem{outbox.Put(s.Names, again)}, "")
	if !errors.Is(err, table.ErrCondition) {
		t.Errorf("written twice: %v", err)
	}
	got := stored(t, s, item.ID)
	if got.Recipients[0].Address != "a@x.example" || !got.Recipients[0].Own || got.Values["date"] != "2026-11-23" || got.NextTry != now.Add(outbox.RedriveAfter).Unix() {
		t.Errorf("%+v", got)
	}
}

func TestOfManyOneClaims(t *testing.T) {
	s := store(t)
	item := put(t, s)
	var won atomic.Int32
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			switch _, err := s.Claim(t.Context(), item.ID, rand.Text(), now, time.Minute); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, outbox.ErrNotClaimed):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d claimed it", won.Load())
	}
}

func TestALeaseThatEndedIsTakenOverAndItsHolderCannotMark(t *testing.T) {
	s := store(t)
	item := put(t, s)
	first, err := s.Claim(t.Context(), item.ID, "first", now, time.Minute)
	if err != nil || first.Tries != 1 || first.Order != item.Order {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := s.Claim(t.Context(), item.ID, "second", now.Add(time.Minute+time.Second), time.Minute)
	if err != nil || second.Tries != 2 {
		t.Fatalf("%+v, %v", second, err)
	}
	if err := s.Done(t.Context(), first, "", now); !errors.Is(err, outbox.ErrNotClaimed) {
		t.Errorf("the first marked it: %v", err)
	}
	if err := s.Done(t.Context(), second, "ses-1", now.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, s, item.ID); got.DoneAt.IsZero() || got.MessageID != "ses-1" || got.Due != "" || got.NextTry != 0 || got.LeaseID != "" {
		t.Errorf("%+v", got)
	}
	if _, err := s.Claim(t.Context(), item.ID, "third", now.Add(time.Hour), time.Minute); !errors.Is(err, outbox.ErrNotClaimed) {
		t.Errorf("claimed what is done: %v", err)
	}
}

func TestAFailureIsDueAgainAndGivenUpIsNot(t *testing.T) {
	s := store(t)
	item := put(t, s)
	shard := table.Shard(item.ID)
	due := func(at time.Time) bool {
		t.Helper()
		ids, err := s.Due(t.Context(), shard, at, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(ids, item.ID)
	}
	if due(now) || !due(now.Add(outbox.RedriveAfter)) {
		t.Error("a new one is due after five minutes")
	}
	claimed, err := s.Claim(t.Context(), item.ID, "lease", now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if due(now.Add(59*time.Second)) || !due(now.Add(62*time.Second)) {
		t.Error("one whose holder died is due after the lease")
	}
	if err := s.Failed(t.Context(), claimed, "SES refused", now.Add(outbox.Backoff(1))); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, s, item.ID); got.LastError != "SES refused" || got.Tries != 1 {
		t.Errorf("%+v", got)
	}
	claimed, err = s.Claim(t.Context(), item.ID, "lease2", now.Add(time.Minute), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.GiveUp(t.Context(), claimed, "no such address", now); err != nil {
		t.Fatal(err)
	}
	if due(now.AddDate(1, 0, 0)) || stored(t, s, item.ID).GivenUpAt.IsZero() {
		t.Error("one given up on is still due")
	}
}

func TestBackoffGrowsToSixHours(t *testing.T) {
	for tries, want := range map[int64]time.Duration{0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 5: 16 * time.Minute, 10: 6 * time.Hour, 1000: 6 * time.Hour} {
		if got := outbox.Backoff(tries); got != want {
			t.Errorf("after %d tries %v, want %v", tries, got, want)
		}
	}
}

func TestEachRecipientHasAnItemOfItsOwn(t *testing.T) {
	item := outbox.Item{Event: outbox.OrderExecuted, Key: "K7QX-2M4D", CreatedAt: now}
	a, b := item.For(outbox.Recipient{Address: "a@x.example"}), item.For(outbox.Recipient{Address: "b@x.example"})
	if a.Key == b.Key || a.Key == item.Key || len(a.Recipients) != 1 || a.Key != item.For(a.Recipients[0]).Key {
		t.Errorf("%q and %q", a.Key, b.Key)
	}
}
