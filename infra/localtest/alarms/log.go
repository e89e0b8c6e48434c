package alarms

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// samples of a metric are what CloudWatch makes of the log of a function: by the filters of its log group, or by the lines
// themselves in the embedded metric format.
func samples(t testing.TB, doc document, m Metric, function, log string) (found []float64) {
	t.Helper()
	lines := parsed(t, log)
	for id, r := range doc.Resources {
		if r.Type != "AWS::Logs::MetricFilter" || !strings.HasSuffix(text(propertiesOf(doc, text(&r.Properties, "LogGroupName")), "LogGroupName"), "-"+function) {
			continue
		}
		pattern, err := parsePattern(text(&r.Properties, "FilterPattern"))
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		for _, to := range child(&r.Properties, "MetricTransformations").Content {
			one := Metric{Namespace: text(to, "MetricNamespace"), Name: text(to, "MetricName")}
			if one.Namespace == "AWS::StackName" {
				one.Namespace = Namespace
			}
			if one.Namespace != m.Namespace || one.Name != m.Name || len(m.Dimensions) > 0 {
				continue
			}
			counts, err := strconv.ParseFloat(text(to, "MetricValue"), 64)
			if err != nil {
				t.Fatalf("%s: %v", id, err)
			}
			for _, line := range lines {
				if pattern(line) {
					found = append(found, counts)
				}
			}
			if len(found) == 0 && text(to, "DefaultValue") != "" && len(lines) > 0 {
				found = append(found, number(t, to, "DefaultValue"))
			}
		}
	}
	for _, line := range lines {
		found = append(found, embedded(line, m)...)
	}
	return found
}

// propertiesOf are the properties of a resource, nil if there is none.
func propertiesOf(doc document, id string) *yaml.Node {
	r, ok := doc.Resources[id]
	if !ok {
		return nil
	}
	return &r.Properties
}

func parsed(t testing.TB, log string) (lines []map[string]any) {
	t.Helper()
	for text := range strings.Lines(log) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("a line of the log is no JSON: %s", text)
		}
		lines = append(lines, line)
	}
	return lines
}

// embedded are the values of a metric on a line.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
func embedded(line map[string]any, m Metric) (found []float64) {
	raw, err := json.Marshal(line["_aws"])
	if err != nil {
		return nil
	}
	var directive struct {
		Timestamp         int64
		CloudWatchMetrics []struct {
			Namespace  string
			Dimensions [][]string
			Metrics    []struct{ Name string }
		}
	}
	if json.Unmarshal(raw, &directive) != nil || directive.Timestamp == 0 {
		return nil
	}
	for _, g := range directive.CloudWatchMetrics {
		if g.Namespace != m.Namespace || !slices.ContainsFunc(g.Metrics, func(one struct{ Name string }) bool { return one.Name == m.Name }) {
			continue
		}
		for _, set := range g.Dimensions {
			if value, ok := line[m.Name].(float64); ok && sameDimensions(line, set, m.Dimensions) {
				found = append(found, value)
			}
		}
	}
	return found
}

func sameDimensions(line map[string]any, set []string, want map[string]string) bool {
	if len(set) != len(want) {
		return false
	}
	for _, name := range set {
		value := want[name]
		if value == "Stage" { // the template refers to the parameter
			value = Stage
		}
		if _, ok := want[name]; !ok || line[name] != value {
			return false
		}
	}
	return true
}
