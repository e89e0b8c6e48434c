package mergesubmit

import (
	"strings"
	"testing"

	"kundenkonto/shared/merge"
)

// The order's page says what the order was submitted with; when nothing came of it, nothing of the other number any more.
func TestTheOrderPageShowsCreditsOfItsNumbers(t *testing.T) {
	for state, told := range map[merge.State]bool{merge.InReview: true, merge.Executed: true, merge.Rejected: false, merge.Vetoed: false} {
		o := inReview()
		o.State = state
		o.History = append(o.History, o.History[len(o.History)-1])
		o.History[len(o.History)-1].State = state
		o.Survivor.Balances = []merge.Balance{{Number: own, Cents: -50}}
		o.Sources[0].Balances = []merge.Balance{{Number: other, Cents: -2500}}
		got := with(t, o).Get(orderPath).Find("#result").Parent().Text()
		if !strings.Contains(got, own+": Guthaben 0,50\u00a0€") || strings.Contains(got, other+": Guthaben 25,00\u00a0€") != told ||
			!strings.Contains(got, "Jeder Betrag bleibt bei seiner Kundennummer.") {
			t.Errorf("%s: %q", state, got)
		}
	}
}
