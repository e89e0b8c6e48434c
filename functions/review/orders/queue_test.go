package orders

import (
	"testing"
	"time"

	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestATimeIsSaidInItsTwoLargestUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Minute: "0 Min.", 59 * time.Second: "0 Min.", time.Hour: "1 Std.", 61 * time.Minute: "1 Std. 1 Min.", 6*time.Hour + time.Minute: "6 Std.", 24 * time.Hour: "1 Tag",
		25 * time.Hour: "1 Tag 1 Std.", 50*time.Hour + 59*time.Minute: "2 Tage 2 Std.", 10*24*time.Hour + 5*time.Hour: "10 Tage",
	} {
		if got := span(d).In(lang.DE); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestAnOrderThatIsOverIsNotOverdue(t *testing.T) {
	for state, want := range map[merge.State]bool{merge.InReview: true, merge.Stale: true, merge.Expired: false, merge.Executed: false} {
		if got := overdue(order.Order{Escalated: true, State: state}, sampleorder.Start); got != want {
			t.Errorf("%s: overdue is %v", state, got)
		}
	}
}
