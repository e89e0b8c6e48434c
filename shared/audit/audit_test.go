package audit_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/table"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestEventsComeNewestFirstInPages(t *testing.T) {
	number := localtest.Number(t)
	for i := range 5 {
		e := audit.Event{Number: number, Action: audit.MasterDataChanged, Actor: number, At: noon.Add(time.Duration(i) * time.Millisecond),
			Order: "K7QX-2M4D", Old: map[string]string{"city": "Berlin"}, New: map[string]string{"city": "Potsdam"}}
		localtest.Put(t, audit.Put(localtest.Names(t), e, rand.Reader))
	}
	s := audit.Store{Store: localtest.Store(t)}
	var got []audit.Event
	for after, pages := "", 0; pages == 0 || after != ""; pages++ {
		events, next, err := s.List(t.Context(), number, after, 2)
		if err != nil || len(events) > 2 {
			t.Fatalf("%d events, %v", len(events), err)
		}
		got, after = append(got, events...), next
	}
	if len(got) != 5 || !got[0].At.Equal(noon.Add(4*time.Millisecond)) || got[4].Old["city"] != "Berlin" || got[4].New["city"] != "Potsdam" {
		t.Errorf("%+v", got)
	}
}

func TestEventsOfOneInstantDoNotReplaceEachOther(t *testing.T) {
	e := audit.Event{Number: localtest.Number(t), Action: audit.PasswordReset, Actor: "system", At: noon}
	s := localtest.Store(t)
	same := bytes.Repeat([]byte{1}, 4)
	localtest.Put(t, audit.Put(s.Names, e, bytes.NewReader(same)), audit.Put(s.Names, e, rand.Reader))
	err := s.Transact(t.Context(), []types.TransactWriteItem{audit.Put(s.Names, e, bytes.NewReader(same))}, "")
	if !errors.Is(err, table.ErrCondition) {
		t.Errorf("written over another: %v", err)
	}
}

func TestACustomersFunctionMayWriteAndNotRead(t *testing.T) {
	s := localtest.StoreFor(t, "passwordreset")
	e := audit.Event{Number: localtest.Number(t), Action: audit.PasswordReset, Actor: "system", At: noon}
	if err := s.Transact(t.Context(), []types.TransactWriteItem{audit.Put(s.Names, e, rand.Reader)}, ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := (audit.Store{Store: s}).List(t.Context(), e.Number, "", 1); err == nil || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("read: %v", err)
	}
}
