package mergeexecute

import (
	"bytes"
	"log/slog"
	"testing"

	"kundenkonto/infra/localtest/alarms"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestAFailedOrderRaisesTheAlarm(t *testing.T) {
	logged := func(in Input, o order.Order) string {
		var log bytes.Buffer
		if _, err := (Handler{Orders: &orders{order: o}, Log: slog.New(slog.NewJSONHandler(&log, nil))}).Handle(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		return log.String()
	}
	quiet := logged(Input{Step: "execute"}, order.Order{State: merge.Executed})
	alarms.FiresOn(t, "FailedOrdersAlarm", "mergeexecute", logged(Input{Step: "fail", Why: "Lambda.Unknown"}, order.Order{State: merge.Failed}), quiet)
	alarms.FiresOn(t, "FailedOrdersAlarm", "mergeexecute", logged(Input{Step: "execute"}, order.Order{State: merge.Failed}), quiet)
}
