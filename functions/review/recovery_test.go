package review_test

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"kundenkonto/functions/review/customers"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

func TestARecoveryIsStartedOnceAndOnlyOfASecondFactor(t *testing.T) {
	p := newCustomer(t, "anna@a.example")
	d := roleOf(t)
	factors := secondfactor.Store{Store: localtest.Store(t)}
	begin := func(id string) error {
		return d.Recoveries.Begin(t.Context(), p, customers.Recovery{ID: id, By: "staff:eva", Reason: "Rückruf", At: time.Now()}, rand.Reader)
	}
	if err := begin("r0"); !errors.Is(err, table.ErrCondition) {
		t.Fatalf("without a second factor: %v", err)
	}
	none, err := factors.Get(t.Context(), p.Number)
	if err != nil || none.Exists {
		t.Fatalf("%+v, %v", none, err)
	}
	secret, err := secondfactor.NewSecret(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	before := time.Now().Add(-time.Hour)
	set, err := none.Begin(secret, before).Confirm(secondfactor.Code(secret, before), []string{"x"}, before)
	if err != nil {
		t.Fatal(err)
	}
	localtest.Put(t, secondfactor.Save(localtest.Names(t), none, set))
	if err := begin("r1"); err != nil {
		t.Fatal(err)
	}
	if err := begin("r2"); !errors.Is(err, table.ErrCondition) {
		t.Errorf("a second one at the same time: %v", err)
	}
	f, err := factors.Get(t.Context(), p.Number)
	if err != nil || f.Recovery.ID != "r1" || f.Secret != secret || f.Recovery.EndAt.Before(time.Now().Add(71*time.Hour)) {
		t.Errorf("%+v, %v", f.Recovery, err)
	}
	events, _, err := audit.Store{Store: localtest.Store(t)}.Choose(t.Context(), p.Number, "", 1, audit.NotMail)
	if err != nil || len(events) != 1 || events[0].Action != audit.FactorRecoveryStarted || events[0].Actor != "staff:eva" || events[0].New["reason"] != "Rückruf" {
		t.Errorf("%+v, %v (S13)", events, err)
	}
	item, err := localtest.Store(t).Get(t.Context(), localtest.Names(t).Outbox, table.Outbox(table.OutboxID(outbox.FactorRecoveryStarted, p.Number+"#r1")))
	if err != nil || item == nil {
		t.Fatalf("no mail: %v", err)
	}
	if told, err := outbox.FromImage(item); err != nil || told.Values["reason"] != "" || told.Recipients[0].Address != p.Email {
		t.Errorf("%+v, %v", told, err)
	}
}
