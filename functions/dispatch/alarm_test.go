package dispatch

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go"

	"kundenkonto/infra/localtest/alarms"
	"kundenkonto/shared/metrics"
	"kundenkonto/shared/outbox"
)

// tried tries a mail as often as said, or till it is given up on, while SES answers with these codes; "" takes the mail. It
// returns what was logged.
func tried(t *testing.T, times int, codes ...string) (log string) {
	synctest.Test(t, func(t *testing.T) {
		s := newSendings(t)
		s.Meter = metrics.Meter{Namespace: alarms.Namespace, Stage: alarms.Stage}
		ses := s.SES.(*fakeSES)
		id := s.put(t, mailItem(outbox.PasswordChanged))
		for n := range times {
			if code := codes[n%len(codes)]; code != "" {
				ses.fail = []error{&smithy.GenericAPIError{Code: code, Fault: smithy.FaultClient}}
			}
			s.invoke(t, id)
			time.Sleep(24 * time.Hour) // till it is due again; in the bubble's time
		}
		log = s.log.String()
	})
	return log
}

// Codes are those of the SDK's errors of SendRawEmail, and the common ones.
// https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
// https://docs.aws.amazon.com/ses/latest/APIReference/CommonErrors.html
func TestAMailThatSESRefusesRaisesTheAlarmAtOnce(t *testing.T) {
	quiet := tried(t, 1, "") + tried(t, 1, "ServiceUnavailable")
	for _, code := range []string{"MessageRejected", "MailFromDomainNotVerifiedException", "AccountSendingPausedException",
		"ConfigurationSetSendingPausedException", "ConfigurationSetDoesNotExist", "AccessDenied", "AccessDeniedException", "Throttling", "ThrottlingException"} {
		alarms.FiresOn(t, "MailsRefusedAlarm", "dispatch", tried(t, 1, code), quiet)
	}
}

func TestAMailThatIsGivenUpOnRaisesTheAlarm(t *testing.T) {
	alarms.FiresOn(t, "GivenUpAlarm", "dispatch", tried(t, maxTries, "MessageRejected"), tried(t, maxTries-1, "MessageRejected"))
}

// Three of five runs in five minutes; one or two that fail are made good by the next.
func TestRunsOfTheScheduleThatFailRaiseTheAlarm(t *testing.T) {
	runs := func(n int) string {
		d, log := dispatcher(t)
		d.Orders.DB = withoutLists()
		for range n {
			if _, err := d.Handle(t.Context(), json.RawMessage(`{"redrive":true}`)); err != nil {
				t.Fatal(err)
			}
		}
		return log.String()
	}
	alarms.FiresOn(t, "RedrivesFailedAlarm", "dispatch", runs(3), runs(2))
}
