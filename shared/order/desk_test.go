package order

import (
	"testing"
	"time"

	"kundenkonto/shared/merge"
)

// L2: what is open is found, and what is decided costs no look at the queue anything.
func TestOpenOrdersAndObjectionsLieOnADesk(t *testing.T) {
	for _, state := range merge.States() {
		if _, lies := deskOf[Order{State: state}.queue()]; lies != state.Open() {
			t.Errorf("an order %s lies on a desk: %t", state, lies)
		}
	}
	objected := Order{State: merge.Executed, ObjectedAt: time.Now()}
	if _, lies := deskOf[objected.queue()]; !objected.Objected() || !lies {
		t.Errorf("an objection lies on a desk: %t", lies)
	}
}
