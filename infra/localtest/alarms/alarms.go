// Package alarms says what the alarms of template.yaml and infra/edge.yaml would do: by a log that a function wrote, or by
// values of a metric of AWS's. Tests see each alarm firing by it.
package alarms

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// What Ref of the stack's name and of the stage stand for: metrics of a function under test need the same.
const (
	Namespace = "kundenkonto"
	Stage     = "prod"
)

// None is no value in a period.
var None = math.NaN()

// Metric is what an alarm looks at. Dimensions are by name; a value that the template refers to is the logical id, with the
// attribute behind a dot.
type Metric struct {
	Namespace, Name, Stat string
	Dimensions            map[string]string
}

// Alarm is one of the templates. Of several metrics it looks at the sum.
type Alarm struct {
	ID                     string
	Metrics                []Metric
	Filled                 bool // a metric without a value counts as 0
	Period                 int  // seconds
	Evaluated, ToAlarm     int  // periods looked at, and how many of them are to be beyond the threshold
	Comparison, WhenAbsent string
	Threshold              float64
}

type document struct {
	Resources map[string]struct {
		Type       string    `yaml:"Type"`
		Properties yaml.Node `yaml:"Properties"`
	} `yaml:"Resources"`
}

// All are the alarms of both templates, by logical id.
func All(t testing.TB) map[string]Alarm {
	t.Helper()
	all := map[string]Alarm{}
	for _, file := range []string{"template.yaml", "infra/edge.yaml"} {
		for id, r := range read(t, file).Resources {
			if r.Type == "AWS::CloudWatch::Alarm" {
				all[id] = alarmOf(t, id, &r.Properties)
			}
		}
	}
	return all
}

// expression is the only metric math that alarms use. Without FILL a metric that counts nothing might leave the sum without a
// value, and an alarm on AWS/DynamoDB stays as it is while values are missing, whatever TreatMissingData says
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
const expression = "SUM(FILL(METRICS(), 0))"

func alarmOf(t testing.TB, id string, p *yaml.Node) Alarm {
	t.Helper()
	a := Alarm{ID: id, Comparison: text(p, "ComparisonOperator"), WhenAbsent: text(p, "TreatMissingData"), Threshold: number(t, p, "Threshold"), Evaluated: int(number(t, p, "EvaluationPeriods"))}
	a.ToAlarm = a.Evaluated
	if child(p, "DatapointsToAlarm") != nil {
		a.ToAlarm = int(number(t, p, "DatapointsToAlarm"))
	}
	if child(p, "MetricName") != nil {
		a.Period = int(number(t, p, "Period"))
		a.Metrics = []Metric{metricOf(p, text(p, "Statistic")+text(p, "ExtendedStatistic"))}
		return a
	}
	for _, m := range child(p, "Metrics").Content {
		if e := text(m, "Expression"); e != "" {
			if e != expression || text(m, "ReturnData") != "" {
				t.Errorf("%s looks at %s", id, e)
			}
			a.Filled = true
			continue
		}
		if text(m, "ReturnData") != "false" {
			t.Errorf("%s looks at a single metric of several", id)
		}
		stat := child(m, "MetricStat")
		a.Period = int(number(t, stat, "Period"))
		a.Metrics = append(a.Metrics, metricOf(child(stat, "Metric"), text(stat, "Stat")))
	}
	if a.Filled && a.ToAlarm >= a.Evaluated { // the latest value may still come, and is 0 until then
		t.Errorf("%s has no second look at a period that was filled", id)
	}
	if len(a.Metrics) > 10 {
		t.Errorf("%s has %d metrics, and an alarm takes ten", id, len(a.Metrics))
	}
	return a
}

func metricOf(p *yaml.Node, stat string) Metric {
	m := Metric{Namespace: text(p, "Namespace"), Name: text(p, "MetricName"), Stat: stat, Dimensions: map[string]string{}}
	if m.Namespace == "AWS::StackName" {
		m.Namespace = Namespace
	}
	if d := child(p, "Dimensions"); d != nil {
		for _, one := range d.Content {
			m.Dimensions[text(one, "Name")] = text(one, "Value")
		}
	}
	return m
}

// Value of a metric in a period by its statistic, None of no samples.
func (m Metric) Value(samples []float64) float64 {
	if len(samples) == 0 {
		return None
	}
	sum := 0.0
	for _, s := range samples {
		sum += s
	}
	switch {
	case m.Stat == "Sum":
		return sum
	case m.Stat == "Average":
		return sum / float64(len(samples))
	case m.Stat == "Maximum":
		return slices.Max(samples)
	case strings.HasPrefix(m.Stat, "p"):
		percent, err := strconv.ParseFloat(m.Stat[1:], 64)
		if err != nil {
			return None
		}
		sorted := slices.Sorted(slices.Values(samples))
		return sorted[min(len(sorted)-1, int(percent/100*float64(len(sorted))))]
	}
	return None
}

// States of an alarm.
const (
	OK           = "OK"
	Alarmed      = "ALARM"
	Insufficient = "INSUFFICIENT_DATA"
)

// State of the alarm after these periods, of which None had no value. before is its state until then.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
func (a Alarm) State(before string, periods ...float64) string {
	looked := make([]float64, a.Evaluated)
	for i := range looked {
		looked[i] = None
		if at := len(periods) - a.Evaluated + i; at >= 0 {
			looked[i] = periods[at]
		}
	}
	beyond, absent := 0, 0
	for _, v := range looked {
		switch {
		case math.IsNaN(v) && a.Filled:
			v = 0
		case math.IsNaN(v):
			absent++
			continue
		}
		if a.beyond(v) {
			beyond++
		}
	}
	when := a.WhenAbsent
	if a.Metrics[0].Namespace == "AWS/DynamoDB" {
		when = "ignore"
	}
	switch {
	case beyond >= a.ToAlarm:
		return Alarmed
	case absent == 0, when == "notBreaching":
		return OK
	case when == "breaching" && beyond+absent >= a.ToAlarm:
		return Alarmed
	case absent < len(looked) && when != "ignore":
		return OK
	case when == "ignore":
		return before
	}
	return Insufficient
}

func (a Alarm) beyond(v float64) bool {
	switch a.Comparison {
	case "GreaterThanThreshold":
		return v > a.Threshold
	case "GreaterThanOrEqualToThreshold":
		return v >= a.Threshold
	case "LessThanThreshold":
		return v < a.Threshold
	case "LessThanOrEqualToThreshold":
		return v <= a.Threshold
	}
	return false
}

// FiresOn fails the test unless the alarm goes off by what the function (a folder of functions/) logged in one period, does not
// by the quiet log, and is over when nothing is logged any more. The function's meter needs Namespace and Stage.
func FiresOn(t testing.TB, id, function, firing, quiet string) {
	t.Helper()
	a, ok := All(t)[id]
	if !ok || len(a.Metrics) != 1 {
		t.Fatalf("there is no alarm %s on a metric of a log", id)
	}
	m, main := a.Metrics[0], read(t, "template.yaml")
	fired, still := m.Value(samples(t, main, m, function, firing)), m.Value(samples(t, main, m, function, quiet))
	if state := a.State(OK, fired); state != Alarmed {
		t.Errorf("%s is %s at %v of %s by:\n%.2000s", id, state, fired, m.Name, firing)
	}
	if state := a.State(OK, still); state != OK {
		t.Errorf("%s is %s at %v of %s by:\n%.2000s", id, state, still, m.Name, quiet)
	}
	if state := a.State(Alarmed, append([]float64{fired}, slices.Repeat([]float64{None}, a.Evaluated)...)...); state != OK {
		t.Errorf("%s is still %s when nothing is logged", id, state)
	}
}

// read a template of the repository.
func read(t testing.TB, file string) document {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root(t), file))
	if err != nil {
		t.Fatal(err)
	}
	var doc document
	if err := yaml.Unmarshal(source, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func root(t testing.TB) string {
	t.Helper()
	for folder := "."; len(folder) < 40; folder = filepath.Join(folder, "..") {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
	}
	t.Fatal("no go.mod above")
	return ""
}

func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func text(n *yaml.Node, key string) string {
	if c := child(n, key); c != nil {
		return c.Value
	}
	return ""
}

func number(t testing.TB, n *yaml.Node, key string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(text(n, key), 64)
	if err != nil {
		t.Error(fmt.Errorf("%s: %w", key, err))
	}
	return f
}
