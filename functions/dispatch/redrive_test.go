package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// noQueue are orders whose list cannot be read.
type noQueue struct{ Orders }

func (noQueue) Queue(context.Context, int, ...merge.State) ([]order.Order, error) {
	return nil, errors.New("ProvisionedThroughputExceededException: canary@kundenkonto.example")
}

// Lambda lays an event that failed to the dead letters, and there it would hide a bounce that nobody noted (M4).
func TestARunOfTheScheduleThatFailsIsCountedAndNotLaidAside(t *testing.T) {
	d, log := dispatcher(t)
	d.Orders = noQueue{d.Orders}
	if _, err := d.Handle(t.Context(), json.RawMessage(`{"redrive":true}`)); err != nil {
		t.Errorf("Lambda keeps the event: %v", err)
	}
	if got := log.String(); !strings.Contains(got, `"event":"redrive.failed"`) || strings.Contains(got, "canary") {
		t.Errorf("logged %s", got)
	}
}
