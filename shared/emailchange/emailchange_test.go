package emailchange_test

import (
	"crypto/rand"
	"maps"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// asked are the audit event and the outbox items of a request by their events.
func asked(t *testing.T, p customer.Profile, q emailchange.Request) (*customer.PendingEmail, audit.Event, map[string]outbox.Item) {
	t.Helper()
	pending, items, err := emailchange.Ask(table.Names{Audit: "audit", Outbox: "outbox"}, p, q, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var event audit.Event
	told := map[string]outbox.Item{}
	for _, i := range items {
		if *i.Put.TableName == "audit" {
			if err := attributevalue.UnmarshalMap(i.Put.Item, &event); err != nil {
				t.Fatal(err)
			}
			continue
		}
		item, err := outbox.FromImage(i.Put.Item)
		if err != nil {
			t.Fatal(err)
		}
		told[item.Event] = item
	}
	return pending, event, told
}

func TestWhoAskedIsToldAndTheReasonStaysInTheTeam(t *testing.T) { // S7, S13
	p := customer.Profile{Number: "10000017", Email: "anna@alt.example", FirstName: "Anna", Epoch: 4}
	for actor, reason := range map[string]string{p.Number: "", "staff:eva": "Rückruf"} {
		pending, event, told := asked(t, p, emailchange.Request{Address: "anna@neu.example", Actor: actor, Reason: reason, At: noon})
		if pending.Address != "anna@neu.example" || pending.Epoch != 4 || pending.ID == "" {
			t.Errorf("%s: %+v waits", actor, pending)
		}
		if event.Actor != actor || event.New[audit.KeyReason] != reason || event.Old["email"] != p.Email {
			t.Errorf("%s: the audit has %+v", actor, event)
		}
		for name, to := range map[string]string{outbox.EmailConfirm: "anna@neu.example", outbox.EmailRequested: p.Email} {
			item := told[name]
			if item.Recipients[0].Address != to || (item.Values[outbox.ValueByStaff] != "") != (actor != p.Number) {
				t.Errorf("%s: %s is %+v", actor, name, item)
			}
			for _, v := range maps.All(item.Values) {
				if v == "Rückruf" {
					t.Errorf("%s: %s has the reason", actor, name)
				}
			}
		}
	}
}

func TestTheSameAddressIsNotAskedForTwice(t *testing.T) { // M9
	p := customer.Profile{Number: "10000017", Email: "anna@alt.example"}
	again := emailchange.Request{Address: "anna@neu.example", Actor: p.Number, At: noon}
	if !again.New(p) || (emailchange.Request{Address: p.Email, At: noon}).New(p) {
		t.Error("another address is new, the one in force is not")
	}
	p.Pending = &customer.PendingEmail{ID: "c1", Address: again.Address, At: noon, Until: noon.Add(time.Hour)}
	again.At = noon.Add(emailchange.SentTwice - time.Second)
	if again.New(p) || !again.JustAsked(p) {
		t.Error("a form sent twice asks twice")
	}
	again.At = noon.Add(emailchange.SentTwice)
	pending, event, told := asked(t, p, again)
	if !again.New(p) || pending.ID != "c1" || event.Action != audit.EmailLinkResent || told[outbox.EmailConfirm].Values[outbox.ValueChange] != "c1" {
		t.Errorf("a minute later: %+v, %s", pending, event.Action)
	}
}
