package workflow

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/proven"
	"kundenkonto/infra/stack"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
)

// patience is for a machine that does much else.
const patience = 60 * time.Second

// as is the order store with the role of a function (S14).
func as(t *testing.T, function string) order.Store {
	t.Helper()
	return order.Store{Store: localtest.StoreFor(t, function), Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}, VetoHours: 72}
}

// pair is a customer with a second number, each with its own mailbox unless told otherwise.
type pair struct{ own, other customer.Profile }

func newPair(t *testing.T, change func(own, other *customer.Profile)) pair {
	t.Helper()
	put := func(p customer.Profile) customer.Profile {
		p.Version, p.CreatedAt = 1, time.Now().AddDate(-2, 0, 0).UTC()
		localtest.Put(t, customer.PutNew(localtest.Names(t), p))
		localtest.Password(t, table.Customer(p.Number), "ein langes Kundenpasswort")
		return read(t, p.Number)
	}
	base := func() customer.Profile {
		n := localtest.Number(t)
		return customer.Profile{Number: n, FirstName: "Anna", LastName: "Schäfer", Email: "n" + n + "@kunde.example", Language: "de", City: "Berlin"}
	}
	own, other := base(), base()
	if change != nil {
		change(&own, &other)
	}
	return pair{put(own), put(other)}
}

func read(t *testing.T, number string) customer.Profile {
	t.Helper()
	p, err := customer.Store{Store: localtest.Store(t)}.Profile(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// draft leaves a proven and adopted draft and says what submitting it takes.
func (p pair) draft(t *testing.T, at time.Time) order.Submission {
	t.Helper()
	s := as(t, "mergediff")
	s.Now = func() time.Time { return at }
	d := order.Draft{Number: p.own.Number}
	proven.In(t, localtest.Store(t), &d, p.own, p.other, at)
	d.Adopt(p.other.Number, merge.Choices{})
	d, err := s.SaveDraft(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return order.Submission{PasswordGiven: true, Customer: p.own.Number, Epoch: p.own.Epoch, IdempotencyKey: rand.Text(),
		Digest: order.DigestOf(p.own, d, map[string]customer.Profile{p.other.Number: p.other})}
}

// submit submits as the pages do; the deployed functions carry on from there.
func (p pair) submit(t *testing.T, change func(*order.Store)) order.Order {
	t.Helper()
	s := as(t, "mergesubmit")
	if change != nil {
		change(&s)
	}
	o, err := s.Submit(t.Context(), p.draft(t, s.Now()))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func get(t *testing.T, id string) order.Order {
	t.Helper()
	o, err := order.Store{Store: localtest.Store(t)}.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// until waits for the order to be as it should, and says how it is when it never gets there.
func until(t *testing.T, id, what string, ok func(order.Order) bool) order.Order {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		o := get(t, id)
		if ok(o) {
			return o
		}
		if time.Now().After(deadline) {
			t.Fatalf("order %s: waited for %s; it is %s, run %d, failure %q", id, what, o.State, o.Run, o.Failure)
		}
	}
}

func in(s merge.State) func(order.Order) bool {
	return func(o order.Order) bool { return o.State == s }
}

// reviewed waits until the execution in charge waits for the decision.
func reviewed(t *testing.T, id string) order.Order {
	t.Helper()
	return until(t, id, "a review task", func(o order.Order) bool {
		return o.State == merge.InReview && o.Task.Token != "" && o.Task.Run == o.Run
	})
}

func approve(t *testing.T, o order.Order) order.Order {
	t.Helper()
	o, err := as(t, "review").Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// edit changes an order's attributes as nobody may: to be where a test needs it.
func edit(t *testing.T, id, update string, values table.Item) {
	t.Helper()
	_, err := localtest.Store(t).DB.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String(localtest.Names(t).MergeOrders), Key: table.Order(id),
		UpdateExpression: &update, ExpressionAttributeValues: values,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func steps(t *testing.T) *sfn.Client { return sfn.NewFromConfig(localtest.Admin(t)) }

func executionARN(o order.Order) string {
	return fmt.Sprintf("arn:aws:states:%s:000000000000:execution:%s-merge:%s-%d", stack.LocalRegion, stack.LocalName, o.ID, o.Run)
}

func stop(t *testing.T, o order.Order) {
	t.Helper()
	if _, err := steps(t).StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: aws.String(executionARN(o))}); err != nil {
		t.Fatal(err)
	}
}

func status(t *testing.T, o order.Order) string {
	t.Helper()
	out, err := steps(t).DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: aws.String(executionARN(o))})
	if err != nil {
		return err.Error()
	}
	return string(out.Status)
}

// invoke calls a deployed function as AWS would.
func invoke(t *testing.T, function, payload string) string {
	t.Helper()
	out, err := lambda.NewFromConfig(localtest.Admin(t)).Invoke(t.Context(), &lambda.InvokeInput{
		FunctionName: aws.String(stack.LocalName + "-" + function), Payload: []byte(payload)})
	if err != nil {
		t.Fatal(err)
	}
	if out.FunctionError != nil {
		t.Fatalf("%s: %s", function, out.Payload)
	}
	return string(out.Payload)
}

// redrive is the schedule's minute.
func redrive(t *testing.T) { t.Helper(); invoke(t, "dispatch", `{"redrive":true}`) }

// mail is a mail as the local cloud's SES kept it.
type mail struct {
	To                []string
	Subject, BodyText string
}

// mails to an address; it waits until there are n, and a moment longer for one too many.
func mails(t *testing.T, address string, n int) []mail {
	t.Helper()
	var found []mail
	for deadline := time.Now().Add(patience); ; time.Sleep(300 * time.Millisecond) {
		found = slices.DeleteFunc(allMails(t), func(m mail) bool { return !slices.Contains(m.To, address) })
		if len(found) >= n {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d mails to %s, want %d", len(found), address, n)
		}
	}
	return found
}

// mailbox is what was read a moment ago: the local cloud hands out all mails there are, and many tests wait for some.
var mailbox struct {
	sync.Mutex
	at  time.Time
	all []mail
}

func allMails(t *testing.T) []mail {
	t.Helper()
	mailbox.Lock()
	defer mailbox.Unlock()
	if time.Since(mailbox.at) > 300*time.Millisecond {
		mailbox.all, mailbox.at = readMails(t), time.Now()
	}
	return slices.Clone(mailbox.all)
}

func readMails(t *testing.T) []mail {
	t.Helper()
	r, err := http.Get(localtest.Cloud(t).AWS + "/_ministack/ses/messages")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	var answer struct {
		Messages map[string][]mail `json:"messages"`
	}
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(raw)).Decode(&answer)
	}
	if err != nil {
		t.Fatal(err)
	}
	return answer.Messages["000000000000"]
}

// move changes the city of a number, as its owner does on the page of the master data.
func move(t *testing.T, number string) {
	t.Helper()
	before := read(t, number)
	after := before
	after.City = "Potsdam " + rand.Text()[:4]
	localtest.Put(t, customer.Update(localtest.Names(t), before, after))
}
