package dispatch

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// sentMail is a mail as the local cloud's SES kept it.
type sentMail struct {
	To                []string
	Subject, BodyText string
	BodyHTML          string `json:"BodyHtml"`
}

// mailbox waits until n mails are there for an address, and a moment longer for one too many.
func mailbox(t *testing.T, address string, n int) []sentMail {
	t.Helper()
	var found []sentMail
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(300 * time.Millisecond) {
		found = nil
		for _, m := range allMails(t) {
			if slices.Contains(m.To, address) {
				found = append(found, m)
			}
		}
		if len(found) >= n || time.Now().After(deadline) {
			return found
		}
	}
}

func allMails(t *testing.T) []sentMail {
	t.Helper()
	r, err := http.Get(localtest.Cloud(t).AWS + "/_ministack/ses/messages")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var answer struct {
		Messages map[string][]sentMail `json:"messages"`
	}
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return slices.Concat(answer.Messages["000000000000"])
}

func TestTheDeployedFunctionSendsEveryMailToEachSideInItsLanguage(t *testing.T) {
	admin := localtest.Store(t)
	number := localtest.Number(t)
	// Each kind, with words of the German mail to the acting side and of the English one to the other side.
	kinds := []struct{ event, own, other string }{
		{outbox.PasswordChanged, "Ihr Kundenpasswort wurde geändert", "Your customer password has been changed"},
		{outbox.MasterDataChanged, "Ihre Stammdaten wurden geändert", "Your details have been changed"},
		{outbox.OrderAnnounced, "Wir prüfen die Zusammenfassung", "is to be merged with"},
		{outbox.OrderApproved, "ist genehmigt, wird am", "is approved and will be carried out on"},
		{outbox.OrderRejected, "ist abgelehnt", "has been rejected"},
		{outbox.OrderExecuted, "Ihre Kundennummern sind zusammengefasst", "Your customer numbers have been merged"},
		{outbox.OrderWithdrawn, "ist zurückgezogen", "has been withdrawn"},
		{outbox.OrderVetoed, "Die Zusammenfassung ist gestoppt", "The merge has been stopped"},
		{outbox.OrderFailed, "dauert länger", "is taking longer"},
		{outbox.OrderStale, "wartet auf Sie", "is on hold"},
		{outbox.OrderConfirmed, "ist bestätigt", "has been confirmed"},
		{outbox.OrderObjected, "Einspruch gegen die Zusammenfassung", "Objection to the merge"},
		{outbox.OrderObjectionDismissed, "bleibt bestehen", "stays in place"},
		{outbox.OrderUndone, "ist rückgängig gemacht", "has been undone"},
		{outbox.OrderExpired, "ist abgelaufen", "has expired"},
	}
	address := func(event, side string) string { return side + "." + event + "." + number + "@sent.example" }
	for _, k := range kinds {
		item := outbox.Item{Event: k.event, Key: number, Order: "TEST-" + number[8:], CreatedAt: time.Now(), Values: map[string]string{
			order.ValueSurvivor: "10000017", order.ValueSources: "10000023", order.ValueReason: "Grund-nur-für-die-eine-Seite",
			order.ValueExecuteAt: time.Now().Format(time.RFC3339Nano), "old.phone": "030 1", "new.phone": "030 2",
		}, Recipients: []outbox.Recipient{
			{Address: address(k.event, "own"), Own: true, Language: "de", Name: "Anna Schäfer", Numbers: []string{number}},
			{Address: address(k.event, "other"), Language: "en", Name: "Zoë Grün", Numbers: []string{"10000023"}},
		}}
		if err := admin.Transact(t.Context(), []types.TransactWriteItem{outbox.Put(admin.Names, item)}, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range kinds {
		own, other := mailbox(t, address(k.event, "own"), 1), mailbox(t, address(k.event, "other"), 1)
		if len(own) != 1 || len(other) != 1 {
			t.Errorf("%s: %d and %d mails, want one each", k.event, len(own), len(other))
			continue
		}
		for side, m := range map[string]sentMail{k.own: own[0], k.other: other[0]} {
			if !strings.Contains(m.Subject, side) || m.BodyText == "" || !strings.Contains(m.BodyHTML, "</html>") {
				t.Errorf("%s: subject %q, want %q in it", k.event, m.Subject, side)
			}
		}
		told := strings.Contains(own[0].BodyText, "Grund-nur") && !strings.Contains(other[0].BodyText, "Grund-nur")
		if k.event == outbox.OrderRejected && !told {
			t.Error("the reason is for the ordering customer only")
		}
		stop := strings.Contains(other[0].BodyText, "/merge/veto?token=")
		if want := slices.Contains(stoppable, k.event); stop != want {
			t.Errorf("%s: stop link for the other side is %v", k.event, stop)
		}
	}
}

func TestTheDeployedFunctionNotesAMailThatBounced(t *testing.T) {
	admin, number := localtest.Store(t), localtest.Number(t)
	item := outbox.Item{Event: outbox.PasswordChanged, Key: number, CreatedAt: time.Now(), Values: map[string]string{outbox.ValueNumber: number},
		Recipients: []outbox.Recipient{{Address: "bounce@simulator.amazonses.com", Numbers: []string{number}, Own: true}}}
	if err := admin.Transact(t.Context(), []types.TransactWriteItem{outbox.Put(admin.Names, item)}, ""); err != nil {
		t.Fatal(err)
	}
	var events []audit.Event
	for deadline := time.Now().Add(time.Minute); len(events) < 2 && time.Now().Before(deadline); time.Sleep(300 * time.Millisecond) {
		events = told(t, number)
	}
	if len(events) != 2 || events[0].Action != audit.MailReturned || events[0].New[audit.KeyMail] != events[1].New[audit.KeyMail] {
		t.Errorf("%+v", events)
	}
}
