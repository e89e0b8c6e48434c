package dispatch

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/smithy-go"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/throttle"
)

func ask(t *testing.T, number string) events.SQSEvent {
	t.Helper()
	body, err := forgot.Request{CustomerNumber: number, Language: "en"}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m-" + number, Body: body, EventSource: "aws:sqs"}}}
}

// newCustomer puts a profile and gives its address.
func newCustomer(t *testing.T, p customer.Profile) string {
	t.Helper()
	if p.Email == "" {
		p.Email = p.Number + "@forgot.example"
	}
	p.Version, p.LastName = 1, "Schäfer"
	if p.Email == "-" {
		p.Email = ""
	}
	admin := localtest.Store(t)
	if err := admin.Transact(t.Context(), []types.TransactWriteItem{customer.PutNew(admin.Names, p)}, ""); err != nil {
		t.Fatal(err)
	}
	return p.Email
}

func TestForgottenPasswords(t *testing.T) {
	d, log := onCloud(t)
	post := d.SES.(*fakeSES)
	known, survivor, source, silent := localtest.Number(t), localtest.Number(t), localtest.Number(t), localtest.Number(t)
	address := newCustomer(t, customer.Profile{Number: known})
	survivorAddress := newCustomer(t, customer.Profile{Number: survivor, Members: []string{source}, Language: "de"})
	sourceAddress := newCustomer(t, customer.Profile{Number: source, MergedInto: survivor})
	newCustomer(t, customer.Profile{Number: silent, Email: "-"})

	t.Run("a number gets at most three mails an hour", func(t *testing.T) {
		for range 5 {
			if r := d.forgotten(t.Context(), ask(t, known)); len(r.BatchItemFailures) != 0 {
				t.Fatalf("failures %v", r.BatchItemFailures)
			}
		}
		if got := post.to(address); len(got) != 3 || !strings.Contains(got[0], "first") {
			t.Errorf("%d mails: %v", len(got), got)
		}
		late := d
		late.Now = func() time.Time { return time.Now().Add(ahead + 2*time.Hour) }
		late.forgotten(t.Context(), ask(t, known))
		if got := post.to(address); len(got) != 4 {
			t.Errorf("%d mails after an hour, want 4", len(got))
		}
	})
	t.Run("a merged number's mail goes to the survivor's address only and names the successor", func(t *testing.T) {
		d.forgotten(t.Context(), ask(t, source))
		got := post.to(survivorAddress)
		if len(got) != 1 || !strings.Contains(got[0], source) || !strings.Contains(got[0], survivor) {
			t.Errorf("to the survivor: %v", got)
		}
		if len(post.to(sourceAddress)) != 0 {
			t.Error("a mail to the merged number's own address")
		}
	})
	t.Run("an unknown number, and one without an address, get nothing", func(t *testing.T) {
		before := post.calls
		for _, number := range []string{localtest.Number(t), silent} {
			if r := d.forgotten(t.Context(), ask(t, number)); len(r.BatchItemFailures) != 0 {
				t.Errorf("failures %v", r.BatchItemFailures)
			}
		}
		if post.calls != before {
			t.Error("something was sent")
		}
	})
	t.Run("a message that fails goes back alone and costs none of the three mails", func(t *testing.T) {
		number := localtest.Number(t)
		address := newCustomer(t, customer.Profile{Number: number})
		for range 4 {
			post.fail = []error{&smithy.GenericAPIError{Code: "Throttling", Fault: smithy.FaultClient}}
			e := ask(t, number)
			e.Records = append(e.Records, ask(t, silent).Records...)
			if r := d.forgotten(t.Context(), e); len(r.BatchItemFailures) != 1 || r.BatchItemFailures[0].ItemIdentifier != "m-"+number {
				t.Fatalf("failures %v", r.BatchItemFailures)
			}
		}
		d.forgotten(t.Context(), ask(t, number))
		if len(post.to(address)) != 1 {
			t.Errorf("%d mails, want 1", len(post.to(address)))
		}
	})
	for _, secret := range []string{known, source, "forgot.example", "token="} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log tells %s", secret)
		}
	}
}

func TestAMessageThatNoPageSendsGoesBackToTheQueue(t *testing.T) {
	d, _ := dispatcher(t)
	for _, body := range []string{"", "{}", `{"customerNumber":"0123456"}`, "x"} {
		r := d.forgotten(t.Context(), events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m", Body: body}}})
		if len(r.BatchItemFailures) != 1 {
			t.Errorf("%q: %v", body, r.BatchItemFailures)
		}
	}
}

// hanging is SES when it does not answer.
type hanging struct{ *fakeSES }

func (hanging) SendRawEmail(ctx context.Context, _ *ses.SendRawEmailInput, _ ...func(*ses.Options)) (*ses.SendRawEmailOutput, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// The time for the work is over then, but not the time to take the counts back: otherwise three such tries were the mails
// of an hour, and the message that comes again would end as one too many.
func TestAMailThatSESDoesNotAnswerForCostsNone(t *testing.T) { // L1
	synctest.Test(t, func(t *testing.T) {
		d, p, _ := forgetful(t)
		deaf, post := d, d.SES.(*fakeSES)
		deaf.SES = hanging{post}
		for range 4 {
			ctx, end := context.WithTimeout(t.Context(), 30*time.Second)
			if r := deaf.forgotten(ctx, ask(t, p.Number)); len(r.BatchItemFailures) != 1 {
				t.Errorf("failures %v", r.BatchItemFailures)
			}
			end()
		}
		for range 5 {
			d.forgotten(t.Context(), ask(t, p.Number))
		}
		if n := len(post.to(p.Email)); n != 3 {
			t.Errorf("%d mails when SES answers again, want 3", n)
		}
	})
}

// forgetful is a dispatcher on tables in memory with one customer.
func forgetful(t *testing.T) (Dispatcher, customer.Profile, *bytes.Buffer) {
	t.Helper()
	d, log := dispatcher(t)
	d.Tables = tablefake.New().Store()
	return d, remembered(t, d, "10000017"), log
}

// remembered puts a customer into the tables of a dispatcher.
func remembered(t *testing.T, d Dispatcher, number string) customer.Profile {
	t.Helper()
	p := customer.Profile{Number: number, Email: number + "@schaefer.example", Version: 1}
	if err := d.Tables.Transact(t.Context(), []types.TransactWriteItem{customer.PutNew(d.Tables.Names, p)}, ""); err != nil {
		t.Fatal(err)
	}
	return p
}

// All other mails share what SES takes with these.
func TestAtMostFiveMailsASecondGoOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := forgetful(t)
		took := func(numbers ...string) time.Duration {
			var batch events.SQSEvent
			for _, n := range numbers {
				batch.Records = append(batch.Records, ask(t, n).Records...)
			}
			begin := time.Now()
			if r := d.forgotten(t.Context(), batch); len(r.BatchItemFailures) != 0 {
				t.Errorf("failures %v", r.BatchItemFailures)
			}
			return time.Since(begin)
		}
		known := []string{"10000017"}
		for n := range 4 {
			known = append(known, remembered(t, d, fmt.Sprint(10000020+n)).Number)
		}
		const batchesAtOnce = 2 // infra/limits_test.go
		if got := took(known...); float64(batchesAtOnce*len(known)) > 5*got.Seconds() {
			t.Errorf("a batch of 5 mails took %v", got)
		}
		if got := took("20000018", "20000026", known[0]); got != 0 {
			t.Errorf("a mail waited %v for numbers that get none", got)
		}
	})
}

// A flood of requests for all numbers together uses up neither SES nor the three mails of a number: what is too much waits
// in its queue, and everything else goes out.
func TestAFloodOfForgottenPasswordsWaits(t *testing.T) {
	d, p, log := forgetful(t)
	post := d.SES.(*fakeSES)
	now := time.Now()
	d.Now = func() time.Time { return now }
	counter := throttle.Store{Store: d.Tables}
	for n := range throttle.ResetMailsAtOnce - 1 {
		if v, err := counter.Try(t.Context(), throttle.AllResetMails(), now); err != nil || !v.Allowed {
			t.Fatalf("mail %d of others: %+v, %v", n+1, v, err)
		}
	}
	if r := d.forgotten(t.Context(), ask(t, p.Number)); len(r.BatchItemFailures) != 0 || len(post.to(p.Email)) != 1 {
		t.Fatalf("the last that may go out: %v, %d mails", r.BatchItemFailures, len(post.to(p.Email)))
	}
	for range 5 {
		if r := d.forgotten(t.Context(), ask(t, p.Number)); len(r.BatchItemFailures) != 1 {
			t.Fatalf("one too many does not go back to the queue: %v", r)
		}
	}
	if len(post.to(p.Email)) != 1 || !strings.Contains(log.String(), `"class":"flood"`) {
		t.Errorf("%d mails; the log says %s", len(post.to(p.Email)), log)
	}
	now = now.Add(10 * time.Minute)
	for range 2 {
		d.forgotten(t.Context(), ask(t, p.Number))
	}
	if n := len(post.to(p.Email)); n != 3 {
		t.Errorf("%d mails after the flood, want 3: waiting costs none", n)
	}
}
