package dispatch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/outbox"
)

func TestErrorsAreSortedWithoutTheirText(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want class
	}{
		{"SES refused the mail", &smithy.GenericAPIError{Code: "MessageRejected", Message: "anna@schaefer.example", Fault: smithy.FaultClient}, class{name: "MessageRejected"}},
		{"SES is throttling", fmt.Errorf("send: %w", &smithy.GenericAPIError{Code: "Throttling", Fault: smithy.FaultClient}), class{name: "Throttling"}},
		{"SES broke down while it had the mail", &smithy.GenericAPIError{Code: "InternalFailure", Fault: smithy.FaultServer}, class{name: "InternalFailure", unknown: true}},
		{"the answer did not come in time", context.DeadlineExceeded, class{name: "timeout", unknown: true}},
		{"the connection broke", &net.OpError{Op: "read", Err: errors.New("reset")}, class{name: "network", unknown: true}},
		{"nothing was reached", &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, class{name: "unreachable"}},
		{"an address that is none", mail.ErrAddress, class{name: "address", permanent: true}},
		{"anything else", errors.New("anna@schaefer.example"), class{name: "other", unknown: true}},
	} {
		if got := classOf(c.err); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestAnEventOfAnUnknownKindIsAnError(t *testing.T) {
	d, _ := dispatcher(t)
	for _, raw := range []string{`{}`, `{"Records":[]}`, `{"Records":[{"eventSource":"aws:s3"}]}`, `[]`, `"x"`} {
		if _, err := d.Handle(t.Context(), []byte(raw)); err == nil {
			t.Errorf("%s was taken", raw)
		}
	}
}

// Whoever repairs an outage of SES within 20 hours loses no mail: the runbook says so.
func TestAMailIsTriedForTwentyHours(t *testing.T) {
	var all time.Duration
	for n := int64(1); n < maxTries; n++ {
		all += outbox.Backoff(n)
	}
	if all < 20*time.Hour || all > 21*time.Hour {
		t.Errorf("tried for %s", all)
	}
}
