package dispatch

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/metrics"
	"kundenkonto/shared/order"
)

func TestOrdersAreCountedByStateAndTheOldestReviewByItsAge(t *testing.T) {
	var log bytes.Buffer
	now := time.Now()
	d := Dispatcher{Now: func() time.Time { return now }, Log: slog.New(slog.NewJSONHandler(&log, nil)), Meter: metrics.Meter{Namespace: "n", Stage: "s"}}
	at := func(s merge.State, ago time.Duration) order.Order {
		return order.Order{ID: "K7QX-2M4D", Customer: "10000017", State: s, SubmittedAt: now.Add(-ago)}
	}
	d.count(t.Context(), []order.Order{at(merge.Submitted, 9*time.Hour), at(merge.InReview, time.Hour), at(merge.InReview, 2*time.Hour), at(merge.Failed, 0)})
	var line map[string]any
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{"OrdersSubmitted": 1.0, "OrdersInReview": 2.0, "OrdersStale": 0.0, "OrdersApproved": 0.0, "OrdersStuck": 1.0, "OldestReview": 7200.0} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v", name, line[name], want)
		}
	}
	if bytes.Contains(log.Bytes(), []byte("K7QX")) || bytes.Contains(log.Bytes(), []byte("10000017")) {
		t.Errorf("a metric names an order: %s", log.String())
	}
}
