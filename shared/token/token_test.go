package token_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func made(t *testing.T) (string, token.Token) {
	t.Helper()
	want := token.Token{Purpose: token.PurposeReset, Subject: localtest.Number(t), Epoch: 4, Expires: now.Add(time.Hour), Values: map[string]string{"order": "K7QX-2M4D"}}
	secret, err := token.Store{Store: localtest.StoreFor(t, "dispatch")}.Make(t.Context(), rand.Reader, want)
	if err != nil {
		t.Fatal(err)
	}
	return secret, want
}

func TestATokenIsFoundByItsSecretAndConsumedOnce(t *testing.T) {
	s := token.Store{Store: localtest.StoreFor(t, "passwordreset")}
	secret, want := made(t)
	if len(secret) != 43 {
		t.Errorf("a secret of %d characters is not 256 bit", len(secret))
	}
	got, key, err := s.Find(t.Context(), secret, token.PurposeReset, now)
	if err != nil || got.Subject != want.Subject || got.Epoch != 4 || got.Values["order"] != "K7QX-2M4D" {
		t.Fatalf("%+v, %v", got, err)
	}
	consume := []types.TransactWriteItem{token.Consume(s.Names, key, now)}
	if err := s.Transact(t.Context(), consume, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Transact(t.Context(), consume, ""); !errors.Is(err, table.ErrCondition) {
		t.Errorf("consumed twice: %v", err)
	}
	if _, _, err := s.Find(t.Context(), secret, token.PurposeReset, now); !errors.Is(err, token.ErrNotFound) {
		t.Errorf("found after it: %v", err)
	}
}

func TestATokenThatIsNotGoodIsNotFound(t *testing.T) {
	s := token.Store{Store: localtest.StoreFor(t, "passwordreset")}
	secret, _ := made(t)
	for name, c := range map[string]struct {
		secret, purpose string
		at              time.Time
	}{
		"made up":           {"x", token.PurposeReset, now},
		"empty":             {"", token.PurposeReset, now},
		"for another thing": {secret, token.PurposeVeto, now},
		"expired":           {secret, token.PurposeReset, now.Add(time.Hour)},
	} {
		if _, _, err := s.Find(t.Context(), c.secret, c.purpose, c.at); !errors.Is(err, token.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	expired := []types.TransactWriteItem{token.Consume(s.Names, table.Hash(secret), now.Add(time.Hour))}
	if err := s.Transact(t.Context(), expired, ""); !errors.Is(err, table.ErrCondition) {
		t.Errorf("an expired one was consumed: %v", err)
	}
}

func TestTheSecretIsNotStored(t *testing.T) {
	secret, _ := made(t)
	item, err := localtest.Store(t).Get(t.Context(), localtest.Names(t).Tokens, table.Token(secret))
	if err != nil || item == nil {
		t.Fatalf("%v, %v", item, err)
	}
	for name := range item {
		if strings.Contains(table.String(item, name), secret) {
			t.Errorf("%s holds the secret", name)
		}
	}
	if table.Int(item, table.AttrTTL) < now.Add(time.Hour).Unix() {
		t.Error("it would be deleted before it ends")
	}
}

func TestNoTokenWithoutRandomness(t *testing.T) {
	s := token.Store{Store: localtest.StoreFor(t, "dispatch")}
	if _, err := s.Make(t.Context(), bytes.NewReader(make([]byte, 31)), token.Token{}); err == nil {
		t.Error("made with 31 bytes")
	}
}
