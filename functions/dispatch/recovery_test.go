package dispatch

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// recovering is a customer whose second factor is taken away at a time.
func recovering(t *testing.T, end time.Time) (p customer.Profile, itemID string) {
	t.Helper()
	p = localtest.Customer(t, "ein gutes Kundenpasswort")
	names, before := localtest.Names(t), time.Now().Add(-time.Hour)
	secret, err := secondfactor.NewSecret(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	none := secondfactor.Factor{Number: p.Number}
	set, err := none.Begin(secret, before).Confirm(secondfactor.Code(secret, before), []string{"x"}, before)
	if err != nil {
		t.Fatal(err)
	}
	localtest.Put(t, secondfactor.Save(names, none, set))
	r := secondfactor.Recovery{ID: "r1", EndAt: end, By: "staff:eva"}
	localtest.Put(t, secondfactor.StartRecovery(names, p.Number, r), secondfactor.EndWhenDue(names, p.Number, r, time.Now()))
	return p, table.OutboxID(outbox.FactorRecoveryDue, p.Number+"#r1")
}

func factorOf(t *testing.T, number string) secondfactor.Factor {
	t.Helper()
	f, err := secondfactor.Store{Store: localtest.Store(t)}.Get(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// recovered are the audit events of recoveries that were ended.
func recovered(t *testing.T, number string) []audit.Event {
	t.Helper()
	events, _, err := audit.Store{Store: localtest.Store(t)}.List(t.Context(), number, "", 50)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(events, func(e audit.Event) bool { return e.Action != audit.FactorRecovered })
}

func TestARecoveryIsEndedAtItsTimeOnceAndNeverEarlier(t *testing.T) {
	d, _ := onCloud(t)
	end := time.Now().Add(72 * time.Hour)
	p, id := recovering(t, end)
	for _, early := range []time.Duration{-72 * time.Hour, -time.Hour, -time.Second} {
		d.Now = func() time.Time { return end.Add(early) }
		d.item(t.Context(), id)
		if f := factorOf(t, p.Number); f.Secret == "" || !f.Recovery.Running() || len(recovered(t, p.Number)) > 0 {
			t.Fatalf("%v before its time: %+v", early, f)
		}
	}
	d.Now = func() time.Time { return end.Add(time.Second) }
	for range 3 {
		if err := d.redriveShard(t.Context(), table.Shard(id), make(chan struct{}, 1)); err != nil {
			t.Fatal(err)
		}
		d.item(t.Context(), id)
	}
	if f := factorOf(t, p.Number); f.Secret != "" || len(f.Codes) > 0 || f.Recovery.Running() || f.Draft != "" {
		t.Errorf("%+v", f)
	}
	if done := recovered(t, p.Number); len(done) != 1 || done[0].Actor != "staff:eva" {
		t.Errorf("audit: %+v", done)
	}
	told := read(t, table.OutboxID(outbox.FactorRecovered, p.Number+"#r1"))
	if len(told.Recipients) != 1 || told.Recipients[0].Address != p.Email {
		t.Errorf("mail: %+v", told)
	}
	if done := read(t, id); done.DoneAt.IsZero() || done.LastError != "" {
		t.Errorf("%+v", done)
	}
}

func TestARecoveryThatWasStoppedOrReplacedIsNotEnded(t *testing.T) {
	d, _ := onCloud(t)
	end := time.Now().Add(72 * time.Hour)
	d.Now = func() time.Time { return end.Add(time.Second) }
	p, id := recovering(t, end)
	f := factorOf(t, p.Number)
	localtest.Put(t, secondfactor.Save(localtest.Names(t), f, f.Stopped()))
	localtest.Put(t, secondfactor.StartRecovery(localtest.Names(t), p.Number, secondfactor.Recovery{ID: "r2", EndAt: end.Add(time.Hour), By: "staff:eva"}))
	d.item(t.Context(), id)
	if f := factorOf(t, p.Number); f.Secret == "" || f.Recovery.ID != "r2" {
		t.Errorf("%+v", f)
	}
	if len(recovered(t, p.Number)) > 0 || read(t, id).DoneAt.IsZero() {
		t.Error("told, or not done with")
	}
}

func TestTheEndOfARecoveryPutsOutWhoeverIsInAndTakesThePasskeys(t *testing.T) {
	d, _ := dispatcher(t)
	d.Tables = tablefake.New().Store()
	names, p := d.Tables.Names, customer.Profile{Number: "10000017", Email: "anna@schaefer.example", Version: 1}
	none := secondfactor.Factor{Number: p.Number}
	set := none
	set.Secret, set.Since, set.Passkeys = "geheim", time.Now(), []secondfactor.Passkey{{ID: "a", Name: "Fremdes Telefon", Record: "{}"}}
	for _, items := range [][]types.TransactWriteItem{
		{customer.PutNew(names, p), credential.SetPassword(names, credential.Credential{Subject: table.Customer(p.Number)}, "hash", false, time.Now()), secondfactor.Save(names, none, set)},
		{secondfactor.StartRecovery(names, p.Number, secondfactor.Recovery{ID: "r1", EndAt: time.Now(), By: "staff:eva"})},
	} {
		if err := d.Tables.Transact(t.Context(), items, ""); err != nil {
			t.Fatal(err)
		}
	}
	item := outbox.Item{Event: outbox.FactorRecoveryDue, Values: map[string]string{outbox.ValueNumber: p.Number, secondfactor.ValueID: "r1", secondfactor.ValueBy: "staff:eva"}}
	for range 2 { // once more has no second effect (M9)
		if err := d.endRecovery(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	f, err := secondfactor.Store{Store: d.Tables}.Get(t.Context(), p.Number)
	if err != nil || f.Secret != "" || len(f.Passkeys) > 0 || f.Recovery.Running() {
		t.Errorf("%+v, %v", f, err)
	}
	now, err := customer.Store{Store: d.Tables}.Profile(t.Context(), p.Number)
	c, err2 := credential.Store{Store: d.Tables}.Get(t.Context(), table.Customer(p.Number))
	if err != nil || err2 != nil || now.Epoch != 1 || c.Epoch != 1 || c.Hash != "hash" {
		t.Errorf("epochs are %d and %d, %v, %v (S8)", now.Epoch, c.Epoch, err, err2)
	}
}

// warning is a recovery on tables in memory whose warning is about to be sent, an hour after it began.
func warning(t *testing.T) (d Dispatcher, item outbox.Item) {
	t.Helper()
	d, _ = dispatcher(t)
	d.Tables = tablefake.New().Store()
	begun, p := d.Now().Add(-time.Hour), customer.Profile{Number: "10000017", Email: "anna@schaefer.example", Version: 1}
	d.Orders = order.Store{Store: d.Tables, Now: d.Now}
	set := secondfactor.Factor{Number: p.Number, Secret: "geheim", Since: time.Now()}
	r := secondfactor.Recovery{ID: "r1", EndAt: begun.Add(72 * time.Hour), By: "staff:eva", At: begun}
	item = outbox.Item{ID: "warning", Event: outbox.FactorRecoveryStarted, Parent: "parent", CreatedAt: begun, LeaseID: "test", MessageID: "message-1",
		Recipients: []outbox.Recipient{{Address: p.Email, Numbers: []string{p.Number}, Own: true}},
		Values:     map[string]string{outbox.ValueNumber: p.Number, secondfactor.ValueID: r.ID, secondfactor.ValueBy: r.By, secondfactor.ValueEnd: table.FormatTime(r.EndAt)}}
	for _, items := range [][]types.TransactWriteItem{
		{customer.PutNew(d.Tables.Names, p), secondfactor.Save(d.Tables.Names, secondfactor.Factor{Number: p.Number}, set)},
		{secondfactor.StartRecovery(d.Tables.Names, p.Number, r)},
	} {
		if err := d.Tables.Transact(t.Context(), items, ""); err != nil {
			t.Fatal(err)
		}
	}
	return d, item
}

func (d Dispatcher) recovery(t *testing.T) secondfactor.Recovery {
	t.Helper()
	f, err := secondfactor.Store{Store: d.Tables}.Get(t.Context(), "10000017")
	if err != nil || f.Secret == "" {
		t.Fatalf("%+v, %v", f, err)
	}
	return f.Recovery
}

func TestTheWaitingTimeOfARecoveryBeginsWithItsWarning(t *testing.T) {
	d, item := warning(t)
	id := table.OutboxID(outbox.FactorRecoveryDue, "10000017#r1")
	due := func() table.Item {
		found, err := d.Tables.Get(t.Context(), d.Tables.Names.Outbox, table.Outbox(id))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if due() != nil || d.recovery(t).Due(d.Now().AddDate(0, 0, 20)) {
		t.Fatal("it ends although nobody was warned")
	}
	end := d.Now().Add(72 * time.Hour)
	for range 2 { // another try begins it no second time
		if _, err := d.mail(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	if r := d.recovery(t); r.EndAt.Before(end) || r.EndAt.After(end.Add(time.Minute)) || r.Due(end.Add(-time.Second)) || !r.Due(r.EndAt) {
		t.Errorf("72 hours after the warning: %+v", r)
	}
	ends, err := outbox.FromImage(due())
	if err != nil || ends.NotBefore < end.Unix() || ends.Values[secondfactor.ValueBy] != "staff:eva" {
		t.Errorf("the item that ends it: %+v, %v", ends, err)
	}
}

func TestARecoveryIsStoppedWhoseWarningReachesNobody(t *testing.T) {
	for name, fails := range map[string]func(Dispatcher, outbox.Item) error{
		"it bounces":     func(d Dispatcher, _ outbox.Item) error { return d.bounced(t.Context(), "message-1", order.Bounced) },
		"it is given up": func(d Dispatcher, item outbox.Item) error { return d.notAnnounced(t.Context(), item) },
	} {
		d, item := warning(t)
		if _, err := d.mail(t.Context(), item); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := fails(d, item); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if r := d.recovery(t); r.Running() {
			t.Errorf("%s: %+v", name, r)
		}
		events, _, err := audit.Store{Store: d.Tables}.List(t.Context(), "10000017", "", 10)
		if err != nil || len(events) != 1 || events[0].Action != audit.FactorRecoveryStopped || events[0].New[secondfactor.ValueBy] != secondfactor.ByBounce {
			t.Errorf("%s: audit %+v, %v", name, events, err)
		}
	}
}

func TestTheDeployedScheduleEndsARecoveryAndTheMailSaysSo(t *testing.T) {
	t.Parallel() // the schedule comes once a minute
	p, id := recovering(t, time.Now().Add(5*time.Second))
	for deadline := time.Now().Add(3 * time.Minute); read(t, id).DoneAt.IsZero(); time.Sleep(500 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not ended: %+v", read(t, id))
		}
	}
	if f := factorOf(t, p.Number); f.Secret != "" || f.Recovery.Running() {
		t.Errorf("%+v", f)
	}
	if mails := mailbox(t, p.Email, 1); len(mails) != 1 {
		t.Errorf("%d mails", len(mails))
	}
}
