package infra

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/credential"
)

// logsOf names the log group of each function that compares passwords.
var logsOf = map[string]string{"login": "LoginLogs", "account": "AccountLogs", "mergediff": "MergeDiffLogs", "mergesubmit": "MergeSubmitLogs"}

// S4: a corrupt hash is an alarm wherever passwords are compared.
func TestCorruptHashesRaiseAnAlarm(t *testing.T) {
	counted := map[string]bool{}
	for id, filter := range resources(t, "AWS::Logs::MetricFilter") {
		if !strings.Contains(value(filter, "FilterPattern").Value, credential.Alarm) {
			continue
		}
		if want := `{ $.alarm = "` + credential.Alarm + `" }`; value(filter, "FilterPattern").Value != want {
			t.Errorf("%s filters by %s, want %s", id, value(filter, "FilterPattern").Value, want)
		}
		if m := value(value(filter, "MetricTransformations").Content[0], "MetricName").Value; m != "CorruptHashes" {
			t.Errorf("%s counts %s", id, m)
		}
		counted[value(filter, "LogGroupName").Value] = true
	}
	for _, p := range packages(t) {
		function := slice(p.path())
		for _, i := range p.Imports {
			if function != "" && i == module+"/shared/reauth" && !counted[logsOf[function]] {
				t.Errorf("%s asks for the password again, and its log is not looked at", function)
			}
		}
		if function != "" && comparesPasswords(t, p) && !counted[logsOf[function]] {
			t.Errorf("%s compares passwords, and its log is not looked at", function)
		}
	}
	for _, alarm := range resources(t, "AWS::CloudWatch::Alarm") {
		if slices.Contains(metricsOf(alarm), metricOf{name: "CorruptHashes"}) && value(alarm, "Threshold").Value == "0" && value(alarm, "ComparisonOperator").Value == "GreaterThanThreshold" {
			return
		}
	}
	t.Error("no alarm looks at CorruptHashes")
}

func comparesPasswords(t *testing.T, p goPackage) bool {
	t.Helper()
	for _, f := range p.GoFiles {
		source, err := os.ReadFile(filepath.Join(p.Dir, f))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(source), "credential.Verify(") {
			return true
		}
	}
	return false
}

// L3: how many sign-ins hash at once is bounded by a parameter of the template, and the function that hashes for the
// sign-in serves no page of customers, which a storm of sign-ins could starve.
func TestHashingOfSignInsIsBoundedByAParameter(t *testing.T) {
	function := resources(t, "AWS::Serverless::Function")["LoginFunction"]
	reserved := value(function, "ReservedConcurrentExecutions")
	if reserved == nil || reserved.Tag != "!If" || len(reserved.Content) != 3 ||
		reserved.Content[0].Value != "HasLoginReservation" || reserved.Content[1].Value != "LoginReservedConcurrency" {
		t.Errorf("LoginFunction reserves no concurrency by a parameter: %+v", reserved)
	}
	template, err := os.ReadFile("../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"  LoginReservedConcurrency:\n    Type: Number\n", "HasLoginReservation: !Not [!Equals [!Ref LoginReservedConcurrency, 0]]"} {
		if !strings.Contains(string(template), line) {
			t.Errorf("template.yaml has no %q", line)
		}
	}
	for id, other := range resources(t, "AWS::Serverless::Function") {
		if id != "LoginFunction" && value(other, "ReservedConcurrentExecutions") != nil && value(other, "ReservedConcurrentExecutions").Value == "" &&
			value(other, "ReservedConcurrentExecutions").Content[1].Value == "LoginReservedConcurrency" {
			t.Errorf("%s shares the bound of the sign-in", id)
		}
	}
}

// A flood of forgotten passwords has a queue of its own, of which a few messages are worked on at once and nothing else
// waits behind, and what lies there is of no use after an hour.
func TestForgottenPasswordsHaveAQueueAndLimitsOfTheirOwn(t *testing.T) {
	readers := 0
	for id, function := range resources(t, "AWS::Serverless::Function") {
		events := value(function, "Events")
		if events == nil {
			continue
		}
		for i := 1; i < len(events.Content); i += 2 {
			properties := value(events.Content[i], "Properties")
			if value(properties, "Queue") == nil || value(properties, "Queue").Value != "ForgotQueue.Arn" {
				continue
			}
			readers++
			if at := value(value(properties, "ScalingConfig"), "MaximumConcurrency"); at == nil || at.Value != "2" || id != "DispatchFunction" {
				t.Errorf("%s works on the queue without a bound of 2 at once: %+v", id, at)
			}
			if size := value(properties, "BatchSize"); size == nil || size.Value != "5" {
				t.Errorf("dispatch keeps to five mails a second by batches of 5: %+v", size)
			}
		}
	}
	if readers != 1 {
		t.Errorf("%d functions read the queue", readers)
	}
	queue := resources(t, "AWS::SQS::Queue")["ForgotQueue"]
	if kept := value(queue, "MessageRetentionPeriod").Value; kept != "3600" {
		t.Errorf("a request is kept for %s s", kept)
	}
	if value(queue, "RedrivePolicy") == nil {
		t.Fatal("what cannot be sent is lost without an alarm")
	}
	wait, err := strconv.Atoi(value(queue, "VisibilityTimeout").Value)
	times, err2 := strconv.Atoi(value(value(queue, "RedrivePolicy"), "maxReceiveCount").Value)
	if err != nil || err2 != nil || wait*times <= int((10*time.Minute).Seconds()) {
		t.Errorf("%d times %d s end before the ten minutes are over for which a flood holds mails up: %v, %v", times, wait, err, err2)
	}
}
