package infra

import (
	"slices"
	"testing"
)

// behindNobody are the functions that no visitor waits for: when they fail, only an alarm says so.
var behindNobody = []string{"DispatchFunction", "ReviewTaskFunction", "MergeExecuteFunction"}

func TestWhatFailsBehindEveryonesBackRaisesAnAlarm(t *testing.T) {
	alarms := resources(t, "AWS::CloudWatch::Alarm")
	raised := func(metric, of string) bool {
		for _, a := range alarms {
			if value(a, "MetricName").Value == metric && slices.Contains(scalars(value(a, "Dimensions")), of) {
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
		if value(a, "AlarmActions") == nil || value(a, "AlarmDescription") == nil {
			t.Errorf("%s tells nobody, or says nothing", name)
		}
	}
}
