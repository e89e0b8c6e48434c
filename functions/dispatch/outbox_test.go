package dispatch

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// ahead is how far the clock of these tests is ahead of the deployed function's: the items they make are not due for it
// and leased until then, so that only the dispatcher under test works on them.
const ahead = 3 * time.Hour

// onCloud is a dispatcher on the local cloud's tables with the function's own role (S14).
func onCloud(t *testing.T) (Dispatcher, *bytes.Buffer) {
	d, log := dispatcher(t)
	d.Tables = localtest.StoreFor(t, "dispatch")
	d.Now = func() time.Time { return time.Now().Add(ahead) }
	return d, log
}

// put writes an item that the deployed function leaves alone, and gives its id. It returns when the stream has brought the
// item to the function in vain: a marker written later has been done.
func put(t *testing.T, item outbox.Item) string {
	t.Helper()
	item.CreatedAt = time.Now().Add(ahead - 2*outbox.RedriveAfter)
	item.LeaseUntil, item.LeaseID = time.Now().Add(ahead-time.Minute), "test"
	admin := localtest.Store(t)
	if err := admin.Transact(t.Context(), []types.TransactWriteItem{outbox.Put(admin.Names, item)}, ""); err != nil {
		t.Fatal(err)
	}
	marker := outbox.Item{Event: "test.marker", Key: item.Event + item.Key, CreatedAt: time.Now()}
	if err := admin.Transact(t.Context(), []types.TransactWriteItem{outbox.Put(admin.Names, marker)}, ""); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); read(t, itemID(marker)).DoneAt.IsZero(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the deployed function does not work on the outbox")
		}
	}
	time.Sleep(200 * time.Millisecond) // both may have come in one batch
	return itemID(item)
}

func read(t *testing.T, id string) outbox.Item {
	t.Helper()
	admin := localtest.Store(t)
	raw, err := admin.Get(t.Context(), admin.Names.Outbox, table.Outbox(id))
	if err != nil {
		t.Fatal(err)
	}
	item, err := outbox.FromImage(raw)
	if err != nil {
		t.Fatal(err)
	}
	return item
}

// child is an item for one recipient, as split makes it.
func child(t *testing.T, event, address string) (id string) {
	number := localtest.Customer(t, "").Number
	return put(t, outbox.Item{Event: event, Key: number + "#x", Parent: event + "#" + number, Order: "TEST-0000",
		Values:     map[string]string{order.ValueSurvivor: "10000017", order.ValueSources: number},
		Recipients: []outbox.Recipient{{Address: address, Numbers: []string{number}, Name: "Anna Schäfer"}}})
}

func TestOneMailGoesOutHoweverManyWorkOnItsItem(t *testing.T) {
	d, _ := onCloud(t)
	address := localtest.Number(t) + "@one.example"
	id := child(t, outbox.PasswordChanged, address)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() { d.item(t.Context(), id) })
	}
	group.Wait()
	d.item(t.Context(), id)
	if got := len(d.SES.(*fakeSES).to(address)); got != 1 {
		t.Errorf("%d mails, want 1", got)
	}
	if item := read(t, id); item.DoneAt.IsZero() || item.Due != "" || item.MessageID == "" {
		t.Errorf("not marked: %+v", item)
	}
}

func TestAFailedMailIsWrittenDownAndSentWhenItsTimeComes(t *testing.T) {
	d, log := onCloud(t)
	address := localtest.Number(t) + "@later.example"
	id := child(t, outbox.PasswordChanged, address)
	post := d.SES.(*fakeSES)
	post.fail = []error{&smithy.GenericAPIError{Code: "Throttling", Message: address, Fault: smithy.FaultClient}, errors.New("broken pipe " + address)}
	d.item(t.Context(), id)
	item := read(t, id)
	if item.LastError != "Throttling" || item.Tries != 1 || item.NextTry <= d.Now().Unix() || !item.DoneAt.IsZero() {
		t.Fatalf("after a failure: %+v", item)
	}
	d.item(t.Context(), id) // the answer stays unknown; the other one counted is the claim that put left behind
	late := d
	late.Now = func() time.Time { return time.Now().Add(ahead + time.Hour) }
	if err := late.redriveShard(t.Context(), table.Shard(id), make(chan struct{}, 1)); err != nil {
		t.Fatal(err)
	}
	if item = read(t, id); item.DoneAt.IsZero() || item.Tries != 3 {
		t.Errorf("after the redrive: %+v", item)
	}
	if got := len(post.to(address)); got != 1 {
		t.Errorf("%d mails, want 1", got)
	}
	if n := strings.Count(log.String(), "mail.unknown-answer"); n != 2 {
		t.Errorf("%d unknown answers counted, want 2", n)
	}
	if strings.Contains(log.String(), address) {
		t.Errorf("the log tells the address: %s", log)
	}
}

func TestAMailIsGivenUpAtLastAndTheAlarmHearsOfIt(t *testing.T) {
	d, log := onCloud(t)
	id := child(t, outbox.PasswordChanged, localtest.Number(t)+"@never.example")
	for range maxTries + 2 {
		d.SES.(*fakeSES).fail = []error{&smithy.GenericAPIError{Code: "MessageRejected", Fault: smithy.FaultClient}}
		d.item(t.Context(), id)
	}
	if item := read(t, id); item.GivenUpAt.IsZero() || item.Due != table.GivenUpShard(id) || item.Tries != maxTries {
		t.Errorf("%+v", item)
	}
	if n := strings.Count(log.String(), `"event":"outbox.given-up"`); n != 1 {
		t.Errorf("%d lines for the alarm, want 1", n)
	}
	bad := child(t, outbox.PasswordChanged, "no address")
	d.item(t.Context(), bad)
	if item := read(t, bad); item.GivenUpAt.IsZero() || item.LastError != "address" {
		t.Errorf("an address that is none is not tried again: %+v", item)
	}
}

func TestAClaimLeftBehindIsCountedAsAMailThatMayHaveGoneOut(t *testing.T) {
	d, log := onCloud(t)
	id := child(t, outbox.PasswordChanged, localtest.Number(t)+"@crash.example")
	d.item(t.Context(), id) // the item was put with a lease, as a function that died leaves it
	if !strings.Contains(log.String(), `"class":"abandoned"`) {
		t.Errorf("not counted: %s", log)
	}
}

func TestAnEventIsSplitOnceIntoOneMailAMailbox(t *testing.T) {
	d, _ := onCloud(t)
	number := localtest.Number(t)
	address := func(name string) string { return name + "-" + number + "@split.example" }
	item := outbox.Item{ID: "order.withdrawn#" + number, Event: outbox.OrderWithdrawn, Key: number, Order: "TEST-0000",
		CreatedAt: time.Now().Add(ahead), Recipients: []outbox.Recipient{
			{Address: address("own"), Own: true}, {Address: address("other"), Numbers: []string{"10000023"}},
			{Address: strings.ToUpper(address("own")), Numbers: []string{"10000031"}},
		}}
	for range 2 {
		if err := d.split(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	both := read(t, itemID(item.For(outbox.Recipient{Address: address("own")})))
	if len(both.Recipients) != 1 || !both.Recipients[0].Own || fmt.Sprint(both.Recipients[0].Numbers) != "[10000031]" {
		t.Errorf("the mailbox of both sides: %+v", both.Recipients)
	}
	if other := read(t, itemID(item.For(outbox.Recipient{Address: address("other")}))); len(other.Recipients) != 1 || other.Parent != item.ID {
		t.Errorf("the other mailbox: %+v", other)
	}
}

func TestTheVetoPeriodStartsWhenTheAnnouncementIsSentAndNoRetrySendsItAgain(t *testing.T) {
	d, _ := onCloud(t)
	fake, busy := tablefake.New(), 0
	d.Orders = ordersOn(table.Store{Names: tablefake.Names, DB: fake.Client(tablefake.Watched{Next: fake, Before: func(c tablefake.Call) error {
		if c.Writes && busy > 0 {
			busy--
			return tablefake.Refused("ValidationException")
		}
		return nil
	}})})
	hasOrder(t, d, order.Order{ID: "TEST-0000", State: merge.InReview, ToAnnounce: 1})
	announced := func() []string { return theOrder(t, d, "TEST-0000").Announced }
	address := localtest.Number(t) + "@veto.example"
	id := child(t, outbox.OrderAnnounced, address)
	d.SES.(*fakeSES).fail = []error{&smithy.GenericAPIError{Code: "Throttling", Fault: smithy.FaultClient}}
	d.item(t.Context(), id)
	if len(announced()) != 0 {
		t.Fatal("announced although nothing was sent")
	}
	busy = 1
	d.item(t.Context(), id)
	d.item(t.Context(), id)
	if got := announced(); busy != 0 || !slices.Equal(got, []string{id}) {
		t.Errorf("announced %v", got)
	}
	mails := d.SES.(*fakeSES).to(address)
	if len(mails) != 1 || !strings.Contains(mails[0], "/merge/veto?token=3D") { // quoted-printable
		t.Errorf("%d mails: %v", len(mails), mails)
	}
	if read(t, id).DoneAt.IsZero() {
		t.Error("not done")
	}
}

func itemID(item outbox.Item) string { return table.OutboxID(item.Event, item.Key) }
