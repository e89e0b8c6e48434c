package dispatch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/smithy-go"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// sendings is a dispatcher on tables whose marks fail as often, and in the way, that a test says.
type sendings struct {
	Dispatcher
	calm  table.Store // reads and writes without faults
	log   *bytes.Buffer
	fault tablefake.Fault // of the next marks
	left  int             // how many of them
	gone  time.Duration   // how long each of them takes
}

// RoundTrip lets a number of marks on items that were claimed go wrong; claims and all else get through.
func (s *sendings) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	fault := tablefake.Fine
	if s.left > 0 && strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".UpdateItem") && bytes.Contains(raw, []byte(`leaseId = :lease"`)) {
		s.left--
		fault = s.fault
		select {
		case <-time.After(s.gone):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return tablefake.Faults{Next: s.tables(), Choose: func() tablefake.Fault { return fault }}.RoundTrip(r)
}

func (s *sendings) tables() http.RoundTripper { return s.calm.DB.(*fakeTables).Fake }

// fakeTables is the client with the fake behind it.
type fakeTables struct {
	table.DB
	*tablefake.Fake
}

func newSendings(t *testing.T) *sendings {
	t.Helper()
	d, log := dispatcher(t)
	fake := tablefake.New()
	s := &sendings{Dispatcher: d, log: log, calm: table.Store{DB: &fakeTables{fake.Client(nil), fake}, Names: d.Tables.Names}}
	s.Tables, s.Orders = table.Store{DB: fake.Client(s), Names: d.Tables.Names}, ordersOn(s.calm)
	return s
}

func (s *sendings) put(t *testing.T, item outbox.Item) string {
	t.Helper()
	item.CreatedAt = s.Now()
	if err := s.calm.Transact(t.Context(), []types.TransactWriteItem{outbox.Put(s.calm.Names, item)}, ""); err != nil {
		t.Fatal(err)
	}
	return itemID(item)
}

func (s *sendings) read(t *testing.T, id string) outbox.Item {
	t.Helper()
	item, err := outbox.Store{Store: s.calm}.Find(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return item
}

// invoke is one invocation of the function, of 30 seconds.
func (s *sendings) invoke(t *testing.T, id string) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	s.item(ctx, id)
}

var toAnna = outbox.Recipient{Address: "anna@mark.example", Numbers: []string{"10000025"}, Name: "Anna Schäfer"}

// mailItem is the item of one recipient.
func mailItem(event string) outbox.Item {
	return outbox.Item{Event: event, Key: "10000025#x", Parent: event + "#10000025", Order: "TEST-0000", Recipients: []outbox.Recipient{toAnna},
		Values: map[string]string{order.ValueSurvivor: "10000017", order.ValueSources: "10000025", outbox.ValueNumber: "10000025"}}
}

// M9: SES has answered, and the write that says so fails again and again: one mail, whatever comes afterwards.
func TestAMailThatSESTookGoesOutOnceHoweverOftenItsMarkFails(t *testing.T) {
	for _, event := range []string{outbox.PasswordChanged, outbox.OrderAnnounced, outbox.OrderApproved} {
		for fault, name := range map[tablefake.Fault]string{tablefake.Throttle: "throttled", tablefake.Vanish: "lost", tablefake.LoseReply: "done unheard", tablefake.Double: "doubled"} {
			for _, times := range []int{1, 4, 20} {
				t.Run(fmt.Sprint(event, " ", name, " ", times), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						s := newSendings(t)
						hasOrder(t, s.Dispatcher, order.Order{ID: "TEST-0000", State: merge.InReview})
						id := s.put(t, mailItem(event))
						s.fault, s.left = fault, times
						for range 3 {
							s.invoke(t, id)
							time.Sleep(2 * lease)
						}
						if n := len(s.SES.(*fakeSES).to(toAnna.Address)); n != 1 {
							t.Errorf("%d mails:\n%s", n, s.log)
						}
						if item := s.read(t, id); item.DoneAt.IsZero() || item.Tries != 1 {
							t.Errorf("done at %s after %d tries", item.DoneAt, item.Tries)
						}
					})
				})
			}
		}
	}
}

// The marks hang instead of failing, and SES has answered in the last moment that there is for work.
func TestAMarkThatHangsIsCutOffAndRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSendings(t)
		s.SES = slowSES{s.SES.(*fakeSES), 30*time.Second - margin - time.Second}
		id := s.put(t, mailItem(outbox.PasswordChanged))
		s.fault, s.left, s.gone = tablefake.Vanish, 2, time.Minute
		s.invoke(t, id)
		if item := s.read(t, id); item.DoneAt.IsZero() || !strings.Contains(s.log.String(), `"event":"outbox.mark-repeated"`) {
			t.Errorf("done at %s: %s", item.DoneAt, s.log)
		}
	})
}

// A mark that never holds is counted once by its try, and the second copy by the next one (M9).
func TestAMarkThatNeverHoldsIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSendings(t)
		id := s.put(t, mailItem(outbox.PasswordChanged))
		s.fault, s.left = tablefake.Throttle, 1000
		began := time.Now()
		s.invoke(t, id)
		if took := time.Since(began); took < 25*time.Second || took >= 30*time.Second {
			t.Errorf("it was tried for %s of the invocation's 30 s", took)
		}
		if n := strings.Count(s.log.String(), `"event":"outbox.mark-failed"`); n != 1 {
			t.Errorf("counted %d times: %s", n, s.log)
		}
		s.left = 0
		time.Sleep(2 * lease)
		s.invoke(t, id)
		if n := strings.Count(s.log.String(), `"event":"mail.unknown-answer"`); n != 1 || s.read(t, id).DoneAt.IsZero() {
			t.Errorf("the second copy is counted %d times: %s", n, s.log)
		}
	})
}

// slowSES takes its time.
type slowSES struct {
	*fakeSES
	takes time.Duration
}

func (s slowSES) SendRawEmail(ctx context.Context, in *ses.SendRawEmailInput, o ...func(*ses.Options)) (*ses.SendRawEmailOutput, error) {
	time.Sleep(s.takes)
	return s.fakeSES.SendRawEmail(ctx, in, o...)
}

// An event that the bus took is not published again because something else of it failed, or because its mark did (M9).
func TestAnEventIsPublishedOnceHoweverOftenWhatIsBesideItFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSendings(t)
		busy := 2 // times that the number's order cannot be looked for
		s.Orders.DB = tablefake.New().Client(tablefake.Watched{Next: s.tables(), Before: func(tablefake.Call) error {
			if busy > 0 {
				busy--
				return tablefake.Refused("ValidationException")
			}
			return nil
		}})
		id := s.put(t, outbox.Item{Event: outbox.MasterDataChanged, Key: "10000025#2", Values: map[string]string{outbox.ValueNumber: "10000025"},
			Recipients: []outbox.Recipient{toAnna}})
		s.fault, s.left = tablefake.Throttle, 5
		for range 5 {
			s.invoke(t, id)
			time.Sleep(time.Hour)
		}
		if n := len(s.Bus.(*fakeBus).details); n != 1 || s.read(t, id).DoneAt.IsZero() {
			t.Errorf("published %d times: %s", n, s.log)
		}
		if busy != 0 {
			t.Error("what failed was not tried again")
		}
	})
	synctest.Test(t, func(t *testing.T) { // what the bus refused is published later
		s := newSendings(t)
		bus := &refusingBus{left: 1}
		s.Bus = bus
		id := s.put(t, outbox.Item{Event: outbox.OrderExecuted, Key: "TEST-0000", Order: "TEST-0000", Values: map[string]string{order.ValueSurvivor: "10000017"}})
		for range 3 {
			s.invoke(t, id)
			time.Sleep(time.Hour)
		}
		if n := len(bus.details); n != 1 || s.read(t, id).DoneAt.IsZero() {
			t.Errorf("published %d times: %s", n, s.log)
		}
	})
}

type refusingBus struct {
	fakeBus
	left int
}

func (b *refusingBus) PutEvents(ctx context.Context, in *eventbridge.PutEventsInput, o ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error) {
	if b.left > 0 {
		b.left--
		return nil, &smithy.GenericAPIError{Code: "ThrottlingException", Fault: smithy.FaultClient}
	}
	return b.fakeBus.PutEvents(ctx, in, o...)
}

// In any history of faults of the tables, a mailbox of an event gets one mail, and the workflow starts once (M9, L1). A
// fault of the claim itself may cost a try, never a copy.
func TestInAnyHistoryOfFaultsEachMailboxOfAnEventGetsOneMail(t *testing.T) {
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			dice := mathrand.New(mathrand.NewPCG(seed, 7))
			s := newSendings(t)
			faulty := tablefake.Faults{Next: s.tables(), Choose: func() tablefake.Fault {
				if dice.Float64() < 0.3 {
					return tablefake.Fault(1 + dice.IntN(4))
				}
				return tablefake.Fine
			}}
			s.Tables.DB = s.calm.DB.(*fakeTables).Client(faulty)
			hasOrder(t, s.Dispatcher, order.Order{ID: "TEST-0000", Run: 1, State: merge.Submitted})
			bob := outbox.Recipient{Address: "bob@mark.example", Own: true}
			event := outbox.Item{Event: outbox.OrderSubmitted, Key: "TEST-0000", Order: "TEST-0000", Recipients: []outbox.Recipient{toAnna, bob}}
			announced := mailItem(outbox.OrderAnnounced)
			approved := outbox.Item{Event: outbox.OrderConfirmed, Key: "TEST-0000#3", Order: "TEST-0000", Recipients: []outbox.Recipient{toAnna, bob},
				Values: map[string]string{order.ValueSurvivor: "10000017", order.ValueSources: "10000025"}}
			ids := []string{s.put(t, event), s.put(t, announced), s.put(t, approved)}
			for range 8 {
				for _, id := range append(ids, itemID(outbox.Item{Event: approved.Event, Key: approved.For(toAnna).Key}), itemID(approved.For(bob))) {
					s.invoke(t, id)
				}
				time.Sleep(7 * time.Hour)
			}
			if anna, other := len(s.SES.(*fakeSES).to(toAnna.Address)), len(s.SES.(*fakeSES).to(bob.Address)); anna != 2 || other != 1 {
				t.Errorf("seed %d: %d and %d mails, want 2 and 1:\n%s", seed, anna, other, s.log)
			}
			if n := len(s.SFN.(*fakeSFN).started); n != 1 {
				t.Errorf("seed %d: the workflow was started %d times", seed, n)
			}
		})
	}
}
