package passwordreset_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

var different = regexp.MustCompile(`<span class="number">.*?</span></span>|[0-9a-f]{8}-[0-9a-f-]{27}`)

func TestForgotAnswersTheSameForEveryNumber(t *testing.T) {
	want := ""
	for name, number := range map[string]string{
		"existing": localtest.Customer(t, old).Number, "no password yet": localtest.Customer(t, "").Number, "unknown": localtest.Number(t),
	} {
		s := newSite(t)
		a := s.do("POST", "/password/forgot", "customerNumber", number).want(t, 200, "höchstens drei E-Mails in der Stunde")
		if !strings.Contains(a.body, "030 23125 182") {
			t.Error("the page does not say how to reach the company")
		}
		if len(s.queue.bodies) != 1 || s.queue.bodies[0] != `{"customerNumber":"`+number+`","language":"de"}` {
			t.Errorf("%s: queued %q", name, s.queue.bodies)
		}
		body := different.ReplaceAllString(a.body, "")
		if want == "" {
			want = body
		}
		if body != want {
			t.Errorf("%s: another page\n%s", name, a.body)
		}
	}
}

func TestAPauseNeverBlocksForgot(t *testing.T) {
	s, p := newSite(t), localtest.Customer(t, old)
	counter := throttle.Store{Store: localtest.StoreFor(t, "login")}
	for range 20 {
		if _, err := counter.Try(t.Context(), throttle.Login(p.Number), s.now); err != nil {
			t.Fatal(err)
		}
	}
	s.do("POST", "/password/forgot", "customerNumber", p.Number).want(t, 200, "")
	for range 20 {
		s.do("POST", "/password/forgot", "customerNumber", p.Number).want(t, 200, "") // the mails are counted behind the queue
	}
}

func TestAFloodOfForgotFromOneAddressIsRefused(t *testing.T) {
	s := newSite(t)
	for range 100 {
		s.do("POST", "/password/forgot", "customerNumber", localtest.Number(t)).want(t, 200, "")
	}
	s.do("POST", "/password/forgot", "customerNumber", localtest.Number(t)).want(t, 429, " Uhr können Sie es wieder versuchen")
	if n := len(s.queue.bodies); n != 100 {
		t.Errorf("%d messages, want 100", n)
	}
}

// S3: a stranger's flood behind the same address keeps no known browser from a new password of its own number.
func TestAKnownBrowserAsksForItsPasswordBesideAFlood(t *testing.T) {
	s, secret := newSite(t), strings.Repeat("b", 43)
	own, other := localtest.Number(t), localtest.Number(t)
	localtest.Put(t, throttle.PutDevice(localtest.Names(t), table.Hash(secret), own, s.now))
	for range 100 {
		s.do("POST", "/password/forgot", "customerNumber", other).want(t, 200, "")
	}
	s.do("POST", "/password/forgot", "customerNumber", own).want(t, 429, "")
	s.device = secret
	for range 3 {
		s.do("POST", "/password/forgot", "customerNumber", own).want(t, 200, "")
	}
	s.do("POST", "/password/forgot", "customerNumber", own).want(t, 429, "")
	s.do("POST", "/password/forgot", "customerNumber", other).want(t, 429, "")
}

func TestForgotRefusesWhatIsNoNumber(t *testing.T) {
	s := newSite(t)
	for _, number := range []string{"", "abc", "012345", "<script>"} {
		s.do("POST", "/password/forgot", "customerNumber", number).want(t, 422, "Eine Kundennummer besteht nur aus 6 bis 12 Ziffern")
	}
	if len(s.queue.bodies) != 0 {
		t.Errorf("queued %q", s.queue.bodies)
	}
}

func TestTheRoleMaySendToTheQueueAndNotReadIt(t *testing.T) {
	client := sqs.NewFromConfig(localtest.Config(t, "passwordreset"))
	url, err := sqs.NewFromConfig(localtest.Admin(t)).ListQueues(t.Context(), &sqs.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	var forgot string
	for _, u := range url.QueueUrls {
		if strings.Contains(strings.ToLower(u), "forgot") && !strings.Contains(strings.ToLower(u), "dead") && !strings.Contains(strings.ToLower(u), "dlq") {
			forgot = u
		}
	}
	if forgot == "" {
		t.Fatalf("no queue among %q", url.QueueUrls)
	}
	if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &forgot, MessageBody: aws.String(`{"customerNumber":"` + localtest.Number(t) + `","language":"de"}`)}); err != nil {
		t.Errorf("send: %v", err)
	}
	if _, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &forgot}); err == nil || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("receive: %v", err)
	}
}
