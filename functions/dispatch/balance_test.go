package dispatch

import (
	"slices"
	"testing"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// Whoever ordered the merge is told all balances, the other side those of the own numbers, and an address of before nothing.
func TestTheMailOfAnExecutionTellsEachSideItsBalances(t *testing.T) {
	d, _ := dispatcher(t)
	item := outbox.Item{Event: outbox.OrderExecuted, Order: "K7QX-2M4D", Values: map[string]string{
		order.ValueSurvivor: "10000017", order.ValueSources: "10000023,10000031", order.ValueEarlier + "10000023": "10000049",
		order.ValueBalance + "10000017": "-50", order.ValueBalance + "10000023": "-2500", order.ValueBalance + "10000031": "-1", order.ValueBalance + "10000049": "-700"}}
	for name, c := range map[string]struct {
		to   outbox.Recipient
		want []mail.Balance
	}{
		"the ordering side": {outbox.Recipient{Own: true, Language: "de"}, []mail.Balance{{Number: "10000017", Said: "Guthaben 0,50\u00a0€"},
			{Number: "10000023", Said: "Guthaben 25,00\u00a0€"}, {Number: "10000031", Said: "Guthaben 0,01\u00a0€"}, {Number: "10000049", Said: "Guthaben 7,00\u00a0€"}}},
		"the other side": {outbox.Recipient{Numbers: []string{"10000023"}, Language: "en"},
			[]mail.Balance{{Number: "10000023", Said: "credit of €25.00"}, {Number: "10000049", Said: "credit of €7.00"}}},
	} {
		letter, err := d.letter(t.Context(), item, c.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := letter.(mail.OrderExecuted).Balances; !slices.Equal(got, c.want) {
			t.Errorf("%s is told %+v", name, got)
		}
	}
	earlier, err := d.letter(t.Context(), item, outbox.Recipient{Numbers: []string{"10000023"}, Earlier: true})
	if _, is := earlier.(mail.OrderToEarlierAddress); !is || err != nil {
		t.Errorf("%T, %v", earlier, err)
	}
}
