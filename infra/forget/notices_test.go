package main

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// While both were one customer, somebody cancelled a package that an undo gave back since.
func TestACancellationOfOthersLosesWhoGaveIt(t *testing.T) {
	w := onFake(t)
	names := w.store.Names
	p := customer.Package{ID: "Q-" + w.other, Number: w.other, Product: "hosting", Domains: []string{"q.example"}}
	c := customer.Cancellation{ID: "AAAA-1111", Kind: customer.Extraordinary, Reason: "wie " + w.own, ReceivedAt: now, By: w.own}
	w.must(w.store.Transact(t.Context(), customer.PutPackage(names, p), ""))
	w.must(w.store.Transact(t.Context(), []types.TransactWriteItem{customer.PutCancellation(names, p, c)}, ""))
	before := w.all()
	if _, err := w.run(true, w.store); !errors.Is(err, errMayNot) || !strings.Contains(err.Error(), p.ID) || !maps.Equal(before, w.all()) {
		t.Fatalf("its reason is needed while it waits: %v", err)
	}
	p.Cancellation = &c
	w.must(w.store.Transact(t.Context(), []types.TransactWriteItem{customer.TakeUpCancellation(names, p, now)}, ""))
	if said, err := w.run(true, w.store); err != nil || !strings.Contains(said, "1  cancellations of others") {
		t.Fatalf("%v: %s", err, said)
	}
	left, err := customer.Store{Store: w.store}.Package(t.Context(), p.ID)
	if err != nil || left.Cancellation == nil || left.Cancellation.By != order.Nobody || left.Cancellation.Reason != "" || left.Cancellation.ID != c.ID || !left.Cancellation.TakenUp() {
		t.Errorf("%+v, %v", left.Cancellation, err)
	}
	if mine := w.mine(); len(mine) > 0 {
		t.Errorf("still there: %v", mine)
	}
}

// Who is forgotten while the own cancellation waits would go on paying: nobody would hear of it.
func TestNobodyIsForgottenWhileACancellationWaits(t *testing.T) {
	w := onFake(t)
	names := w.store.Names
	p := customer.Package{ID: "Q-" + w.member, Number: w.member, Product: "hosting", Domains: []string{"q" + w.member + ".example"}}
	c := customer.Cancellation{ID: "AAAA-1111", Kind: customer.Ordinary, ReceivedAt: now, By: w.own}
	w.must(w.store.Transact(t.Context(), customer.PutPackage(names, p), ""))
	w.must(w.store.Transact(t.Context(), []types.TransactWriteItem{customer.PutCancellation(names, p, c)}, ""))
	before := w.all()
	for _, act := range []bool{false, true} {
		if _, err := w.run(act, w.store); !errors.Is(err, errMayNot) || !strings.Contains(err.Error(), p.ID) || !maps.Equal(before, w.all()) {
			t.Fatalf("%v, or something was changed", err)
		}
	}
	p.Cancellation = &c
	w.must(w.store.Transact(t.Context(), []types.TransactWriteItem{customer.TakeUpCancellation(names, p, now)}, ""))
	mine := w.mine()
	if said, err := w.run(true, w.store); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if left := w.mine(); len(left) > 0 || len(mine) == 0 {
		t.Errorf("still there: %v", left)
	}
}

// declare lays a cancellation without a sign-in before the team.
func (w *town) declare(key string, of cancellation.Waiting) cancellation.Waiting {
	w.Helper()
	of.Key, of.ID, of.ReceivedAt, of.Kind, of.Email = key, "ID-"+key, now, customer.Ordinary, "wer@anderswo.example"
	w.must(w.store.Transact(w.Context(), []types.TransactWriteItem{cancellation.Lay(w.store.Names, of)}, ""))
	return of
}

// S21: of the person's own declaration nothing stays, of one by others what is theirs.
func TestDeclarationsAreForgottenWhenTheTeamIsDoneWithThem(t *testing.T) {
	w := onFake(t)
	own := w.declare("own", cancellation.Waiting{Owner: w.own, Package: "P-" + w.own, Stated: cancellation.Stated{Name: "Vor", Number: w.own, Contract: "d.example"}})
	others := w.declare("others", cancellation.Waiting{Owner: w.other, Package: "P-" + w.other, Stated: cancellation.Stated{Name: "Nachbar", Number: w.other, Contract: "P-" + w.other, Reason: "nicht " + w.own}})
	for _, d := range []cancellation.Waiting{own, others} {
		before := w.all()
		if _, err := w.run(true, w.store); !errors.Is(err, errMayNot) || !strings.Contains(err.Error(), "ID-") {
			t.Fatalf("it waits and is forgotten: %v", err)
		}
		for key := range before {
			if strings.HasPrefix(key, "MergeOrders DECLARED#") && w.all()[key] != before[key] {
				t.Fatalf("%s was changed", key)
			}
		}
		w.must(w.store.Transact(t.Context(), []types.TransactWriteItem{cancellation.Settle(w.store.Names, d, "petra", "beendet", now)}, ""))
	}
	if said, err := w.run(true, w.store); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	store := cancellation.Store{Store: w.store}
	if _, err := store.Get(t.Context(), "own"); !errors.Is(err, cancellation.ErrNotFound) {
		t.Errorf("the own one is still there: %v", err)
	}
	if left, err := store.Get(t.Context(), "others"); err != nil || left.Reason != "" || left.Name != "Nachbar" || left.Contract != "P-"+w.other || left.Note != "beendet" || !left.Settled() {
		t.Errorf("%+v, %v", left, err)
	}
	if mine := w.mine(); len(mine) > 0 {
		t.Errorf("still there: %v", mine)
	}
}

// A cancellation that dispatch has not read yet lies in the outbox alone.
func TestACancellationThatNobodyHasReadIsLeft(t *testing.T) {
	w := onFake(t)
	d := cancellation.Declared{Key: "unread", ID: "BBBB-2222", Language: "de", ReceivedAt: now, Stated: cancellation.Stated{Kind: customer.Ordinary, Name: "Vor", Number: w.own, Contract: "P-" + w.own, Email: "wer@anderswo.example"}}
	w.must(w.store.Transact(t.Context(), []types.TransactWriteItem{outbox.Put(w.store.Names, d.Item())}, ""))
	s := outbox.Store{Store: w.store}
	for range 2 {
		if said, err := w.run(true, w.store); err != nil || !strings.Contains(said, "1  cancellations that still wait to be read") {
			t.Fatalf("%v: %s", err, said)
		}
		if _, err := s.Find(t.Context(), outbox.CancellationDeclared+"#unread"); err != nil {
			t.Fatalf("it is gone: %v", err)
		}
	}
	claimed, err := s.Claim(t.Context(), outbox.CancellationDeclared+"#unread", "lease", now, 1)
	w.must(err)
	w.must(s.Done(t.Context(), claimed, "ses", now))
	if said, err := w.run(true, w.store); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if mine := w.mine(); len(mine) > 0 {
		t.Errorf("still there: %v", mine)
	}
}
