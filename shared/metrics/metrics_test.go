package metrics_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"slices"
	"testing"
	"time"

	"kundenkonto/shared/metrics"
)

// What CloudWatch reads of a line, by the format's specification: root attributes named by the directive are the metrics and
// dimensions.
type line struct {
	AWS struct {
		Timestamp         int64
		CloudWatchMetrics []struct {
			Namespace  string
			Dimensions [][]string
			Metrics    []struct{ Name, Unit string }
		}
	} `json:"_aws"`
}

func TestALineOfTheLogIsReadAsMetricsByCloudWatch(t *testing.T) {
	var out bytes.Buffer
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	m := metrics.Meter{Namespace: "kundenkonto", Stage: "prod"}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("orders", m.Args(now, metrics.One(metrics.SignIns), metrics.Value{Name: metrics.OldestReview, Value: 90})...)
	var got line
	var root map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &root); err != nil {
		t.Fatal(err)
	}
	if got.AWS.Timestamp != now.UnixMilli() || len(got.AWS.CloudWatchMetrics) != 1 {
		t.Fatalf("%s", out.String())
	}
	g := got.AWS.CloudWatchMetrics[0]
	if g.Namespace != "kundenkonto" || len(g.Dimensions) != 1 || !slices.Equal(g.Dimensions[0], []string{"Stage"}) || root["Stage"] != "prod" {
		t.Errorf("%s", out.String())
	}
	units := map[string]string{}
	for _, d := range g.Metrics {
		if _, isNumber := root[d.Name].(float64); !isNumber {
			t.Errorf("%s is no number at the root: %s", d.Name, out.String())
		}
		units[d.Name] = d.Unit
	}
	if units["SignIns"] != "Count" || units["OldestReview"] != "Seconds" || root["OldestReview"] != 90.0 || root["SignIns"] != 1.0 {
		t.Errorf("%s", out.String())
	}
}

func TestWithoutANamespaceOrAValueALineIsNoMetric(t *testing.T) {
	if got := (metrics.Meter{}).Attrs(time.Now(), metrics.One(metrics.SignIns)); got != nil {
		t.Errorf("%v", got)
	}
	if got := (metrics.Meter{Namespace: "n"}).Args(time.Now()); got != nil {
		t.Errorf("%v", got)
	}
}
