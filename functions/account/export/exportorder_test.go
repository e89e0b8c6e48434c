package export

import (
	"testing"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestTheExportTellsOfAnOrderWhatItsPageTells(t *testing.T) {
	o := order.Order{History: []order.Step{{State: merge.Submitted}, {State: merge.InReview, Event: order.Escalation},
		{State: merge.InReview, Event: order.AnnouncementFailed}, {State: merge.InReview, Event: order.Contacted}, {State: merge.Approved}}}
	if got := exportedOrderOf(o, customer.Profile{Number: "10000017"}).History; len(got) != 2 || got[1].State != string(merge.Approved) {
		t.Errorf("steps inside the service team are exported: %+v", got)
	}
}
