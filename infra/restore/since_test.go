package main

import (
	"reflect"
	"testing"
	"time"

	"kundenkonto/infra/forgotten"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
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

// A cancellation that was received must not be one that never came, and one that was taken back must not come to life again.
func TestCancellationsAreThoseOfThePresent(t *testing.T) { // C1
	pack := func(c *customer.Cancellation, endedAt string) of {
		item := table.With(table.Package(anna, "P-1"), table.MustMarshal(customer.Package{ID: "P-1", Number: anna, Cancellation: c, EndedAt: endedAt}))
		if c != nil && !c.TakenUp() {
			item[table.AttrNoticeKey], item[table.AttrNoticeAt] = table.S(table.NoticeShard("P-1")), table.Time(c.ReceivedAt)
		}
		return of{"Customers", item}
	}
	waiting := &customer.Cancellation{ID: "AAAA-1111", Kind: customer.Ordinary, ReceivedAt: noon, By: anna}
	takenUp, another := *waiting, *waiting
	takenUp.TakenUpAt, another.ID = noon.Add(time.Hour), "BBBB-2222"
	for name, c := range map[string]struct {
		then, now of
		want      *customer.Cancellation
		told      string
	}{
		"given since":                     {pack(nil, ""), pack(waiting, ""), waiting, "cancellation.stays"},
		"taken back since":                {pack(waiting, ""), pack(nil, ""), nil, "cancellation.stays-taken-back"},
		"taken up since":                  {pack(waiting, ""), pack(&takenUp, ""), &takenUp, "cancellation.stays"},
		"taken back and given anew since": {pack(waiting, ""), pack(&another, ""), &another, "cancellation.stays"},
		"the same":                        {pack(waiting, ""), pack(waiting, ""), waiting, ""},
		"none":                            {pack(nil, ""), pack(nil, ""), nil, ""},
		"ended by the operator since":     {pack(waiting, ""), pack(nil, "2027-01-31"), waiting, ""},
		"lost":                            {pack(waiting, ""), of{"Customers", table.With(table.Profile(anna), nil)}, waiting, ""},
	} {
		t.Run(name, func(t *testing.T) {
			next, told := goneBack(t, []of{c.then}, []of{c.now}).back("Customers", c.then.item, 0, noon)
			var p customer.Package
			if err := table.Unmarshal(next, &p); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(p.Cancellation, c.want) {
				t.Errorf("%+v", p.Cancellation)
			}
			if onList := next[table.AttrNoticeKey] != nil && next[table.AttrNoticeAt] != nil; onList != (c.want != nil && !c.want.TakenUp()) {
				t.Errorf("the service team has it on its list: %t", onList)
			}
			said := ""
			for _, n := range told {
				said += n.What
			}
			if said != c.told {
				t.Errorf("the report says %v", told)
			}
		})
	}
}
