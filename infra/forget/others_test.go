package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// A bank code, a part of a telephone number or an amount of somebody else may have the digits of the customer's number.
func TestTheSameDigitsInDataOfOthersAreNobodysNumber(t *testing.T) {
	w := onFake(t)
	a, b, names := localtest.Number(t), localtest.Number(t), w.store.Names
	p := customer.Profile{Number: a, LastName: "Fremd", Phone: "030 " + w.own, BankCode: w.own, AccountNumber: w.own, Version: 1}
	events := []types.TransactWriteItem{customer.PutNew(names, p),
		outbox.Put(names, outbox.Item{Event: outbox.MasterDataChanged, Key: a + "#1", CreatedAt: now, NotBefore: now.AddDate(100, 0, 0).Unix(),
			Values: map[string]string{outbox.ValueNumber: a, "old.phone": "030 " + w.own, "new.balanceCents": w.own, order.ValueBalance + a: w.own}})}
	events = append(events, audit.Put(names, audit.Event{Number: a, Action: audit.Imported, Actor: audit.ByImport, At: now, Old: map[string]string{"balanceCents": w.own}, New: map[string]string{"phone": "030 " + w.own}}, rand.Reader))
	w.must(w.store.Transact(t.Context(), events, ""))
	record := merge.Record{Number: a, BankCode: w.own, Phone: "030 " + w.own}
	w.put(names.MergeOrders, table.With(table.Order("F-"+a), table.MustMarshal(order.Order{ID: "F-" + a, Customer: a, State: merge.InReview, Survivor: order.Party{Record: record},
		Sources: []order.Source{{Party: order.Party{Record: merge.Record{Number: b}}}}, Rev: 1})))
	before := w.all()
	if said, err := w.run(true, w.store); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	after := w.all()
	for key, text := range before {
		if strings.Contains(key, a) && after[key] != text {
			t.Errorf("%s of another customer was\n%s\nand is\n%s", key, text, after[key])
		}
	}
}

// Somebody of the service team wrote of the customer in an order of others: the text goes, and what an undo of that order needs stays.
func TestOfAnOrderOfOthersOnlyTheTextGoes(t *testing.T) {
	w := onFake(t)
	a, b := localtest.Number(t), localtest.Number(t)
	id := "F-" + a
	w.put(w.store.Names.MergeOrders, table.With(table.Order(id), table.MustMarshal(order.Order{ID: id, Customer: a, State: merge.Executed, ExecutedAt: now, Note: "wie bei " + w.own + ".",
		Survivor: order.Party{Record: merge.Record{Number: a, Street: "Weg 1"}}, Sources: []order.Source{{Party: order.Party{Record: merge.Record{Number: b}}, Choices: merge.Choices{}}},
		Before: &order.Before{Survivor: merge.Record{Number: a, Street: "Weg 1"}}, Salt: "salt", Rev: 4, History: []order.Step{{Reason: "bleibt"}, {Note: "wie bei " + w.own}}})))
	if said, err := w.run(true, w.store); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	o, err := order.Store{Store: w.store}.Get(t.Context(), id)
	if err != nil || o.Note != "" || o.History[1].Note != "" || o.History[0].Reason != "bleibt" || o.Before == nil || o.Before.Survivor.Street != "Weg 1" || o.Salt != "salt" || o.Rev != 5 {
		t.Errorf("%+v, %v", o, err)
	}
}

// A later merge of the same survivor remembers its members of then, and can still be undone.
func TestAMergeOfOthersThatCanBeUndoneKeepsItsMemory(t *testing.T) {
	w := onFake(t)
	id := "F-" + w.other
	o := order.Order{ID: id, Customer: w.other, State: merge.Executed, ExecutedAt: now.AddDate(0, 0, -5),
		Survivor: order.Party{Record: merge.Record{Number: w.other}, Members: []string{w.own}}, Sources: []order.Source{{Party: order.Party{Record: merge.Record{Number: "10000099"}}}}}
	opposed := o
	opposed.ExecutedAt, opposed.ObjectedAt = now.AddDate(0, 0, -31), now.AddDate(0, 0, -2)
	for _, o := range []order.Order{o, opposed} {
		w.put(w.store.Names.MergeOrders, table.With(table.Order(id), table.MustMarshal(o)))
		before := w.all()
		if _, err := w.run(true, w.store); !errors.Is(err, errMayNot) || !maps.Equal(before, w.all()) {
			t.Errorf("%v, or something was changed", err)
		}
	}
}

// What tells the neighbour of the order's end must go out, also when the command is run again at once.
func TestANewsToTheOtherSideThatWaitsIsLeft(t *testing.T) {
	w := onFake(t)
	item := outbox.Item{Event: outbox.OrderVetoed, Key: w.ended, Order: w.ended, CreatedAt: now, Values: map[string]string{order.ValueSurvivor: w.other, order.ValueSources: w.own}}
	w.must(w.store.Transact(t.Context(), []types.TransactWriteItem{outbox.Put(w.store.Names, item)}, ""))
	id, s := outbox.OrderVetoed+"#"+w.ended, outbox.Store{Store: w.store}
	for range 2 {
		said, err := w.run(true, w.store)
		if err != nil || !strings.Contains(said, "1  mails about orders that still wait") {
			t.Fatalf("%v: %s", err, said)
		}
		if !strings.Contains(said, "was forgotten on") && !strings.Contains(said, "once for each of "+w.own+", "+w.member) {
			t.Errorf("it does not say how to look again: %s", said)
		}
		if _, err := s.Find(t.Context(), id); err != nil {
			t.Errorf("nobody tells the neighbour: %v", err)
		}
	}
	claimed, err := s.Claim(t.Context(), id, "lease", now, 1)
	w.must(err)
	w.must(s.Done(t.Context(), claimed, "ses", now))
	if said, err := w.run(true, w.store); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if left := w.mine(); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
}

// An import that had read the customer before writes packages and passwords after the profile went.
func TestWhatAnImportWroteAtTheSameMomentGoesWithTheNextRun(t *testing.T) {
	w := onFake(t)
	if said, err := w.run(true, w.store); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	names := w.store.Names
	w.must(w.store.Transact(t.Context(), append(customer.PutPackage(names, customer.Package{ID: "P-" + w.own, Number: w.own, Product: "hosting", Domains: []string{"d" + w.own + ".example"}}),
		credential.SetPassword(names, credential.Credential{Subject: table.PackageSubject("P-" + w.own)}, "hash", false, now),
		credential.SetPassword(names, credential.Credential{Subject: table.Customer(w.own)}, "hash", false, now)), ""))
	if said, err := w.run(false, w.store); err != nil || len(w.mine()) != 5 || !strings.Contains(said, "Dry run, nothing was changed") {
		t.Errorf("%v: %s, %v", err, said, w.mine())
	}
	if said, err := w.run(true, w.store); err != nil || len(w.mine()) > 0 {
		t.Errorf("%v: %s, still there: %v", err, said, w.mine())
	}
}

// submitting puts an order's lock at the moment in which the customer is shut.
type submitting struct {
	table.DB
	lock func()
}

func (s *submitting) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, o ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	if s.lock != nil {
		s.lock()
		s.lock = nil
	}
	return s.DB.UpdateItem(ctx, in, o...)
}

func TestAnOrderOfTheLastMomentKeepsItsLock(t *testing.T) {
	w := onFake(t)
	late := w.store
	late.DB = &submitting{w.store.DB, func() {
		w.put(w.store.Names.MergeOrders, table.With(table.Lock(w.own), table.Item{"order": table.S("K7QX-2M4D")}))
	}}
	before := len(w.all())
	if _, err := w.run(true, late); !errors.Is(err, errMayNot) || !strings.Contains(err.Error(), "K7QX-2M4D") || len(w.all()) != before {
		t.Errorf("%v, %d items of %d are left", err, len(w.all()), before)
	}
}

func TestReadmittingWithoutYesChangesNothing(t *testing.T) {
	w := onFake(t)
	if _, err := w.run(true, w.store); err != nil {
		t.Fatal(err)
	}
	before, out := w.all(), &bytes.Buffer{}
	f := forget{store: w.store, now: func() time.Time { return now }, out: out, by: "olga", counts: map[string]int{}}
	if err := f.readmit(t.Context(), w.own); err != nil || !maps.Equal(before, w.all()) || !strings.Contains(out.String(), "Dry run") {
		t.Errorf("%v: %s, or something was changed", err, out)
	}
	f.act, f.reason = true, "Vertrag von "+w.own
	if err := f.readmit(t.Context(), w.own); !errors.Is(err, errReason) || !maps.Equal(before, w.all()) {
		t.Errorf("%v, or something was changed", err)
	}
}
