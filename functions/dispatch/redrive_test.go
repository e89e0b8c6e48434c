package dispatch

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/table"
)

// withoutLists are tables whose lists cannot be read.
func withoutLists() table.DB {
	fake := tablefake.New()
	return fake.Client(tablefake.Watched{Next: fake, Before: func(c tablefake.Call) error {
		if c.Operation == "Query" {
			return errors.New("no answer: canary@kundenkonto.example")
		}
		return nil
	}})
}

// Lambda lays an event that failed to the dead letters, and there it would hide a bounce that nobody noted (M4).
func TestARunOfTheScheduleThatFailsIsCountedAndNotLaidAside(t *testing.T) {
	d, log := dispatcher(t)
	d.Orders.DB = withoutLists()
	if _, err := d.Handle(t.Context(), json.RawMessage(`{"redrive":true}`)); err != nil {
		t.Errorf("Lambda keeps the event: %v", err)
	}
	if got := log.String(); !strings.Contains(got, `"event":"redrive.failed"`) || strings.Contains(got, "canary") {
		t.Errorf("logged %s", got)
	}
}
