package dispatch

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/smithy-go"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// An address that is not in force any more may be another person's: it gets the link that says no, and learns no name, no
// other number and no reason (M4).
func TestAnEarlierAddressIsToldNoMoreThanItNeeds(t *testing.T) {
	for name, c := range map[string]struct {
		numbers []string
		about   string // whose address it was
	}{"of a number that is to be merged": {[]string{"10000025"}, "10000025"}, "of the number that stays": {nil, "10000017"}} {
		for _, event := range []string{outbox.OrderAnnounced, outbox.OrderApproved, outbox.OrderConfirmed, outbox.OrderStale, outbox.OrderFailed, outbox.OrderRejected,
			outbox.OrderWithdrawn, outbox.OrderVetoed, outbox.OrderExpired, outbox.OrderExecuted, outbox.OrderObjected, outbox.OrderObjectionDismissed, outbox.OrderUndone} {
			d, _ := dispatcher(t)
			to := outbox.Recipient{Address: "old@kunde.example", Language: "de", Numbers: c.numbers, Earlier: true}
			item := outbox.Item{Event: event, Key: "x", Parent: event, Order: "TEST-0000", Recipients: []outbox.Recipient{to}, CreatedAt: d.Now(),
				Values: map[string]string{order.ValueSurvivor: "10000017", order.ValueSources: "10000025,10000033", order.ValueReason: "geheimer Grund"}}
			letter, err := d.letter(t.Context(), item, to)
			if err != nil || letter == nil {
				t.Fatalf("%s: %v, %v", event, letter, err)
			}
			message, err := d.Letters.Compose(letter, mail.Reader{Language: "de"})
			if err != nil {
				t.Fatal(err)
			}
			text := message.Subject + message.Text
			if !strings.Contains(text, c.about) {
				t.Errorf("%s %s: it does not say whose number: %s", event, name, text)
			}
			for _, secret := range []string{"10000017", "10000025", "10000033", "geheim", "/merge/orders/"} {
				if secret != c.about && strings.Contains(text, secret) {
					t.Errorf("%s %s: it tells %s", event, name, secret)
				}
			}
			if stops := event == outbox.OrderAnnounced || event == outbox.OrderApproved || event == outbox.OrderConfirmed; strings.Contains(text, "/merge/veto?token=") != stops {
				t.Errorf("%s %s: the link is there: %v", event, name, !stops)
			}
		}
	}
}

// The clock counts an earlier address of the ordering side as well, and hears when it may be left alone (M4).
func TestAnEarlierAddressIsCountedAndItsFailureSaysWhetherItMayFail(t *testing.T) {
	for _, mayFail := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := newSendings(t)
			hasOrder(t, s.Dispatcher, order.Order{ID: "TEST-0000", State: merge.InReview, ToAnnounce: 1})
			item := mailItem(outbox.OrderAnnounced)
			item.Recipients = []outbox.Recipient{{Address: "old@kunde.example", Earlier: true, MayFail: mayFail}}
			id := s.put(t, item)
			s.invoke(t, id)
			o := theOrder(t, s.Dispatcher, "TEST-0000")
			if len(o.Announced) != 1 || o.AnnouncedAt.IsZero() || len(s.SES.(*fakeSES).to("old@kunde.example")) != 1 {
				t.Errorf("announced %v at %s", o.Announced, o.AnnouncedAt)
			}
			if _, err := s.Handle(t.Context(), snsEvent(`{"eventType":"Bounce","mail":{"messageId":"message-1"},"bounce":{"bounceType":"Permanent"}}`)); err != nil {
				t.Fatal(err)
			}
			noted := theOrder(t, s.Dispatcher, "TEST-0000").Unreached // one that may fail was told, and stops nothing
			if stopped := len(noted) == 1; stopped == mayFail || stopped && noted[0].Numbers[0] != "10000017" {
				t.Errorf("may fail: %v, noted %+v", mayFail, noted)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // given up on
		s := newSendings(t)
		hasOrder(t, s.Dispatcher, order.Order{ID: "TEST-0000", State: merge.InReview, ToAnnounce: 1})
		item := mailItem(outbox.OrderAnnounced)
		item.Recipients = []outbox.Recipient{{Address: "no address", Numbers: []string{"10000025"}, Earlier: true, MayFail: true}}
		s.SES.(*fakeSES).fail = []error{&smithy.GenericAPIError{Code: "MessageRejected", Fault: smithy.FaultClient}}
		s.invoke(t, s.put(t, item))
		o := theOrder(t, s.Dispatcher, "TEST-0000")
		if len(o.Unreached) != 0 || o.AnnouncedAt.IsZero() || len(o.History) != 1 || o.History[0].Event != order.AnnouncementFailed {
			t.Errorf("noted %+v, announced at %s, %+v", o.Unreached, o.AnnouncedAt, o.History)
		}
	})
}
