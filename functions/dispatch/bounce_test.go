package dispatch

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// inReview is an order that waits for the service team.
var inReview = sampleorder.Anna()

// snsEvent is what Lambda gets when SES reports on a mail.
func snsEvent(message string) json.RawMessage {
	quoted, _ := json.Marshal(message)
	return json.RawMessage(fmt.Sprintf(`{"Records":[{"EventSource":"aws:sns","Sns":{"Message":%s}}]}`, quoted))
}

func TestOnlyAnAnnouncementThatCameBackStopsTheClock(t *testing.T) {
	for name, tt := range map[string]struct{ message, want string }{
		"a bounce, as the configuration set tells it": {`{"eventType":"Bounce","mail":{"messageId":"m1"},"bounce":{"bounceType":"Permanent","bounceSubType":"General"}}`, order.Bounced},
		"a bounce, as an identity's topic tells it":   {`{"notificationType":"Bounce","mail":{"messageId":"m1"},"bounce":{"bounceType":"Permanent","bounceSubType":"Suppressed"}}`, order.Bounced},
		"a full mailbox": {`{"eventType":"Bounce","mail":{"messageId":"m1"},"bounce":{"bounceType":"Transient","bounceSubType":"MailboxFull"}}`, order.Bounced},
		"a complaint":    {`{"eventType":"Complaint","mail":{"messageId":"m1"}}`, order.Complained},
		"a mail that SES rejected after it took it":    {`{"eventType":"Reject","mail":{"messageId":"m1"}}`, order.Undeliverable},
		"an answering machine":                         {`{"eventType":"Bounce","mail":{"messageId":"m1"},"bounce":{"bounceType":"Transient","bounceSubType":"General"}}`, ""},
		"an answering machine that names the reader":   {`{"notificationType":"Bounce","mail":{"messageId":"m1"},"bounce":{"bounceType":"Transient","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"a@a.example"}]}}`, ""},
		"a general failure for good":                   {`{"eventType":"Bounce","mail":{"messageId":"m1"},"bounce":{"bounceType":"Transient","bounceSubType":"General","bouncedRecipients":[{"action":"failed","status":"4.4.7"}]}}`, order.Bounced},
		"a message too large":                          {`{"eventType":"Bounce","mail":{"messageId":"m1"},"bounce":{"bounceType":"Transient","bounceSubType":"MessageTooLarge"}}`, order.Bounced},
		"a bounce of an unknown kind":                  {`{"eventType":"Bounce","mail":{"messageId":"m1"},"bounce":{"bounceType":"Undetermined","bounceSubType":"Undetermined"}}`, order.Bounced},
		"an address on the suppression list":           {`{"eventType":"Bounce","mail":{"messageId":"m1"},"bounce":{"bounceType":"Permanent","bounceSubType":"OnAccountSuppressionList"}}`, order.Bounced},
		"a complaint that is none":                     {`{"eventType":"Complaint","mail":{"messageId":"m1"},"complaint":{"complaintFeedbackType":"not-spam"}}`, ""},
		"the same, by an identity's topic":             {`{"notificationType":"Complaint","mail":{"messageId":"m1"},"complaint":{"complaintFeedbackType":"not-spam","complaintSubType":null}}`, ""},
		"the same, in capitals":                        {`{"eventType":"Complaint","mail":{"messageId":"m1"},"complaint":{"complaintFeedbackType":"Not-Spam"}}`, ""},
		"a complaint of abuse":                         {`{"eventType":"Complaint","mail":{"messageId":"m1"},"complaint":{"complaintFeedbackType":"abuse"}}`, order.Complained},
		"a complaint of an unknown kind":               {`{"eventType":"Complaint","mail":{"messageId":"m1"},"complaint":{"complaintFeedbackType":"other"}}`, order.Complained},
		"one not sent for an earlier complaint":        {`{"eventType":"Complaint","mail":{"messageId":"m1"},"complaint":{"complaintSubType":"OnAccountSuppressionList"}}`, order.Complained},
		"the same, whatever type it has":               {`{"eventType":"Complaint","mail":{"messageId":"m1"},"complaint":{"complaintFeedbackType":"not-spam","complaintSubType":"OnAccountSuppressionList"}}`, order.Complained},
		"a delivery":                                   {`{"eventType":"Delivery","mail":{"messageId":"m1"}}`, ""},
		"a notification that cannot be read is logged": {`no JSON`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := dispatcher(t)
			hasOrder(t, d, inReview)
			told := order.Announcement{Order: inReview.ID, Item: "order.announced#K7QX-2M4D#1", Numbers: []string{"10000023"}}
			if _, err := d.Orders.NoteAnnouncement(t.Context(), "m1", told); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Handle(t.Context(), snsEvent(tt.message)); err != nil {
				t.Fatal(err)
			}
			noted := theOrder(t, d, inReview.ID).Unreached
			if tt.want == "" {
				if len(noted) != 0 {
					t.Errorf("stopped by %+v", noted)
				}
				return
			}
			if len(noted) != 1 || noted[0].Why != tt.want || noted[0].Numbers[0] != "10000023" {
				t.Errorf("noted %+v, want %s", noted, tt.want)
			}
		})
	}
}

func TestABounceFasterThanOurNoteStopsTheClock(t *testing.T) { // M4
	d, _ := dispatcher(t)
	hasOrder(t, d, inReview)
	_, err := d.Handle(t.Context(), snsEvent(`{"eventType":"Bounce","mail":{"messageId":"m1"},"bounce":{"bounceType":"Permanent"}}`))
	if noted := theOrder(t, d, inReview.ID).Unreached; err != nil || len(noted) != 0 {
		t.Fatalf("noted %+v, %v", noted, err)
	}
	item := outbox.Item{ID: "order.announced#K7QX-2M4D#1", Event: outbox.OrderAnnounced, Order: "K7QX-2M4D", MessageID: "m1",
		Recipients: []outbox.Recipient{{Address: "b@b.example", Numbers: []string{"10000023"}}}}
	if err := d.announced(t.Context(), item, "m1"); err != nil {
		t.Fatal(err)
	}
	if noted := theOrder(t, d, inReview.ID).Unreached; len(noted) != 1 || noted[0].Why != order.Bounced || noted[0].Item != item.ID {
		t.Errorf("noted %+v", noted)
	}
}

func TestABounceOfAnotherMailIsOnlyLogged(t *testing.T) {
	d, log := dispatcher(t)
	hasOrder(t, d, inReview)
	_, err := d.Handle(t.Context(), snsEvent(`{"eventType":"Bounce","mail":{"messageId":"unknown"},"bounce":{"bounceType":"Permanent"}}`))
	if err != nil || len(theOrder(t, d, inReview.ID).Unreached) != 0 || log.Len() == 0 {
		t.Errorf("%v, log %q", err, log)
	}
}

func TestAnAnnouncementThatIsGivenUpOnStopsTheClock(t *testing.T) {
	to := outbox.Recipient{Address: "b@b.example", Numbers: []string{"10000023"}}
	for name, tt := range map[string]struct {
		item outbox.Item
		want int
	}{
		"to the other side":             {outbox.Item{Event: outbox.OrderAnnounced, Parent: "p", Recipients: []outbox.Recipient{to}}, 1},
		"to the ordering customer only": {outbox.Item{Event: outbox.OrderAnnounced, Parent: "p", Recipients: []outbox.Recipient{{Address: "a@a.example", Own: true}}}, 0},
		"any other mail":                {outbox.Item{Event: outbox.OrderApproved, Parent: "p", Recipients: []outbox.Recipient{to}}, 0},
		"the event as a whole":          {outbox.Item{Event: outbox.OrderAnnounced, Recipients: []outbox.Recipient{to}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := dispatcher(t)
			hasOrder(t, d, inReview)
			tt.item.Order = inReview.ID
			if err := d.notAnnounced(t.Context(), tt.item); err != nil {
				t.Fatal(err)
			}
			if got := theOrder(t, d, inReview.ID).Unreached; len(got) != tt.want {
				t.Errorf("noted %+v, want %d", got, tt.want)
			}
		})
	}
}

func TestChangedMasterDataRecheckTheOpenOrderOfTheNumberAtOnce(t *testing.T) {
	d, _ := dispatcher(t)
	hasOrder(t, d, inReview, inReview.Numbers()...) // over profiles that are no longer there as it has them
	for _, n := range []string{"10000031", "10000023"} {
		if state := theOrder(t, d, inReview.ID).State; state != merge.InReview {
			t.Errorf("before %s it is %s", n, state)
		}
		if _, err := d.effect(t.Context(), outbox.Item{Event: outbox.MasterDataChanged, Values: map[string]string{outbox.ValueNumber: n}}); err != nil {
			t.Fatal(err)
		}
	}
	if state := theOrder(t, d, inReview.ID).State; state != merge.Stale {
		t.Errorf("it is %s, want the open order of the number rechecked (M5)", state)
	}
}

// What an import brings for a merged number is looked at with the order of the one that it belongs to (M5).
func TestABillForAMergedNumberRechecksTheOpenOrderOfItsSurvivor(t *testing.T) {
	d, _ := dispatcher(t)
	merged := customer.Profile{Number: "10000023", MergedInto: "10000017", Version: 1}
	if err := d.Tables.Transact(t.Context(), []types.TransactWriteItem{customer.PutNew(d.Tables.Names, merged)}, ""); err != nil {
		t.Fatal(err)
	}
	hasOrder(t, d, inReview, "10000017")
	if _, err := d.effect(t.Context(), outbox.Item{Event: outbox.MasterDataChanged, Values: map[string]string{outbox.ValueNumber: "10000023"}}); err != nil {
		t.Fatal(err)
	}
	if state := theOrder(t, d, inReview.ID).State; state != merge.Stale {
		t.Errorf("it is %s", state)
	}
}

func TestAMailThatCameBackIsNotedForItsCustomers(t *testing.T) {
	d, _ := dispatcher(t)
	to := outbox.Recipient{Address: "anna@full.example", Language: "de", Numbers: []string{"10000017", "10000023"}, Earlier: true}
	item := outbox.Item{ID: "password.changed#1#x", Event: outbox.PasswordChanged, Parent: "password.changed#1", Recipients: []outbox.Recipient{to}, LastError: "timeout"}
	out, err := d.mail(t.Context(), item)
	if err != nil {
		t.Fatal(err)
	}
	d.noteSent(t.Context(), *out.mail)
	for range 2 { // the notification comes twice
		if _, err := d.Handle(t.Context(), snsEvent(`{"eventType":"Bounce","mail":{"messageId":"`+out.id+`"},"bounce":{"bounceType":"Permanent"}}`)); err != nil {
			t.Fatal(err)
		}
	}
	for _, number := range to.Numbers {
		events, _, err := audit.Store{Store: d.Tables}.List(t.Context(), number, "", 10)
		if err != nil || len(events) != 3 {
			t.Fatalf("%+v, %v", events, err)
		}
		back, sent := events[0], events[2]
		if back.Action != audit.MailReturned || back.New[audit.KeyWhy] != order.Bounced || sent.Action != audit.MailSent ||
			sent.New[audit.KeyMail] != back.New[audit.KeyMail] || sent.New[audit.KeyAgain] == "" || sent.New[audit.KeyEarlier] == "" || strings.Contains(sent.New[audit.KeyMail], out.id) {
			t.Errorf("%+v", events)
		}
	}
}
