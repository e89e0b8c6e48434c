package session

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
)

// S9: what a session that ended keeps is one item, however often its cookie is sent.
func TestAVoidSessionHasOnePlaceForInput(t *testing.T) {
	fake := tablefake.New()
	s, now := Store{Store: fake.Store()}, time.Now()
	first, err := s.keep(t.Context(), "the cookie of a session", "10000017", "/account/master-data", map[string]string{"street": "Weg 1"}, now)
	if err != nil || first == nil {
		t.Fatal(first, err)
	}
	state := fake.Clone()
	kept := 1
	for n := range 60 {
		cookie, err := s.keep(t.Context(), "the cookie of a session", "10000017", "/account/master-data", map[string]string{"street": fmt.Sprint("Weg ", n)}, now)
		if err != nil {
			t.Fatal(err)
		}
		if cookie != nil {
			kept++
		}
	}
	places := 0
	fake.Changed(state, func(string, tablefake.Item) { places++ }, func(string, tablefake.Item) { places++ })
	if kept != maxKeptTimes || places != 1 {
		t.Errorf("kept %d times in %d places, want %d in the one", kept, places, maxKeptTimes)
	}
	secret, _, _ := bytes.Cut([]byte(first.Value), []byte("."))
	fields, err := s.takeKept(t.Context(), string(secret), "10000017", "/account/master-data", now)
	if err != nil || fields["street"] != "Weg 8" {
		t.Errorf("the last that was kept: %v, %v", fields, err)
	}
	if other, err := s.keep(t.Context(), "the cookie of another", "10000017", "/account/master-data", map[string]string{"street": "Weg 1"}, now); err != nil || other == nil || other.Value == first.Value {
		t.Errorf("another session's: %v, %v", other, err)
	}
}

// S9: a form finds its customer for eight hours after the session ended, by whichever limit.
func TestAnEndedSessionIsRememberedForEightHours(t *testing.T) {
	s, began := Store{Store: tablefake.New().Store()}, time.Now()
	value, one, err := New(rand.Reader, began, Start{Number: "10000017"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Transact(context.Background(), []types.TransactWriteItem{Put(s.Names, one)}, ""); err != nil {
		t.Fatal(err)
	}
	ended := began.Add(Idle)
	for after, want := range map[time.Duration]string{-time.Minute: "10000017", 0: "10000017", 8*time.Hour - time.Second: "10000017", 8 * time.Hour: "", 20 * time.Hour: ""} {
		if number, err := s.endedOf(t.Context(), value, ended.Add(after)); err != nil || number != want {
			t.Errorf("%v after its end: %q, %v", after, number, err)
		}
	}
	if number, err := s.endedOf(t.Context(), "made up", ended); err != nil || number != "" {
		t.Errorf("made up: %q, %v", number, err)
	}
}
