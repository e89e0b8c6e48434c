package simulate

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/dispatch"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/site"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/order"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

const (
	publicURL = "https://konto.example"
	vetoHours = 72
)

// world is the whole program on tables in memory, with everybody who uses it.
type world struct {
	t      testing.TB
	dice   *mathrand.Rand
	rate   float64 // of calls that something happens to
	tables *tablefake.Fake
	wire   *wire
	calm   table.Store // looks without being troubled
	orders order.Store // likewise
	site   http.Handler
	log    bytes.Buffer

	dispatch dispatch.Dispatcher
	mails    *mails
	queue    *queue
	flow     *workflow
	bus      *bus
	stream   map[string]bool // outbox items that the stream brought

	people  []*person
	books   map[string]booked // what the operator's own system has, by number
	witness *witness
	journal []string
	acts    uint64
	inner   bool // what comes in between is under way
	ending  bool // nothing comes in between any more
	begun   time.Time
	did     map[string]int // acts that came to something
}

func newWorld(t testing.TB, seed uint64) *world {
	tables := tablefake.New()
	dice := mathrand.New(mathrand.NewPCG(seed, 1))
	w := &world{t: t, dice: dice, tables: tables, wire: &wire{tables: tables}, stream: map[string]bool{}, begun: time.Now(), did: map[string]int{}, books: map[string]booked{}}
	w.rate = []float64{0, 0.02, 0.05, 0.1}[dice.IntN(4)]
	w.mails, w.queue = &mails{wire: w.wire, unknown: map[string]int{}}, &queue{wire: w.wire}
	w.bus = &bus{wire: w.wire}
	names := tablefake.Names
	names.Kept.Drafts = 30 * 24 * time.Hour
	w.calm = table.Store{DB: tables.Client(nil), Names: names}
	w.orders = order.Store{Store: w.calm, Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}, VetoHours: vetoHours}
	troubled := table.Store{DB: tables.Client(w.wire), Names: names}
	orders := w.orders
	orders.Store = troubled
	logger := slog.New(slog.NewJSONHandler(&locked{w: &w.log}, nil))
	w.flow = newWorkflow(w.wire, orders, logger)
	w.flow.invoke = w.invoke
	w.flow.between = func(id string) (int, func()) {
		t := w.troubleWith(w.oneOf(id), 3)
		return min(t.before, 1), t.happen
	}
	cfg := web.AppConfig{Config: web.Config{PublicURL: publicURL, Brand: "Kundenkonto", Contact: "Telefon 030 23125 182"}, Now: time.Now, Logger: logger}
	var err error
	w.site, err = site.Assemble(site.Parts{Store: troubled, Queue: forgot.Queue{Sender: w.queue.client(), URL: "https://sqs.invalid/1/forgot"}, Config: cfg, VetoHours: vetoHours})
	w.must(err)
	letters, err := mail.New(mail.Settings{Brand: "Kundenkonto", Sender: "konto@firma.example", Contact: "Telefon 030 23125 182"})
	w.must(err)
	w.dispatch = dispatch.Dispatcher{Tables: troubled, Orders: orders, SES: w.mails, SFN: w.flow, Bus: w.bus, Letters: letters, Sender: "konto@firma.example",
		PublicURL: publicURL, StateMachine: "arn:aws:states:eu-central-1:0:stateMachine:merge", Now: time.Now, Rand: rand.Reader, Log: logger}
	w.populate()
	w.witness = newWitness(w)
	tables.After = w.witness.look
	return w
}

// customers is how many there are: namesakes, since only they may merge.
const customers = 5

// populate fills the tables. The first two have the same mailbox, known for years.
func (w *world) populate() {
	w.wire.begin(trouble{})
	for i := range customers {
		number := fmt.Sprint(10000017 + 8*i)
		p := newPerson(w, number)
		w.people = append(w.people, p)
		mailbox := p.mailboxes[0]
		if i == 1 {
			mailbox = w.people[0].mailboxes[0]
			p.mailboxes = append(p.mailboxes, mailbox)
		}
		language := "de"
		if i == 2 {
			language = "en"
		}
		profile := customer.Profile{Number: number, FirstName: "Anna", LastName: "Schäfer", Street: "Straße " + number, City: "Berlin", PostalCode: "10115", Country: "DE",
			Email: mailbox, Phone: "+49 30 " + number[1:], Language: language, Version: 1, CreatedAt: time.Now().AddDate(-3, 0, 0)}
		w.put(customer.PutNew(w.calm.Names, profile))
		for n := range 1 + i%2 {
			id := fmt.Sprintf("P%s-%d", number, n)
			p.packages[id] = "Paketkennwort von " + id
			w.put(customer.PutPackage(w.calm.Names, customer.Package{ID: id, Number: number, Product: "hosting", Tariff: "M", TermMonths: 12,
				ContractStart: "1995-01-31", Domains: []string{domainOf(id)}})...)
			w.put(credential.SetPassword(w.calm.Names, credential.Credential{Subject: table.PackageSubject(id)}, localtest.CheapHash(p.packages[id]), false, profile.CreatedAt))
		}
		p.password = "Kundenkennwort von " + number
		w.put(credential.SetPassword(w.calm.Names, credential.Credential{Subject: table.Customer(number)}, localtest.CheapHash(p.password), false, profile.CreatedAt))
		w.books[number] = booked{packages: len(p.packages)}
	}
}

func domainOf(id string) string { return strings.ToLower(id) + ".example" }

func (w *world) must(err error) {
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) put(items ...types.TransactWriteItem) {
	w.must(w.calm.Transact(context.Background(), items, ""))
}

// living is who stands for a number: its own customer, or the one that it was merged into.
func (w *world) living(number string) *person {
	if into := w.witness.profiles[number].MergedInto; into != "" {
		number = into
	}
	return w.people[slices.IndexFunc(w.people, func(p *person) bool { return p.number == number })]
}

// say writes a line of what happened. It names no secret.
func (w *world) say(format string, args ...any) {
	d := time.Since(w.begun)
	w.journal = append(w.journal, fmt.Sprintf("day %d %02d:%02d  ", int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60)+fmt.Sprintf(format, args...))
}

// trouble draws what goes wrong in the next act.
func (w *world) trouble() trouble {
	w.acts++
	t := trouble{seed: w.dice.Uint64(), rate: w.rate}
	if w.rate > 0 && w.dice.IntN(12) == 0 {
		t.dies = 1 + w.dice.IntN(12)
	}
	return t
}

// invoke is one invocation of a function that no page waits for. One that died is an error for whoever called it.
func (w *world) invoke(what string, do func(context.Context) error) error {
	if !w.inner {
		w.wire.begin(w.troubleWith(w.somebody, 10))
	}
	before := len(w.mails.since(0))
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	err := do(ctx)
	if !w.inner && w.wire.died() {
		w.say("%s: dies", what)
		w.leftWithoutAWord(before)
		return errCut
	}
	if err != nil {
		w.say("%s: %s", what, kindOf(err))
	}
	return err
}

// leftWithoutAWord counts the mails of a function that died before it noted them: whether they went out nobody knows (M9).
func (w *world) leftWithoutAWord(before int) {
	for _, l := range w.mails.since(before) {
		if item, known := w.witness.mail(l.id); !known || item.MessageID == "" {
			w.mails.unknown[l.id]++
		}
	}
}

// kindOf is an error without what it names.
func kindOf(err error) string {
	text := err.Error()
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	return text
}

// call invokes dispatch.
func (w *world) call(what string, event any) (answer any) {
	raw, err := json.Marshal(event)
	w.must(err)
	_ = w.invoke(what, func(ctx context.Context) (err error) {
		answer, err = w.dispatch.Handle(ctx, raw)
		return err
	})
	return answer
}

// deliver brings the queue's messages and the outbox's new items to dispatch, one an invocation.
func (w *world) deliver() {
	for range len(w.queue.messages) {
		m, _ := w.queue.take()
		answer := w.call("dispatch: a message", map[string]any{"Records": []any{map[string]any{"eventSource": "aws:sqs", "messageId": m.id, "body": m.body}}})
		raw, err := json.Marshal(answer)
		w.must(err)
		w.queue.done(!w.wire.died() && !strings.Contains(string(raw), m.id))
	}
	for _, id := range w.fresh() {
		w.stream[id] = true
		w.record(id)
	}
}

// fresh are items of the outbox that no stream record told of yet.
func (w *world) fresh() (ids []string) {
	w.tables.Locked(func() {
		w.tables.Items("Outbox", func(item tablefake.Item) {
			if id := item["pk"]["S"].(string); !w.stream[id] {
				ids = append(ids, id)
			}
		})
	})
	return ids
}

// record brings one record of the outbox's stream, sometimes to two at once.
func (w *world) record(id string) {
	raw, err := json.Marshal(map[string]any{"Records": []any{map[string]any{"eventSource": "aws:dynamodb", "eventName": "INSERT",
		"dynamodb": map[string]any{"Keys": map[string]any{"pk": map[string]any{"S": id}}}}}})
	w.must(err)
	_ = w.invoke("dispatch: "+id[:strings.IndexByte(id+"#", '#')], func(ctx context.Context) error {
		if !w.ending && w.dice.IntN(8) == 0 {
			w.wire.comesBetween(2, func() { _, _ = w.dispatch.Handle(ctx, raw) }) // the other one has claimed it, and sent nothing yet
		}
		_, err := w.dispatch.Handle(ctx, raw)
		return err
	})
}

// settle lets what happens behind the pages happen until it comes to rest.
func (w *world) settle() {
	for range 30 {
		before := len(w.mails.since(0)) + len(w.stream) + w.flow.moves
		w.deliver()
		w.flow.drive()
		if len(w.mails.since(0))+len(w.stream)+w.flow.moves == before && len(w.fresh()) == 0 {
			return
		}
	}
	w.witness.broke("it never comes to rest")
}

// pass lets time go by, and then the schedule do what is due.
func (w *world) pass(d time.Duration) {
	time.Sleep(d)
	w.call("schedule", map[string]any{"redrive": true})
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
