package acts

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/functions/dispatch"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/policy"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/site"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/event/schema"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

const (
	publicURL = "https://konto.example"
	vetoHours = 72
)

// The numbers of a world. Namesakes, since only they may merge: the thief calls themselves as the owner does.
const (
	mine   = "10000017" // the owner's, which it is all about
	second = "10000025" // another one of the owner's
	theirs = "10000033" // the thief's own
)

// world is the whole program on tables in memory: the site, dispatch and the workflow.
type world struct {
	t      testing.TB
	tables *tablefake.Fake
	wire   *wire
	store  table.Store
	orders order.Store
	site   http.Handler
	log    bytes.Buffer

	dispatch dispatch.Dispatcher
	mails    *mailbox
	flow     *workflow
	queue    *queue
	seen     map[string]bool // outbox items that the stream brought
	kept     map[string]bool // keys of what must never go (M1)

	owner, thief *person
}

func newWorld(t testing.TB) *world {
	t.Helper()
	tables := tablefake.New()
	w := &world{t: t, tables: tables, wire: &wire{tables: tables}, mails: &mailbox{}, queue: &queue{}, seen: map[string]bool{}, kept: map[string]bool{}}
	names := tablefake.Names
	names.Kept.Drafts = 30 * 24 * time.Hour
	w.store = table.Store{DB: tables.Client(w.wire), Names: names}
	w.orders = order.Store{Store: w.store, Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}, VetoHours: vetoHours}
	logger := slog.New(slog.NewJSONHandler(&locked{w: &w.log}, nil))
	w.flow = newWorkflow(w.ordersAs("ReviewTaskRole"), w.ordersAs("MergeExecuteRole"), logger)
	cfg := web.AppConfig{Config: web.Config{PublicURL: publicURL, Brand: "Kundenkonto", Contact: "Telefon 030 23125 182"}, Now: time.Now, Logger: logger}
	var err error
	w.site, err = site.Assemble(site.Parts{Store: w.store, Queue: forgot.Queue{Sender: w.queue, URL: "https://sqs.invalid/1/forgot"}, Config: cfg, VetoHours: vetoHours})
	w.must(err)
	letters, err := mail.New(mail.Settings{Brand: "Kundenkonto", Sender: "konto@firma.example", Contact: "Telefon 030 23125 182"})
	w.must(err)
	w.dispatch = dispatch.Dispatcher{Tables: w.as("DispatchRole"), Orders: w.ordersAs("DispatchRole"), SES: w.mails, SFN: w.flow, Bus: bus{t}, Letters: letters, Sender: "konto@firma.example",
		PublicURL: publicURL, StateMachine: "arn:aws:states:eu-central-1:0:stateMachine:merge", Now: time.Now, Rand: rand.Reader, Log: logger}
	w.people()
	return w
}

// as is the store of a function with a role of template.yaml: what the role does not allow fails the test.
func (w *world) as(role string) table.Store {
	w.t.Helper()
	r, err := policy.Read("../../template.yaml", role)
	w.must(err)
	return table.Store{DB: w.tables.Client(r.Over(w.wire, func(why string) { w.t.Error(why) })), Names: tablefake.Names}
}

func (w *world) ordersAs(role string) order.Store {
	w.t.Helper()
	orders := w.orders
	orders.Store = w.as(role)
	return orders
}

// people fills the tables: the owner with two numbers, known for years, and the thief with one.
func (w *world) people() {
	w.owner = newPerson(w, "owner", "anna@kunde.example", "zweite@kunde.example", "neu@kunde.example")
	w.thief = newPerson(w, "thief", "dieb@fremd.example", "hehler@fremd.example")
	for number, address := range map[string]string{mine: w.owner.mailboxes[0], second: w.owner.mailboxes[1], theirs: w.thief.mailboxes[0]} {
		who := w.owner
		if number == theirs {
			who = w.thief
		}
		p := customer.Profile{Number: number, FirstName: "Anna", LastName: "Schäfer", Street: "Straße " + number, City: "Berlin", PostalCode: "10115", Country: "DE",
			Email: address, Phone: "+49 30 1234567", Language: "de", Version: 1, CreatedAt: time.Now().AddDate(-3, 0, 0)}
		w.put(customer.PutNew(tablefake.Names, p))
		w.put(customer.PutPackage(tablefake.Names, customer.Package{ID: packageOf(number), Number: number, Product: "hosting", Tariff: "M", TermMonths: 12,
			ContractStart: "1995-01-31", Domains: []string{domainOf(number)}})...)
		who.password[number], who.packagePassword[number] = "Kundenkennwort von "+number, "Paketkennwort von "+number
		w.put(credential.SetPassword(tablefake.Names, credential.Credential{Subject: table.PackageSubject(packageOf(number))}, localtest.CheapHash(who.packagePassword[number]), false, p.CreatedAt),
			credential.SetPassword(tablefake.Names, credential.Credential{Subject: table.Customer(number)}, localtest.CheapHash(who.password[number]), false, p.CreatedAt))
	}
}

// team is a browser of the service team that has just signed in.
func (w *world) team() *browser {
	w.t.Helper()
	value, err := session.StaffStore{Store: w.store}.Create(context.Background(), rand.Reader,
		session.StaffSession{User: "jana", Name: "Jana", Groups: []string{session.StaffGroup}}, time.Now())
	w.must(err)
	b := newBrowser(w, "team")
	b.cookies[session.StaffCookie] = value
	return b
}

func packageOf(number string) string { return "P" + number }
func domainOf(number string) string  { return "d" + number + ".example" }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) put(items ...types.TransactWriteItem) {
	w.t.Helper()
	w.must(w.store.Transact(context.Background(), items, ""))
}

func (w *world) profile(number string) customer.Profile {
	w.t.Helper()
	p, err := customer.Store{Store: w.store}.Profile(context.Background(), number)
	w.must(err)
	return p
}

// settle lets all that happens behind the pages happen: mails, workflow, what is due.
func (w *world) settle() {
	w.t.Helper()
	for range 20 {
		before := w.mails.count() + len(w.seen) + w.flow.moves
		w.deliver()
		w.flow.drive(w.t)
		if w.mails.count()+len(w.seen)+w.flow.moves == before {
			w.keep()
			return
		}
	}
	w.t.Fatal("it never comes to rest")
}

// deliver brings the queue's messages and the outbox's new items to dispatch.
func (w *world) deliver() {
	w.t.Helper()
	for _, body := range w.queue.take() {
		w.call(map[string]any{"Records": []any{map[string]any{"eventSource": "aws:sqs", "messageId": rand.Text(), "body": body}}})
	}
	var fresh []any
	w.tables.Locked(func() {
		w.tables.Items("Outbox", func(item tablefake.Item) {
			id := item["pk"]["S"].(string)
			if !w.seen[id] {
				w.seen[id] = true
				fresh = append(fresh, map[string]any{"eventSource": "aws:dynamodb", "eventName": "INSERT", "dynamodb": map[string]any{"Keys": map[string]any{"pk": map[string]any{"S": id}}}})
			}
		})
	})
	if len(fresh) > 0 {
		w.call(map[string]any{"Records": fresh})
	}
}

func (w *world) call(event any) {
	w.t.Helper()
	raw, err := json.Marshal(event)
	w.must(err)
	_, err = w.dispatch.Handle(context.Background(), raw)
	w.must(err)
}

// pass lets time go by, and then the schedule do what is due.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	w.settle()
	time.Sleep(d)
	w.call(map[string]any{"redrive": true})
	w.settle()
}

// lasting are tables of which nothing may ever go, but drafts and what has a time to live (M1).
var lasting = []string{"Customers", "Credentials", "Audit", "MergeOrders"}

// keep remembers the keys of all that is there.
func (w *world) keep() {
	w.tables.Locked(func() {
		for _, name := range lasting {
			w.tables.Items(name, func(item tablefake.Item) {
				if _, ends := item["ttl"]; !ends {
					w.kept[name+keyOf(item)] = true
				}
			})
		}
	})
}

// lost are the keys of what was there once.
func (w *world) lost() []string {
	there := map[string]bool{}
	w.tables.Locked(func() {
		for _, name := range lasting {
			w.tables.Items(name, func(item tablefake.Item) { there[name+keyOf(item)] = true })
		}
	})
	var gone []string
	for key := range w.kept {
		if !there[key] {
			gone = append(gone, key)
		}
	}
	return gone
}

func keyOf(item tablefake.Item) string { return fmt.Sprint(" ", item["pk"]["S"], " ", item["sk"]["S"]) }

// writes are the calls that something else may come before: between what was read and what is written.
var writes = map[string]bool{"TransactWriteItems": true, "PutItem": true, "UpdateItem": true, "DeleteItem": true}

// wire is what all calls of the tables go through. It lets something else happen before one that writes.
type wire struct {
	tables *tablefake.Fake
	mu     sync.Mutex
	calls  int
	before int // the write before which it happens; 0: none
	happen func()
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	if _, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "."); writes[operation] {
		w.calls++
	}
	var happen func()
	if w.before > 0 && w.calls == w.before {
		happen, w.before = w.happen, 0
	}
	w.mu.Unlock()
	if happen != nil {
		happen()
	}
	return w.tables.RoundTrip(r)
}

// beforeWrite lets something happen before the n-th write from now.
func (w *wire) beforeWrite(n int, happen func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls, w.before, w.happen = 0, n, happen
}

// happened says whether it did, and takes it back if it did not.
func (w *wire) happened() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	done := w.before == 0
	w.before, w.happen = 0, nil
	return done
}

// queue is the one of forgotten passwords.
type queue struct {
	mu     sync.Mutex
	bodies []string
}

func (q *queue) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bodies = append(q.bodies, *in.MessageBody)
	return &sqs.SendMessageOutput{MessageId: aws.String("1")}, nil
}

func (q *queue) take() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.bodies
	q.bodies = nil
	return all
}

// bus holds every event against the schema that the operator's other systems read it by.
type bus struct{ t testing.TB }

func (b bus) PutEvents(_ context.Context, in *eventbridge.PutEventsInput, _ ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error) {
	for _, e := range in.Entries {
		if err := schema.Check(*e.DetailType, []byte(*e.Detail)); err != nil {
			b.t.Errorf("%v\n%s", err, *e.Detail)
		}
	}
	return &eventbridge.PutEventsOutput{}, nil
}

// locked is a log that many write to.
type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
