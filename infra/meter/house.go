package meter

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/functions/dispatch"
	"kundenkonto/functions/mergeexecute"
	"kundenkonto/functions/reviewtask"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/site"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// Anna and Bert are the customers that walk through the house; each has two packages. Who signs in is whose cookies are in Cookies.
const (
	Anna, Bert      = "10000017", "10000025"
	Password        = "pferd heftklammer batterie"
	PackagePassword = "ein langes Paketpasswort"
)

// T is what ends a walk that went wrong: a test, or a command's own.
type T interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
	Context() context.Context
}

// Clock tells the time and lets it pass.
type Clock struct {
	Now   func() time.Time
	Sleep func(time.Duration)
}

// Acts is what the house was asked to do, beside what its Meter counts.
type Acts struct{ Pages, Service, Dispatch, Steps, Transitions, Mails, Queued, Events int }

// House is the whole site with dispatch on metered tables.
type House struct {
	T
	Clock
	Meter   *Meter
	Store   table.Store
	Site    http.Handler
	Log     bytes.Buffer
	Acts    Acts
	Mails   []string
	Cookies map[string]*http.Cookie

	dispatcher dispatch.Dispatcher
	queued     []string
	done       map[string]bool // items of the outbox that the stream brought
}

// NewHouse builds it, empty.
func NewHouse(t T, clock Clock) *House {
	fake := tablefake.New()
	h := &House{T: t, Clock: clock, Meter: &Meter{Fake: fake}, done: map[string]bool{}, Cookies: map[string]*http.Cookie{}}
	h.Store = table.Store{DB: fake.Client(h.Meter), Names: tablefake.Names}
	h.Store.Names.Kept = table.Retention{Audit: 3650 * 24 * time.Hour, Outbox: 90 * 24 * time.Hour, Drafts: 30 * 24 * time.Hour}
	log := slog.New(slog.NewJSONHandler(&h.Log, nil))
	var err error
	h.Site, err = SiteOn(h.Store, log, h.Now, h)
	h.Must(err)
	letters, err := mail.New(mail.Settings{Brand: "Kundenkonto", Sender: "konto@hosting.example", Contact: contact})
	h.Must(err)
	h.dispatcher = dispatch.Dispatcher{Tables: h.Store, Orders: h.Orders(), SES: h, SFN: h, Bus: h, Letters: letters,
		Sender: "konto@hosting.example", PublicURL: "https://konto.example", Now: h.Now, Rand: rand.Reader, Log: log}
	return h
}

const contact = "Telefon 030 23125 182"

// SiteOn is the whole site on given tables.
func SiteOn(store table.Store, log *slog.Logger, now func() time.Time, queue forgot.Sender) (http.Handler, error) {
	cfg := web.AppConfig{Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto", Contact: contact}, Now: now, Logger: log}
	return site.Assemble(site.Parts{Store: store, Queue: forgot.Queue{Sender: queue, URL: "https://sqs.invalid/1/forgot"}, Config: cfg, VetoHours: 72})
}

// Orders are the house's merge orders.
func (h *House) Orders() order.Store {
	return order.Store{Store: h.Store, Now: h.Now, Rand: rand.Reader, VetoHours: 72}
}

// Must ends the walk on an error.
func (h *House) Must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *House) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	h.Acts.Queued++
	h.queued = append(h.queued, *in.MessageBody)
	return &sqs.SendMessageOutput{}, nil
}

func (h *House) SendRawEmail(_ context.Context, in *ses.SendRawEmailInput, _ ...func(*ses.Options)) (*ses.SendRawEmailOutput, error) {
	h.Acts.Mails++
	text, _ := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(in.RawMessage.Data)))
	h.Mails = append(h.Mails, string(text))
	return &ses.SendRawEmailOutput{MessageId: aws.String(fmt.Sprintf("0102-%d", len(h.Mails)))}, nil
}

func (h *House) PutEvents(context.Context, *eventbridge.PutEventsInput, ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error) {
	h.Acts.Events++
	return &eventbridge.PutEventsOutput{}, nil
}

func (h *House) StartExecution(context.Context, *sfn.StartExecutionInput, ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	return &sfn.StartExecutionOutput{}, nil
}

func (h *House) DescribeExecution(context.Context, *sfn.DescribeExecutionInput, ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error) {
	return &sfn.DescribeExecutionOutput{Status: "RUNNING"}, nil
}

func (h *House) SendTaskSuccess(context.Context, *sfn.SendTaskSuccessInput, ...func(*sfn.Options)) (*sfn.SendTaskSuccessOutput, error) {
	return &sfn.SendTaskSuccessOutput{}, nil
}

// Send makes a request as a browser does, and gives the page.
func (h *House) Send(method, path string, pairs ...string) string {
	h.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range h.Cookies {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	h.Site.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		h.Cookies[c.Name] = c
	}
	if rec.Code >= 400 {
		h.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	h.Acts.Pages++
	if strings.HasPrefix(path, "/service") {
		h.Acts.Service++
	}
	return rec.Body.String()
}

// Deliver lets dispatch do what queue and stream bring.
func (h *House) Deliver() {
	h.Helper()
	for ; len(h.queued) > 0; h.queued = h.queued[1:] {
		h.Dispatch(map[string]any{"Records": []any{map[string]any{"eventSource": "aws:sqs", "messageId": "m", "body": h.queued[0]}}})
	}
	for fresh := true; fresh; {
		fresh = false
		var ids []string
		h.Meter.Fake.Items("Outbox", func(i tablefake.Item) {
			if id := i["pk"]["S"].(string); i["due"] != nil && !h.done[id] {
				ids = append(ids, id)
			}
		})
		for _, id := range ids {
			h.done[id], fresh = true, true
			h.Dispatch(map[string]any{"Records": []any{map[string]any{"eventSource": "aws:dynamodb", "eventName": "INSERT",
				"dynamodb": map[string]any{"Keys": map[string]any{"pk": map[string]any{"S": id}}}}}})
		}
	}
}

func (h *House) Dispatch(event any) {
	h.Helper()
	raw, err := json.Marshal(event)
	h.Must(err)
	_, err = h.dispatcher.Handle(h.Context(), raw)
	h.Must(err)
	h.Acts.Dispatch++
}

// Kept is how many bytes the tables have that no time to live takes within weeks.
func (h *House) Kept() (n int) {
	for _, of := range []string{"Customers", "Credentials", "MergeOrders", "Audit"} {
		h.Meter.Fake.Items(of, func(i tablefake.Item) { n += tablefake.Size(i) + 100 }) // DynamoDB adds 100 bytes of overhead an item
	}
	return n
}

// Step is an invocation by the workflow, and the state before it.
func (h *House) Step(name, id string) {
	h.Helper()
	log := slog.New(slog.NewJSONHandler(&h.Log, nil))
	var err error
	if name == "execute" {
		_, err = mergeexecute.Handler{Orders: h.Orders(), Log: log}.Handle(h.Context(), mergeexecute.Input{Step: name, Order: id, Run: 1})
	} else {
		_, err = reviewtask.Handler{Orders: h.Orders(), Tasks: reviewtask.Tasks{Succeed: h.SendTaskSuccess}, Now: h.Now, Log: log}.Handle(h.Context(),
			reviewtask.Input{Step: name, Order: id, Run: 1, Token: "token", Entered: h.Now().UTC().Format(time.RFC3339Nano)})
	}
	h.Must(err)
	h.Acts.Steps++
	h.Acts.Transitions++
	if name == "read" {
		h.Acts.Transitions++ // Which
	}
}

var hidden = regexp.MustCompile(`name="(digest|idempotencyKey|state)" value="([^"]+)"`)

// Hidden are the hidden fields of a page that decide, and their values, in turn.
func Hidden(page string) (fields []string) {
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		fields = append(fields, m[1], html.UnescapeString(m[2]))
	}
	return fields
}

// Each runs an operation of a walk, by its name.
type Each func(operation string, do func())

// Submit is the way of an order, by which Anna takes Bert's number on, until it waits for the service team. It gives the order's id.
func (h *House) Submit(each Each) string {
	h.Helper()
	h.Send("GET", "/merge")
	each("check", func() {
		h.Send("POST", "/merge/check", "customerNumber", Bert, "domain", "a"+Bert+".example", "password", PackagePassword)
	})
	each("adopt", func() { h.Send("POST", "/merge/adopt", "customerNumber", Bert) })
	fields := append([]string{"currentPassword", Password}, Hidden(h.Send("GET", "/merge/draft"))...)
	each("submit", func() { h.Send("POST", "/merge/submit", fields...) })
	orders, err := h.Orders().Queue(h.Context(), 10, "SUBMITTED")
	h.Must(err)
	if len(orders) != 1 {
		h.Fatalf("%d orders", len(orders))
	}
	id := orders[0].ID
	h.Send("GET", "/merge/orders/"+id)
	h.Deliver()
	h.Step("read", id)
	h.Step("announce", id)
	h.Deliver()
	h.Step("read", id)
	h.Step("open", id)
	return id
}

// Merge is the whole way of an order without surprises, but for the hours that it waits. approve is how the service team approves.
func (h *House) Merge(each Each, approve func(order.Order)) order.Order {
	h.Helper()
	id := h.Submit(each)
	h.Sleep(12 * time.Hour)
	o, err := h.Orders().Get(h.Context(), id)
	h.Must(err)
	each("approve", func() { approve(o) })
	h.Deliver()
	h.Step("read", id)
	h.Acts.Transitions++ // VetoPeriod
	h.Sleep(80 * time.Hour)
	h.Step("read", id)
	each("execute", func() { h.Step("execute", id) })
	h.Step("read", id)
	h.Acts.Transitions++ // Done
	h.Deliver()
	if o, err = h.Orders().Get(h.Context(), id); err != nil || o.State != "EXECUTED" {
		h.Fatalf("%s, %v", o.State, err)
	}
	return o
}

// Line is a customer as an import has them.
func Line(n string, balance int64) []byte {
	text, _ := json.Marshal(importer.Line{CustomerNumber: n, FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin", Country: "DE",
		Language: "de", Phone: "030 1234567", Email: "anna@schaefer.example", IBAN: "", BalanceCents: balance, PasswordHash: localtest.CheapHash(Password),
		Packages: []importer.Package{
			{ID: "A" + n, Product: "hosting", Tariff: "M", Domains: []string{"a" + n + ".example"}, PasswordHash: localtest.CheapHash(PackagePassword), ContractStart: "2020-01-31", TermMonths: 12, NoticePeriodMonths: 1},
			{ID: "B" + n, Product: "server", Tariff: "L", Domains: []string{"b" + n + ".example", "c" + n + ".example"}, PasswordHash: localtest.CheapHash(PackagePassword), ContractStart: "2021-01-31", TermMonths: 12, NoticePeriodMonths: 1}}})
	return append(text, '\n')
}

// Import runs a night's import: it looks ahead, and writes.
func (h *House) Import(text []byte) {
	h.Helper()
	im, files := importer.Importer{Tables: h.Store, Now: h.Now, Rand: rand.Reader, Workers: 1, Overwrite: importer.Overwrite{}}, []importer.File{importer.Memory("night", text)}
	checked := importer.Check(files...)
	if len(checked.Problems) > 0 {
		h.Fatal(checked.Problems)
	}
	_, err := im.Forecast(h.Context(), checked, files, nil)
	h.Must(err)
	report, err := im.Import(h.Context(), checked, files...)
	if err != nil || report.Counts[importer.Failed] > 0 {
		h.Fatal(report, err)
	}
}

// Visitor is somebody else in the same house, with cookies of their own.
func (h *House) Visitor() *House {
	return &House{T: h.T, Clock: h.Clock, Meter: h.Meter, Store: h.Store, Site: h.Site, Cookies: map[string]*http.Cookie{}, done: map[string]bool{}}
}
