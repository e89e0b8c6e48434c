package dispatch

import (
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

// S7: the new address gets the link that confirms, the old one the link that stops, and neither gets the other's.
func TestOnTheCloudEachAddressGetsItsOwnLink(t *testing.T) {
	d, _ := onCloud(t)
	number, now := localtest.Number(t), d.Now()
	item := outbox.Item{CreatedAt: now, Values: map[string]string{
		outbox.ValueNumber: number, outbox.ValueChange: "c1", outbox.ValueAddress: "neu@x.example", outbox.ValueOldAddress: "alt@x.example",
		outbox.ValueEpoch: "3", outbox.ValueUntil: table.FormatTime(now.Add(token.ConfirmLifetime)),
	}}
	for event, purpose := range map[string]string{outbox.EmailConfirm: token.PurposeConfirmEmail, outbox.EmailRequested: token.PurposeStopEmail} {
		item.Event = event
		letter, err := d.letter(t.Context(), item, outbox.Recipient{Address: "x@x.example"})
		if err != nil {
			t.Fatal(err)
		}
		link := ""
		switch m := letter.(type) {
		case mail.EmailConfirm:
			link = m.Link
		case mail.EmailRequested:
			link = m.StopLink
			if m.Address == "neu@x.example" {
				t.Error("the old address is told the new one in full")
			}
		}
		_, secret, found := strings.Cut(link, "?token=")
		if !found {
			t.Fatalf("%s has the link %q", event, link)
		}
		tokens := token.Store{Store: localtest.Store(t)}
		got, _, err := tokens.Find(t.Context(), secret, purpose, now.Add(time.Hour))
		if err != nil || got.Subject != number || got.Epoch != 3 || got.Values[outbox.ValueChange] != "c1" || got.Values[outbox.ValueOldAddress] != "alt@x.example" {
			t.Errorf("%s: the token is %+v, %v", event, got, err)
		}
		if _, _, err := tokens.Find(t.Context(), secret, purpose, got.Expires); err == nil {
			t.Errorf("%s: the link is good for ever", event)
		}
	}
}
