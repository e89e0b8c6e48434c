package infra

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// dimension of each namespace of AWS that the dashboard shows: the only one by which a metric of ours can be found.
var dimension = map[string]string{"AWS/Lambda": "FunctionName", "AWS/ApiGateway": "ApiId", "AWS/DynamoDB": "TableName", "AWS/SQS": "QueueName",
	"AWS/States": "StateMachineArn", "AWS/SES": ""}

// metricsOfAWS are those that the services count under these dimensions, by their documentation (Lambda: monitoring-metrics,
// API Gateway: http-api-metrics, DynamoDB: metrics-dimensions, SQS: sqs-available-cloudwatch-metrics, Step Functions:
// procedure-cw-metrics, SES: reputationdashboard-cloudwatch-alarm).
var metricsOfAWS = map[string][]string{
	"AWS/Lambda": {"Errors", "Throttles", "Duration"}, "AWS/ApiGateway": {"Count", "4xx", "5xx", "Latency", "IntegrationLatency"},
	"AWS/DynamoDB": {"ReadThrottleEvents", "WriteThrottleEvents"}, "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
	"AWS/States": {"ExecutionsFailed", "ExecutionsTimedOut"}, "AWS/SES": {"Reputation.BounceRate", "Reputation.ComplaintRate"},
}

// ofStack is the namespace of what the functions and the filters of their logs count.
const ofStack = "${AWS::StackName}"

func TestTheDashboardShowsMetricsThatAreCounted(t *testing.T) {
	emitted, filtered := metricNames(t), []string{}
	for _, filter := range resources(t, "AWS::Logs::MetricFilter") {
		filtered = append(filtered, value(value(filter, "MetricTransformations").Content[0], "MetricName").Value)
	}
	shown := map[string]bool{}
	for _, m := range dashboardMetrics(t) {
		namespace, name, dimensions := m[0], m[1], m[2:]
		switch {
		case namespace != ofStack:
			if !slices.Contains(metricsOfAWS[namespace], name) || (len(dimensions) == 0) != (dimension[namespace] == "") || len(dimensions) > 0 && dimensions[0] != dimension[namespace] {
				t.Errorf("AWS counts no %v", m)
			}
			if len(dimensions) == 2 && !strings.HasPrefix(dimensions[1], "${") {
				t.Errorf("%v names no resource", m)
			}
		case len(dimensions) == 0:
			if !slices.Contains(filtered, name) {
				t.Errorf("no filter counts %s", name)
			}
		default:
			if !slices.Equal(dimensions, []string{"Stage", "${Stage}"}) || !slices.Contains(emitted, name) {
				t.Errorf("no function counts %v", m)
			}
			shown[name] = true
		}
	}
	for _, name := range emitted {
		if !shown[name] {
			t.Errorf("%s is counted and not shown", name)
		}
	}
	for namespace := range dimension {
		if !slices.ContainsFunc(dashboardMetrics(t), func(m []string) bool { return m[0] == namespace }) {
			t.Errorf("the dashboard shows nothing of %s", namespace)
		}
	}
	for _, a := range resources(t, "AWS::CloudWatch::Alarm") {
		if n := value(a, "Namespace"); n != nil && n.Value == "AWS::StackName" && len(scalars(value(a, "Dimensions"))) > 0 && !slices.Contains(emitted, value(a, "MetricName").Value) {
			t.Errorf("an alarm waits for %s, which no function counts", value(a, "MetricName").Value)
		}
	}
}

// metricNames are the names of shared/metrics that other packages count by.
func metricNames(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("../shared/metrics/metrics.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\w+)\s+Name = "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		if m[1] != m[2] || !inSource(t, "metrics."+m[1]) {
			t.Errorf("%s is counted by no function", m[1])
		}
		found[m[2]] = true
	}
	if len(found) < 10 {
		t.Fatalf("%d metrics", len(found))
	}
	return slices.Sorted(maps.Keys(found))
}

// dashboardMetrics are the lines of all graphs: namespace, name, and a dimension with its value.
func dashboardMetrics(t *testing.T) (all [][]string) {
	t.Helper()
	var body struct {
		Widgets []struct {
			X, Y, Width, Height int
			Properties          struct {
				Title, Region, Stat string
				Period              int
				Metrics             [][]string
			}
		}
	}
	if err := json.Unmarshal([]byte(value(resources(t, "AWS::CloudWatch::Dashboard")["Dashboard"], "DashboardBody").Value), &body); err != nil {
		t.Fatalf("the dashboard is no JSON: %v", err)
	}
	for _, w := range body.Widgets {
		if p := w.Properties; p.Title == "" || p.Region == "" || p.Stat == "" || p.Period%60 != 0 || len(p.Metrics) == 0 || w.X+w.Width > 24 {
			t.Errorf("graph %+v", w)
		}
		all = append(all, w.Properties.Metrics...)
	}
	return all
}
