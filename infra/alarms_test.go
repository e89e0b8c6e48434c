package infra

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// behindNobody are the functions that no visitor waits for: when they fail, only an alarm says so.
var behindNobody = []string{"DispatchFunction", "ReviewTaskFunction", "MergeExecuteFunction"}

func TestWhatFailsBehindEveryonesBackRaisesAnAlarm(t *testing.T) {
	alarms := resources(t, "AWS::CloudWatch::Alarm")
	raised := func(metric, of string) bool {
		for _, a := range alarms {
			if slices.Contains(metricsOf(a), metricOf{metric, of}) {
				return true
			}
		}
		return false
	}
	for _, function := range behindNobody {
		if !raised("Errors", function) {
			t.Errorf("no alarm on errors of %s", function)
		}
	}
	for machine := range resources(t, "AWS::Serverless::StateMachine") {
		for _, metric := range []string{"ExecutionsFailed", "ExecutionsTimedOut"} {
			if !raised(metric, machine) {
				t.Errorf("no alarm on %s of %s", metric, machine)
			}
		}
	}
	for queue, q := range resources(t, "AWS::SQS::Queue") {
		if value(q, "RedrivePolicy") == nil && !raised("ApproximateNumberOfMessagesVisible", queue+".QueueName") {
			t.Errorf("no alarm on what lies in %s", queue)
		}
	}
	for name, a := range alarms {
		for _, when := range []string{"AlarmActions", "OKActions"} {
			if !slices.Equal(scalars(value(a, when)), []string{"Alarms"}) {
				t.Errorf("%s tells nobody by %s", name, when)
			}
		}
		if value(a, "AlarmDescription") == nil {
			t.Errorf("%s says nothing", name)
		}
	}
	if topic := resources(t, "AWS::SNS::Topic")["Alarms"]; !slices.Contains(scalars(value(topic, "Subscription")), "AlarmEmail") {
		t.Error("alarms go to a topic that nobody reads")
	}
}

// withPages are the functions that visitors wait for. A page that says what went wrong is a successful run to Lambda.
var withPages = []string{"LoginFunction", "PasswordResetFunction", "AccountFunction", "MergeDiffFunction", "MergeSubmitFunction", "ReviewFunction"}

func TestWhatVisitorsNoticeRaisesAnAlarm(t *testing.T) {
	watched := map[string][]string{} // by metric: whose
	for _, a := range resources(t, "AWS::CloudWatch::Alarm") {
		for _, m := range metricsOf(a) {
			watched[m.name] = append(watched[m.name], m.of)
		}
	}
	tables := []string{}
	for id := range resources(t, "AWS::DynamoDB::Table") {
		tables = append(tables, id)
	}
	for metric, of := range map[string][]string{
		"5xx": {"Api"}, "Latency": {"Api"}, "Errors": withPages, "Throttles": slices.Concat(withPages, behindNobody),
		"Invocations": {"DispatchFunction"}, "IteratorAge": {"DispatchFunction"}, "ApproximateAgeOfOldestMessage": {"ForgotQueue.QueueName"},
		"ReadThrottleEvents": tables, "WriteThrottleEvents": tables,
		"Reputation.BounceRate": {""}, "Reputation.ComplaintRate": {""}, "MailsRefused": {""}, "RedrivesFailed": {""}, "RequestsPastTheEdge": {"Stage"},
	} {
		for _, id := range of {
			if !slices.Contains(watched[metric], id) {
				t.Errorf("no alarm on %s of %s", metric, id)
			}
		}
	}
	silent := resources(t, "AWS::CloudWatch::Alarm")["DispatchSilentAlarm"]
	if value(silent, "TreatMissingData").Value != "breaching" {
		t.Error("a schedule that is gone counts nothing, and that must raise the alarm")
	}
}

// metricOf is a metric of a resource, or of the whole account.
type metricOf struct{ name, of string }

// metricsOf an alarm: of itself, or of its metric math.
func metricsOf(alarm *yaml.Node) (found []metricOf) {
	of := func(dimensions *yaml.Node) string {
		if s := scalars(dimensions); len(s) >= 4 {
			return s[3]
		}
		return ""
	}
	if name := value(alarm, "MetricName"); name != nil {
		return []metricOf{{name.Value, of(value(alarm, "Dimensions"))}}
	}
	for _, m := range value(alarm, "Metrics").Content {
		if stat := value(value(m, "MetricStat"), "Metric"); stat != nil {
			found = append(found, metricOf{value(stat, "MetricName").Value, of(value(stat, "Dimensions"))})
		}
	}
	return found
}

// What an alarm waits for is counted from a line of the log; here each such line is held to the filter that counts it.
func TestEachCountedLineOfTheLogIsWrittenByAFunction(t *testing.T) {
	quoted := regexp.MustCompile(`\$\.(?:event|alarm) = "([^"]+)"`)
	for id, filter := range resources(t, "AWS::Logs::MetricFilter") {
		event := quoted.FindStringSubmatch(value(filter, "FilterPattern").Value)
		if event == nil {
			t.Errorf("%s filters by %s", id, value(filter, "FilterPattern").Value)
			continue
		}
		if !inSource(t, `"`+event[1]+`"`) {
			t.Errorf("%s waits for %q, which no function writes", id, event[1])
		}
		metric := value(value(filter, "MetricTransformations").Content[0], "MetricName").Value
		if !slices.ContainsFunc(slices.Collect(maps.Values(resources(t, "AWS::CloudWatch::Alarm"))), func(a *yaml.Node) bool {
			return value(a, "MetricName") != nil && value(a, "MetricName").Value == metric
		}) {
			t.Errorf("%s counts %s, which no alarm looks at", id, metric)
		}
	}
}

// inSource says whether a text stands in the product's code, tests apart.
func inSource(t *testing.T, text string) bool {
	t.Helper()
	for _, p := range packages(t) {
		for _, f := range p.GoFiles {
			source, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(source), text) {
				return true
			}
		}
	}
	return false
}

// Whoever is woken by an alarm finds what it means and what to do.
func TestEachAlarmHasItsEntryInTheRunbook(t *testing.T) {
	runbook, err := os.ReadFile("../docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Sorted(maps.Keys(resources(t, "AWS::CloudWatch::Alarm")))
	for _, found := range regexp.MustCompile(`(?m)^  (\w+):\n    Type: AWS::CloudWatch::Alarm$`).FindAllStringSubmatch(edgeTemplate(t), -1) {
		want = append(want, found[1])
	}
	entries := map[string]string{}
	for _, entry := range strings.Split(string(runbook), "\n### ")[1:] {
		title, text, _ := strings.Cut(entry, "\n")
		entries[strings.TrimSpace(title)] = text
	}
	for _, id := range want {
		for _, part := range []string{"**Customers:**", "**Look:**", "**Do:**", "**Over when:**"} {
			if !strings.Contains(entries[id], part) {
				t.Errorf("docs/runbook.md: %s lacks %s", id, part)
			}
		}
		delete(entries, id)
	}
	for id := range entries {
		if strings.HasSuffix(id, "Alarm") {
			t.Errorf("docs/runbook.md has an entry for %s, which is no alarm", id)
		}
	}
}

func edgeTemplate(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("edge.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// What the runbook tells to look for in the logs is written there under that name.
func TestTheRunbookLooksForLinesThatAreWritten(t *testing.T) {
	runbook, err := os.ReadFile("../docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`"(?:event|outcome|alarm)":"([^"]+)"`).FindAllStringSubmatch(string(runbook), -1)
	if len(found) < 8 {
		t.Errorf("the runbook looks for %d lines", len(found))
	}
	for _, line := range found {
		if !inSource(t, `"`+line[1]+`"`) {
			t.Errorf("no function logs %s", line[0])
		}
	}
}
