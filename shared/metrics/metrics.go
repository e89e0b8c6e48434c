// Package metrics counts what the operator watches. A count is a few attributes on a line of the log in CloudWatch's
// embedded metric format, which CloudWatch turns into a metric; no call is made for it and no role needs a right.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
//
// The only dimension is the stage, the namespace is the stack's name: a metric says nothing of anybody.
package metrics

import (
	"log/slog"
	"os"
	"time"
)

// Name of a metric. The dashboard of template.yaml shows them.
type Name string

// Of sign-ins. A failure is a wrong password, passkey or code, a pause is a try that was not looked at any more.
const (
	SignIns            Name = "SignIns"
	SignInsFailed      Name = "SignInsFailed"
	SignInsPaused      Name = "SignInsPaused"
	StaffSignIns       Name = "StaffSignIns"
	StaffSignInsFailed Name = "StaffSignInsFailed"
	ProofsFailed       Name = "ProofsFailed"
	ProofsPaused       Name = "ProofsPaused"
	LinksAsked         Name = "LinksAsked" // for a new password
	RequestsTooMany    Name = "RequestsTooMany"
	RequestsRefused    Name = "RequestsRefused" // what may not be done, or is not there
	PasswordsChanged   Name = "PasswordsChanged"

	RequestsPastTheEdge Name = "RequestsPastTheEdge" // at the API's own address, refused
)

// Of orders, looked at by the minute.
const (
	OrdersSubmitted Name = "OrdersSubmitted"
	OrdersInReview  Name = "OrdersInReview"
	OrdersStale     Name = "OrdersStale"
	OrdersApproved  Name = "OrdersApproved"
	OrdersStuck     Name = "OrdersStuck"  // FAILED: the service team retries or rejects
	OldestReview    Name = "OldestReview" // in seconds; 0 without one
	WorkflowsEnded  Name = "WorkflowsEnded"
)

// Of mails.
const (
	MailsSent     Name = "MailsSent"
	MailsNotTaken Name = "MailsNotTaken" // a try that SES refused or did not answer; another one follows
	MailsGivenUp  Name = "MailsGivenUp"
	MailsReturned Name = "MailsReturned" // by the mailbox, after SES took them
)

// unit of a metric; what is not here is a count.
var unit = map[Name]string{OldestReview: "Seconds"}

// Meter puts metrics on lines of the log. The zero value puts none.
type Meter struct{ Namespace, Stage string }

// FromEnv is the meter of a function: METRICS_NAMESPACE and STAGE.
func FromEnv() Meter {
	return Meter{Namespace: os.Getenv("METRICS_NAMESPACE"), Stage: os.Getenv("STAGE")}
}

// Value is how much of a metric there is.
type Value struct {
	Name  Name
	Value int64
}

// One is one more of a metric.
func One(name Name) Value { return Value{name, 1} }

// directive tells CloudWatch which attributes of the line are metrics.
type directive struct {
	Timestamp         int64
	CloudWatchMetrics []group
}

type group struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

type definition struct{ Name, Unit string }

// Attrs are the attributes that make a line of the log one of metrics; none without a namespace or a value.
func (m Meter) Attrs(now time.Time, values ...Value) []slog.Attr {
	if m.Namespace == "" || len(values) == 0 {
		return nil
	}
	g := group{Namespace: m.Namespace, Dimensions: [][]string{{"Stage"}}}
	attrs := []slog.Attr{slog.String("Stage", m.Stage)}
	for _, v := range values {
		g.Metrics = append(g.Metrics, definition{string(v.Name), unitOf(v.Name)})
		attrs = append(attrs, slog.Int64(string(v.Name), v.Value))
	}
	return append(attrs, slog.Any("_aws", directive{Timestamp: now.UnixMilli(), CloudWatchMetrics: []group{g}}))
}

// Args is Attrs as a logger's methods take them.
func (m Meter) Args(now time.Time, values ...Value) []any {
	var args []any
	for _, a := range m.Attrs(now, values...) {
		args = append(args, a)
	}
	return args
}

func unitOf(name Name) string {
	if u := unit[name]; u != "" {
		return u
	}
	return "Count"
}
