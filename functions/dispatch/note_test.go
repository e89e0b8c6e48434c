package dispatch

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// told are the mails noted for a number, newest first.
func told(t *testing.T, number string) []audit.Event {
	t.Helper()
	events, _, err := audit.Store{Store: localtest.Store(t)}.List(t.Context(), number, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func TestASentMailIsNotedForEachNumberItIsAboutWithoutItsLinks(t *testing.T) {
	d, _ := onCloud(t)
	survivor, source := localtest.Number(t), localtest.Number(t)
	address := survivor + "@noted.example"
	id := put(t, outbox.Item{Event: outbox.OrderApproved, Key: source + "#x", Parent: outbox.OrderApproved + "#" + source, Order: "TEST-0000",
		Values:     map[string]string{order.ValueSurvivor: survivor, order.ValueSources: source},
		Recipients: []outbox.Recipient{{Address: address, Numbers: []string{source}, Own: true, Name: "Anna Schäfer"}}})
	d.item(t.Context(), id)
	d.item(t.Context(), id)
	for _, number := range []string{survivor, source} {
		events := told(t, number)
		if len(events) != 1 || events[0].Action != audit.MailSent || !strings.Contains(events[0].New[audit.KeySubject], "TEST-0000") {
			t.Fatalf("noted for %s: %+v", number, events)
		}
		for _, v := range events[0].New {
			if strings.Contains(v, "token") || strings.Contains(v, "http") || strings.Contains(v, address) {
				t.Errorf("the note holds %q (S20)", v)
			}
		}
	}
}

func TestAMailGivenUpIsNotedAsSuch(t *testing.T) {
	d, _ := onCloud(t)
	number := localtest.Number(t)
	id := put(t, outbox.Item{Event: outbox.PasswordChanged, Key: number + "#x", Parent: outbox.PasswordChanged + "#" + number,
		Recipients: []outbox.Recipient{{Address: "no address", Numbers: []string{number}, Own: true}}})
	d.SES.(*fakeSES).fail = []error{&smithy.GenericAPIError{Code: "MessageRejected", Fault: smithy.FaultClient}}
	d.item(t.Context(), id)
	events := told(t, number)
	if !slices.ContainsFunc(events, func(e audit.Event) bool {
		return e.Action == audit.MailFailed && e.New[audit.KeyEvent] == outbox.PasswordChanged
	}) {
		t.Errorf("noted: %+v", events)
	}
}
