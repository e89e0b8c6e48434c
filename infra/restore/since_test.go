package main

import (
	"testing"
	"time"

	"kundenkonto/infra/forgotten"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// of is an item of a table.
type of struct {
	table string
	item  table.Item
}

// goneBack compares an instant with a present.
func goneBack(t *testing.T, instant, present []of) *since {
	t.Helper()
	s := newSince()
	for _, i := range instant {
		if err := s.instant(i.table, i.item); err != nil {
			t.Fatal(err)
		}
	}
	for _, i := range present {
		if err := s.present(i.table, i.item); err != nil {
			t.Fatal(err)
		}
	}
	s.known = true
	return s
}

func orderItem(o order.Order) of {
	return of{"MergeOrders", table.With(table.Order(o.ID), table.With(table.MustMarshal(o), table.Item{"statePk": table.S("OPEN#1")}))}
}

// An order that waited at the instant would be carried out once more, although its other side objected to it or it was undone.
func TestAMergeThatWasObjectedToOrUndoneIsNotCarriedOutAgain(t *testing.T) {
	then := order.Order{ID: open1, Customer: anna, State: merge.Approved, Rev: 5, History: []order.Step{{State: merge.Submitted}, {State: merge.Approved}}}
	lock := of{"MergeOrders", table.With(table.Lock(bert), table.Item{"order": table.S(open1)})}
	for name, c := range map[string]struct {
		now  order.Order
		ends merge.State
	}{
		"objected to": {order.Order{ID: open1, Customer: anna, State: merge.Executed, Rev: 8, Opposed: []string{bert}, History: []order.Step{{At: noon, State: merge.Executed, Event: order.Objection, Actor: "veto link", Numbers: []string{bert}}}}, merge.Vetoed},
		"undone":      {order.Order{ID: open1, Customer: anna, State: merge.Undone, Rev: 9, History: []order.Step{{At: noon, State: merge.Undone, Actor: "petra"}}}, merge.Vetoed},
		"carried out": {order.Order{ID: open1, Customer: anna, State: merge.Executed, Rev: 7}, merge.Approved},
	} {
		t.Run(name, func(t *testing.T) {
			s := goneBack(t, []of{orderItem(then), lock}, []of{orderItem(c.now)})
			item := orderItem(then).item
			next, told := s.back("MergeOrders", item, 0, noon)
			var o order.Order
			if err := table.Unmarshal(next, &o); err != nil {
				t.Fatal(err)
			}
			held, _ := s.back("MergeOrders", lock.item, 0, noon)
			ended := c.ends == merge.Vetoed
			if o.State != c.ends || len(told) != 1 || (table.String(next, "statePk") == "") != ended || (table.String(held, "order") == "") != ended || table.String(next, "pk") != "ORDER#"+open1 {
				t.Errorf("%+v, lock %v, told %v", o, held, told)
			}
			if last := o.History[len(o.History)-1]; ended && (last.State != merge.Vetoed || !last.At.Equal(noon) || len(o.History) != 3 || o.Rev != 6) {
				t.Errorf("%+v", o)
			}
		})
	}
}

// A deployment that deletes hashes and second factors is what one goes back for.
func TestPasswordsAndSecondFactorsThatWereLostComeBack(t *testing.T) {
	secretItem := of{"Credentials", table.With(table.Credential(table.Customer(anna)), table.MustMarshal(credential.Credential{Hash: "hash", Version: 3, Epoch: 2, ChangedAt: noon}))}
	second := of{"Credentials", table.With(table.SecondFactor(anna), table.MustMarshal(factorOfAnna))}
	delete(second.item, "recovery") // an empty one is not written
	s := goneBack(t, []of{secretItem, second}, nil)
	if c, told := s.back("Credentials", secretItem.item, 0, noon); table.String(c, "hash") != "hash" || len(told) > 0 {
		t.Errorf("%v, %v", c, told)
	}
	if f, told := s.back("Credentials", second.item, 0, noon); len(must(t, f).passkeys) != 2 || len(told) > 0 {
		t.Errorf("%v, %v", f, told)
	}
	gone := forgotten.Put(table.Names{}, anna, noon).Put.Item
	if c, _ := goneBack(t, []of{secretItem}, []of{{"Customers", gone}}).back("Credentials", secretItem.item, 0, noon); table.String(c, "hash") != "" {
		t.Errorf("who was forgotten can sign in: %v", c)
	}
}

// The service team put a mail back that was given up on at the instant, and it was sent.
func TestAMailThatWasGivenUpOnAndSentSinceStaysSent(t *testing.T) {
	item := outbox.Item{ID: waitingMail, Event: outbox.PasswordChanged, Due: table.GivenUpShard(waitingMail), GivenUpAt: noon}
	then := of{"Outbox", table.MustMarshal(item)}
	item.Due, item.DoneAt = "", noon.Add(time.Hour)
	s := goneBack(t, []of{then}, []of{{"Outbox", table.MustMarshal(item)}})
	if next, _ := s.back("Outbox", then.item, 0, noon); table.String(next, "doneAt") == "" || table.String(next, "due") != "" {
		t.Errorf("it can be sent again: %v", next)
	}
	if next, _ := goneBack(t, []of{then}, nil).back("Outbox", then.item, 0, noon); table.String(next, "due") != table.GivenUpShard(waitingMail) {
		t.Errorf("it is not on the list any more: %v", next)
	}
}

func must(t *testing.T, item table.Item) factor {
	t.Helper()
	f, err := factorOf(item)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
