package alarms

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// documented are the metrics of AWS's that alarms look at, as AWS writes of them: by which dimensions they are counted (in the
// order of the alphabet), and which statistics make sense.
var documented = map[string]struct {
	dimensions  []string // each a set, joined by commas
	stats, unit string
	source      string
}{
	"AWS/Lambda Errors":                          {[]string{"FunctionName"}, "Sum", "Count", "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"},
	"AWS/Lambda Throttles":                       {[]string{"FunctionName"}, "Sum", "Count", "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"},
	"AWS/Lambda Invocations":                     {[]string{"FunctionName"}, "Sum", "Count", "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"},
	"AWS/Lambda IteratorAge":                     {[]string{"FunctionName"}, "Maximum Average", "Milliseconds", "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"},
	"AWS/States ExecutionsFailed":                {[]string{"StateMachineArn"}, "Sum", "Count", "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html"},
	"AWS/States ExecutionsTimedOut":              {[]string{"StateMachineArn"}, "Sum", "Count", "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html"},
	"AWS/SQS ApproximateNumberOfMessagesVisible": {[]string{"QueueName"}, "Maximum Average", "Count", "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"},
	"AWS/SQS ApproximateAgeOfOldestMessage":      {[]string{"QueueName"}, "Maximum", "Seconds", "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"},
	"AWS/ApiGateway 5xx":                         {[]string{"ApiId", "ApiId,Stage"}, "Sum", "Count", "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html"},
	"AWS/ApiGateway Latency":                     {[]string{"ApiId", "ApiId,Stage"}, "p99 Average", "Milliseconds", "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html"},
	"AWS/DynamoDB ReadThrottleEvents":            {[]string{"TableName", "GlobalSecondaryIndexName,TableName"}, "Sum", "Count", "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html"},
	"AWS/DynamoDB WriteThrottleEvents":           {[]string{"TableName", "GlobalSecondaryIndexName,TableName"}, "Sum", "Count", "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html"},
	"AWS/SES Reputation.BounceRate":              {[]string{""}, "Average Maximum", "a part of 1", "https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html"},
	"AWS/SES Reputation.ComplaintRate":           {[]string{""}, "Average Maximum", "a part of 1", "https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html"},
	"AWS/CloudFront 5xxErrorRate":                {[]string{"DistributionId,Region"}, "Average", "Percent", "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html"},
	"AWS/WAFV2 BlockedRequests":                  {[]string{"Rule,WebACL"}, "Sum", "Count", "https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html (without Region for CloudFront)"},
}

// seen are the alarms on metrics of AWS's: what their metrics are of, the samples of the periods by which they go off and by which
// they do not, and their state when nothing is counted any more.
var seen = map[string]struct {
	of            []string // values of the dimensions in the order of the dimensions' names
	firing, quiet [][]float64
	absent        string
}{
	"DispatchErrorsAlarm":       {[]string{"DispatchFunction"}, periods(s(0, 1)), periods(s(0, 0)), OK},
	"ReviewTaskErrorsAlarm":     {[]string{"ReviewTaskFunction"}, periods(s(0, 1)), periods(s(0, 0)), OK},
	"MergeExecuteErrorsAlarm":   {[]string{"MergeExecuteFunction"}, periods(s(0, 1)), periods(s(0, 0)), OK},
	"ExecutionsFailedAlarm":     {[]string{"MergeMachine"}, periods(s(1)), periods(s(0)), OK},
	"ExecutionsTimedOutAlarm":   {[]string{"MergeMachine"}, periods(s(1)), periods(s(0)), OK},
	"FeedbackDeadLettersAlarm":  {[]string{"FeedbackDeadLetters.QueueName"}, periods(s(0, 1, 1)), periods(s(0, 0)), OK},
	"ForgotDeadLettersAlarm":    {[]string{"ForgotDeadLetters.QueueName"}, periods(s(0, 1, 1)), periods(s(0, 0)), OK},
	"ApiErrorsAlarm":            {[]string{"Api"}, periods(s(0, 1, 1, 1, 1, 1, 1)), periods(s(0, 1, 1, 1, 1, 1)), OK},
	"ApiSlowAlarm":              {[]string{"Api"}, periods(slow(3), slow(3), slow(3)), periods(slow(3), slow(3), slow(0)), OK},
	"WebErrorsAlarm":            {of("AWS::Serverless::Function", "DispatchFunction", "ReviewTaskFunction", "MergeExecuteFunction"), periods(s(0, 1)), periods(s(0, 0)), OK},
	"FunctionsThrottledAlarm":   {of("AWS::Serverless::Function"), periods(s(1)), periods(s(0)), OK},
	"TableReadsThrottledAlarm":  {of("AWS::DynamoDB::Table"), periods(s(1)), periods(s()), OK},
	"TableWritesThrottledAlarm": {of("AWS::DynamoDB::Table"), periods(s(1)), periods(s()), OK},
	"IndexReadsThrottledAlarm":  {indexes, periods(s(1)), periods(s()), OK},
	"IndexWritesThrottledAlarm": {indexes, periods(s(1)), periods(s()), OK},
	"DispatchSilentAlarm":       {[]string{"DispatchFunction"}, periods(s()), periods(s(1, 1, 1, 1, 1)), Alarmed},
	"OutboxStreamLateAlarm":     {[]string{"DispatchFunction"}, periods(s(100, 150_000)), periods(s(100, 60_000)), OK},
	"ForgotQueueLateAlarm":      {[]string{"ForgotQueue.QueueName"}, periods(s(590, 650)), periods(s(10, 300)), OK},
	"BouncesAlarm":              {[]string{""}, periods(s(0.051)), periods(s(0.049)), Alarmed},
	"ComplaintsAlarm":           {[]string{""}, periods(s(0.0011)), periods(s(0.0009)), Alarmed},
	"EdgeErrorsAlarm":           {[]string{"Distribution/Global"}, periods(s(6), s(6)), periods(s(6), s(4)), OK},
	"BlockedRequestsAlarm":      {[]string{"ALL/AWS::StackName"}, periods(s(3000, 2001)), periods(s(3000, 2000)), OK},
}

func s(samples ...float64) []float64 { return samples }

func periods(all ...[]float64) [][]float64 { return all }

// slow are the times of a hundred requests in ms, of which so many took four seconds.
func slow(n int) []float64 {
	return slices.Concat(slices.Repeat([]float64{120}, 100-n), slices.Repeat([]float64{4000}, n))
}

// every stands for all resources of a type, without some; indexes for all of all tables.
const every, without = "every ", " without "

var indexes = []string{every + "index"}

func of(kind string, but ...string) []string {
	return []string{every + kind + without + strings.Join(but, ",")}
}

func TestEachAlarmOnAMetricOfAWSGoesOff(t *testing.T) {
	all := All(t)
	for id, want := range seen {
		a, ok := all[id]
		if !ok {
			t.Errorf("there is no alarm %s", id)
			continue
		}
		var watched []string
		for i, m := range a.Metrics {
			known, ok := documented[m.Namespace+" "+m.Name]
			names := slices.Sorted(maps.Keys(m.Dimensions))
			if !ok || !slices.Contains(known.dimensions, strings.Join(names, ",")) || !slices.Contains(strings.Fields(known.stats), m.Stat) {
				t.Errorf("%s: AWS has no %s of %s by %v (%s)", id, m.Stat, m.Name, names, known.source)
			}
			var values []string
			for _, name := range names {
				values = append(values, m.Dimensions[name])
			}
			watched = append(watched, strings.Join(values, "/"))
			if m.Name != a.Metrics[0].Name || m.Stat != a.Metrics[0].Stat {
				t.Errorf("%s adds %s to %s", id, m.Name, a.Metrics[0].Name)
			}
			// One metric alone is enough, whatever the others have.
			for _, rest := range []float64{None, 0} {
				if state := a.State(OK, summed(a, i, rest, want.firing)...); state != Alarmed {
					t.Errorf("%s is %s at %v of %s", id, state, want.firing, watched[i])
				}
				if state := a.State(OK, summed(a, i, rest, want.quiet)...); state != OK {
					t.Errorf("%s is %s at %v of %s", id, state, want.quiet, watched[i])
				}
			}
		}
		slices.Sort(watched)
		if expected := resolved(t, want.of); !slices.Equal(watched, expected) {
			t.Errorf("%s looks at %v, want %v", id, watched, expected)
		}
		if state := a.State(Alarmed, slices.Repeat([]float64{None}, a.Evaluated)...); state != want.absent {
			t.Errorf("%s is %s when nothing is counted any more", id, state)
		}
	}
	for id, a := range all {
		if _, ok := seen[id]; !ok && a.Metrics[0].Namespace != Namespace {
			t.Errorf("nobody saw %s going off", id)
		}
	}
}

// summed is what the alarm looks at when one of its metrics has these samples and the others have rest.
func summed(a Alarm, i int, rest float64, samples [][]float64) (values []float64) {
	for _, period := range samples {
		v := a.Metrics[i].Value(period)
		if len(a.Metrics) > 1 && !a.Filled && rest != rest { // NaN: the sum has no value
			v = None
		}
		values = append(values, v)
	}
	return values
}

func resolved(t *testing.T, want []string) (all []string) {
	t.Helper()
	doc := read(t, "template.yaml")
	for _, one := range want {
		kind, but, _ := strings.Cut(strings.TrimPrefix(one, every), without)
		switch {
		case !strings.HasPrefix(one, every):
			all = append(all, one)
		case kind == "index":
			for id, r := range doc.Resources {
				if found := child(&r.Properties, "GlobalSecondaryIndexes"); found != nil {
					for _, index := range found.Content {
						all = append(all, text(index, "IndexName")+"/"+id)
					}
				}
			}
		default:
			for id, r := range doc.Resources {
				if r.Type == kind && !slices.Contains(strings.Split(but, ","), id) {
					all = append(all, id)
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// The firewall's counts are found by the name that it gives them.
func TestTheFirewallCountsUnderTheNameThatItsAlarmLooksAt(t *testing.T) {
	firewall := read(t, "infra/edge.yaml").Resources["Firewall"].Properties
	named, looked := text(child(&firewall, "VisibilityConfig"), "MetricName"), All(t)["BlockedRequestsAlarm"].Metrics[0].Dimensions["WebACL"]
	if named == "" || named != looked || text(&firewall, "Scope") != "CLOUDFRONT" { // metrics of others have a Region, too
		t.Errorf("it counts as %s, and the alarm looks at %s", named, looked)
	}
}

// What is counted from a function's log is seen where that log is written: its test gives the log to FiresOn.
func TestEachAlarmOnALogIsSeenGoingOffWhereTheLogIsWritten(t *testing.T) {
	var tests strings.Builder
	for _, folder := range []string{"functions", "shared", "infra/site"} {
		err := filepath.WalkDir(filepath.Join("../../..", folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			tests.Write(source)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for id, a := range All(t) {
		if a.Metrics[0].Namespace == Namespace && !strings.Contains(tests.String(), `alarms.FiresOn(t, "`+id+`", `) {
			t.Errorf("nobody saw %s going off by a log", id)
		}
	}
}

func TestPatternsAreReadAsCloudWatchReadsThem(t *testing.T) {
	for pattern, want := range map[string]bool{
		`{ $.event = "a.b" }`: true, `{ $.event = "a" }`: false, `{ $.event = "a.*" }`: true, `{ $.event = "axb" }`: false, `{ $.event != "x" }`: true, `{ $.none != "x" }`: false,
		`{ $.mail IS TRUE }`: true, `{ $.mail IS FALSE }`: false, `{ $.deep.er = "x" }`: true, `{ $.event = "x" || $.mail IS TRUE && $.deep.er = "x" }`: true,
		`{ ($.event = "x" || $.mail IS TRUE) && $.deep.er = "y" }`: false,
	} {
		m, err := parsePattern(pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		if got := m(map[string]any{"event": "a.b", "mail": true, "deep": map[string]any{"er": "x"}}); got != want {
			t.Errorf("%s: %v", pattern, got)
		}
	}
	for _, wrong := range []string{``, `ERROR`, `{ $.event = }`, `{ $.event = "a" `, `{ $.event = "a" && }`, `{ ($.event = "a" }`, `{ $.event ~ "a" }`, `{ $.event = "a" } x`, `{ "a" = $.event }`} {
		if _, err := parsePattern(wrong); err == nil {
			t.Errorf("%s was taken", wrong)
		}
	}
}
