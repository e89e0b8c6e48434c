package overview_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
)

func balanceOf(t *testing.T, w *visitor.Visitor, lang string) string {
	t.Helper()
	a := w.Get("/account?lang=" + lang)
	return strings.ReplaceAll(a.Text(".facts div:last-child dd"), "\u00a0", " ")
}

func TestTheOverviewSaysWhatIsOwedAndWhatCreditThereIs(t *testing.T) {
	for name, c := range map[string]struct {
		own, member int64
		alone       bool
		de, en      string
	}{
		"one number that owes nothing": {0, 0, true, "nichts offen", "nothing due"},
		"one number that owes 7 euros": {700, 0, true, "7,00 € offen", "€7.00 due"},
		"one number with a credit":     {-2500, 0, true, "Guthaben 25,00 €", "credit of €25.00"},
		"two numbers that owe nothing": {0, 0, false, "nichts offen So ist es", "nothing due This is the latest booked balance"},
		"a bill for the merged one":    {0, 700, false, "10000023: 7,00 € offen zusammen: 7,00 € offen", "10000023: €7.00 due together: €7.00 due"},
		"a bill beside a credit, of which nothing is taken": {-2500, 700, false,
			"10000017: Guthaben 25,00 €10000023: 7,00 € offen zusammen: 7,00 € offen, Guthaben 25,00 €", "together: €7.00 due, credit of €25.00"},
		"credits of both": {-100, -50, false, "zusammen: Guthaben 1,50 €", "together: credit of €1.50"},
	} {
		t.Run(name, func(t *testing.T) {
			w := visitor.Anna(t)
			w.Is(func(p *customer.Profile) { p.BalanceCents = c.own })
			w.Change(visitor.Earlier, func(p *customer.Profile) { p.BalanceCents = c.member })
			if c.alone {
				w.Is(func(p *customer.Profile) { p.Members = nil })
			}
			if got := balanceOf(t, w, "de"); !strings.Contains(got, c.de) {
				t.Errorf("says %q, want %q", got, c.de)
			}
			if got := balanceOf(t, w, "en"); !strings.Contains(got, c.en) {
				t.Errorf("says %q, want %q", got, c.en)
			}
		})
	}
}

func TestTheBalancesOfTheOverviewAsJSON(t *testing.T) {
	w := visitor.Anna(t)
	w.Is(func(p *customer.Profile) { p.BalanceCents = -2500 })
	w.Change(visitor.Earlier, func(p *customer.Profile) { p.BalanceCents = 700 })
	var got struct {
		Balances struct {
			Numbers []merge.Balance `json:"numbers"`
			Owed    int64           `json:"owedCents"`
			Credit  int64           `json:"creditCents"`
		}
	}
	if err := json.Unmarshal([]byte(w.Get("/account", "Accept", "application/json").Body), &got); err != nil {
		t.Fatal(err)
	}
	b := got.Balances
	if len(b.Numbers) != 2 || b.Numbers[1] != (merge.Balance{Number: "10000023", Cents: 700}) || b.Owed != 700 || b.Credit != 2500 {
		t.Errorf("%+v", b)
	}
}

// What is owed stands first, with the way to pay it; a credit pays nothing.
func TestWhatIsOwedStandsFirst(t *testing.T) {
	for _, c := range []struct {
		own, member int64
		says        string
	}{
		{0, 0, ""}, {-100, 0, ""}, {1999, 0, "Zu bezahlen sind noch 19,99 €."}, {1999, 1, "Zu bezahlen sind noch 20,00 €."}, {-500, 700, "Zu bezahlen sind noch 7,00 €."},
	} {
		w := visitor.Anna(t)
		w.Is(func(p *customer.Profile) { p.BalanceCents = c.own })
		w.Change(visitor.Earlier, func(p *customer.Profile) { p.BalanceCents = c.member })
		a := w.Get("/account")
		card := a.Find("section:has(#offen)")
		if got := strings.Join(strings.Fields(card.Text()), " "); !strings.Contains(got, c.says) || (c.says == "") != (got == "") {
			t.Errorf("%+v: %q", c, got)
		}
		if got := card.Find(`a[href="` + world.Links.Pay + `"]`).Length(); (got == 1) != (c.says != "") {
			t.Errorf("%+v: %d ways to pay", c, got)
		}
		if a.Find(`main dl a[href="`+world.Links.Invoices+`"]`).Length() != 1 || a.Find(`nav a[href="`+world.Links.Invoices+`"]`).Length() != 1 {
			t.Error("the invoices are not linked")
		}
	}
}

// While somebody objects to a merge, what was booked for the other number may be somebody else's (M4).
func TestTheOverviewWithholdsBalancesOfMergedNumbersDuringAnObjection(t *testing.T) {
	w := visitor.Anna(t)
	w.SaveOrder(visitor.Objection(visitor.Earlier))
	w.Is(func(p *customer.Profile) { p.BalanceCents = -2500 })
	w.Change(visitor.Earlier, func(p *customer.Profile) { p.BalanceCents = 700 })
	if got := balanceOf(t, w, "de"); !strings.HasPrefix(got, "Guthaben 25,00 €") || strings.Contains(got, "7,00") || !strings.Contains(got, "Einspruch") {
		t.Errorf("says %q", got)
	}
}
