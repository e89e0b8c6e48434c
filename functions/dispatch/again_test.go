package dispatch

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// M9: a mail that SES refuses is shown to the service team, which puts it back; then it goes out once.
func TestAMailThatWasGivenUpOnIsListedAndGoesOutOnceWhenPutBack(t *testing.T) {
	d, _ := onCloud(t)
	address := localtest.Number(t) + "@again.example"
	id := child(t, outbox.PasswordChanged, address)
	for range maxTries {
		d.SES.(*fakeSES).fail = []error{&smithy.GenericAPIError{Code: "MessageRejected", Fault: smithy.FaultClient}}
		d.item(t.Context(), id)
	}
	desk := outbox.Store{Store: localtest.StoreFor(t, "review")}
	listed := func() bool {
		var before time.Time
		for {
			items, next, err := desk.GivenUp(t.Context(), before, 3)
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(items, func(i outbox.Item) bool { return i.ID == id }) {
				return true
			}
			if before = next; next.IsZero() {
				return false
			}
		}
	}
	if !listed() {
		t.Fatal("it is not shown to the service team")
	}
	item, err := desk.Find(t.Context(), id)
	if err != nil || item.LastError != "MessageRejected" {
		t.Fatalf("%+v, %v", item, err)
	}
	again := func() error {
		return desk.Transact(t.Context(), []types.TransactWriteItem{outbox.Again(desk.Names, item, d.Now())}, "")
	}
	d.item(t.Context(), id)
	if n := len(d.SES.(*fakeSES).to(address)); n != 0 {
		t.Fatalf("%d mails went out of what was given up on", n)
	}
	if err := again(); err != nil {
		t.Fatal(err)
	}
	if err := again(); !errors.Is(err, table.ErrCondition) {
		t.Errorf("a second click: %v", err)
	}
	if back := read(t, id); back.Tries != 0 || !back.GivenUpAt.IsZero() || listed() {
		t.Errorf("%+v", back)
	}
	d.item(t.Context(), id)
	d.item(t.Context(), id)
	if err := again(); !errors.Is(err, table.ErrCondition) {
		t.Errorf("a click after it went out: %v", err)
	}
	if n := len(d.SES.(*fakeSES).to(address)); n != 1 || read(t, id).DoneAt.IsZero() {
		t.Errorf("%d mails, want 1", n)
	}
}
