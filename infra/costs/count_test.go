package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
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
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

var update = flag.Bool("update", false, "write counts.json")

const (
	anna, bert = "10000017", "10000025"
	password   = "pferd heftklammer batterie"
)

// house is the whole site with dispatch on metered tables.
type house struct {
	testing.TB
	meter   *meter
	store   table.Store
	site    http.Handler
	sends   dispatch.Dispatcher
	log     bytes.Buffer
	count   Count
	queued  []string
	mails   []string
	done    map[string]bool // items of the outbox that the stream brought
	cookies map[string]*http.Cookie
}

func newHouse(t testing.TB) *house {
	fake := tablefake.New()
	h := &house{TB: t, meter: &meter{fake: fake}, done: map[string]bool{}}
	h.store = table.Store{DB: fake.Client(h.meter), Names: tablefake.Names}
	h.store.Names.Kept = table.Retention{Audit: 3650 * 24 * time.Hour, Outbox: 90 * 24 * time.Hour, Drafts: 30 * 24 * time.Hour}
	log := slog.New(slog.NewJSONHandler(&h.log, nil))
	cfg := web.AppConfig{Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto", Contact: "Telefon 030 23125 182"}, Now: time.Now, Logger: log}
	var err error
	h.site, err = site.Assemble(site.Parts{Store: h.store, Queue: forgot.Queue{Sender: h, URL: "https://sqs.invalid/1/forgot"}, Config: cfg, VetoHours: 72})
	h.must(err)
	letters, err := mail.New(mail.Settings{Brand: "Kundenkonto", Sender: "konto@hosting.example", Contact: "Telefon 030 23125 182"})
	h.must(err)
	h.sends = dispatch.Dispatcher{Tables: h.store, Orders: h.orders(), SES: h, SFN: h, Bus: h, Letters: letters,
		Sender: "konto@hosting.example", PublicURL: "https://konto.example", Now: time.Now, Rand: rand.Reader, Log: log}
	return h
}

func (h *house) orders() order.Store {
	return order.Store{Store: h.store, Now: time.Now, Rand: rand.Reader, VetoHours: 72}
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	h.count.Queued++
	h.queued = append(h.queued, *in.MessageBody)
	return &sqs.SendMessageOutput{}, nil
}

func (h *house) SendRawEmail(_ context.Context, in *ses.SendRawEmailInput, _ ...func(*ses.Options)) (*ses.SendRawEmailOutput, error) {
	h.count.Mails++
	text, _ := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(in.RawMessage.Data)))
	h.mails = append(h.mails, string(text))
	return &ses.SendRawEmailOutput{MessageId: aws.String(fmt.Sprintf("0102-%d", len(h.mails)))}, nil
}

func (h *house) PutEvents(context.Context, *eventbridge.PutEventsInput, ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error) {
	h.count.Events++
	return &eventbridge.PutEventsOutput{}, nil
}

func (h *house) StartExecution(context.Context, *sfn.StartExecutionInput, ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	return &sfn.StartExecutionOutput{}, nil
}

func (h *house) DescribeExecution(context.Context, *sfn.DescribeExecutionInput, ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error) {
	return &sfn.DescribeExecutionOutput{Status: "RUNNING"}, nil
}

func (h *house) SendTaskSuccess(context.Context, *sfn.SendTaskSuccessInput, ...func(*sfn.Options)) (*sfn.SendTaskSuccessOutput, error) {
	return &sfn.SendTaskSuccessOutput{}, nil
}

func (h *house) Answer(context.Context, string) error { return nil }

// send makes a request as a browser does.
func (h *house) send(method, path string, pairs ...string) string {
	h.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range h.cookies {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	h.site.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		h.cookies[c.Name] = c
	}
	if rec.Code >= 400 {
		h.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	h.count.Pages++
	if strings.HasPrefix(path, "/service") {
		h.count.Service++
	}
	return rec.Body.String()
}

// deliver lets dispatch do what queue and stream bring.
func (h *house) deliver() {
	h.Helper()
	for ; len(h.queued) > 0; h.queued = h.queued[1:] {
		h.dispatch(map[string]any{"Records": []any{map[string]any{"eventSource": "aws:sqs", "messageId": "m", "body": h.queued[0]}}})
	}
	for fresh := true; fresh; {
		fresh = false
		var ids []string
		h.meter.fake.Items("Outbox", func(i tablefake.Item) {
			if id := i["pk"]["S"].(string); i["due"] != nil && !h.done[id] {
				ids = append(ids, id)
			}
		})
		for _, id := range ids {
			h.done[id], fresh = true, true
			h.dispatch(map[string]any{"Records": []any{map[string]any{"eventSource": "aws:dynamodb", "eventName": "INSERT",
				"dynamodb": map[string]any{"Keys": map[string]any{"pk": map[string]any{"S": id}}}}}})
		}
	}
}

func (h *house) dispatch(event any) {
	h.Helper()
	raw, err := json.Marshal(event)
	h.must(err)
	_, err = h.sends.Handle(h.Context(), raw)
	h.must(err)
	h.count.Dispatch++
}

// kept is how many bytes the tables have that no time to live takes within weeks.
func (h *house) kept() (n int) {
	for _, of := range []string{"Customers", "Credentials", "MergeOrders", "Audit"} {
		h.meter.fake.Items(of, func(i tablefake.Item) { n += size(i) + 100 }) // DynamoDB adds 100 bytes of overhead an item
	}
	return n
}

// counted is what an act takes.
func (h *house) counted(act func()) Count {
	h.Helper()
	h.deliver()
	before := h.kept()
	h.count, h.meter.reads, h.meter.writes = Count{}, 0, 0
	h.log.Reset()
	act()
	h.deliver()
	c := h.count
	c.Reads, c.Writes, c.LogBytes, c.Stored = h.meter.reads, h.meter.writes, h.log.Len()/100*100, max(0, h.kept()-before)/10*10
	return c
}

// step is an invocation by the workflow, and the state before it.
func (h *house) step(name, id string) {
	h.Helper()
	log := slog.New(slog.NewJSONHandler(&h.log, nil))
	var err error
	if name == "execute" {
		_, err = mergeexecute.Handler{Orders: h.orders(), Log: log}.Handle(h.Context(), mergeexecute.Input{Step: name, Order: id, Run: 1})
	} else {
		_, err = reviewtask.Handler{Orders: h.orders(), Tasks: h, Now: time.Now, Log: log}.Handle(h.Context(),
			reviewtask.Input{Step: name, Order: id, Run: 1, Token: "token", Entered: time.Now().UTC().Format(time.RFC3339Nano)})
	}
	h.must(err)
	h.count.Steps++
	h.count.Transitions++
	if name == "read" {
		h.count.Transitions++ // Which
	}
}

var hidden = regexp.MustCompile(`name="(digest|idempotencyKey)" value="([^"]+)"`)

// merge is the way of an order without surprises, but for the hours that it waits.
func (h *house) merge() {
	h.Helper()
	h.send("GET", "/merge")
	h.send("POST", "/merge/check", "customerNumber", bert, "domain", "a"+bert+".example", "password", "ein langes Paketpasswort")
	h.send("POST", "/merge/adopt", "customerNumber", bert)
	page := h.send("GET", "/merge/draft")
	fields := []string{"currentPassword", password}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		fields = append(fields, m[1], m[2])
	}
	h.send("POST", "/merge/submit", fields...)
	orders, err := h.orders().Queue(h.Context(), 10, "SUBMITTED")
	h.must(err)
	if len(orders) != 1 {
		h.Fatalf("%d orders: %s", len(orders), page)
	}
	id := orders[0].ID
	h.send("GET", "/merge/orders/"+id)
	h.deliver()
	h.step("read", id)
	h.step("announce", id)
	h.deliver()
	h.step("read", id)
	h.step("open", id)
	time.Sleep(12 * time.Hour)
	o, err := h.orders().Get(h.Context(), id)
	h.must(err)
	_, err = h.orders().Approve(h.Context(), id, order.Decision{Reviewer: "staff:jana", Digest: o.Digest, Reason: "passt"})
	h.must(err)
	h.deliver()
	h.step("read", id)
	h.count.Transitions++ // VetoPeriod
	time.Sleep(80 * time.Hour)
	h.step("read", id)
	h.step("execute", id)
	h.step("read", id)
	h.count.Transitions++ // Done
	h.deliver()
	if o, err := h.orders().Get(h.Context(), id); err != nil || o.State != "EXECUTED" {
		h.Fatalf("%s, %v", o.State, err)
	}
}

// line is a customer as an import has them.
func line(n string, balance int64) []byte {
	text, _ := json.Marshal(importer.Line{CustomerNumber: n, FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin", Country: "DE",
		Language: "de", Phone: "030 1234567", Email: "anna@schaefer.example", IBAN: "", BalanceCents: balance, PasswordHash: localtest.CheapHash(password),
		Packages: []importer.Package{
			{ID: "A" + n, Product: "hosting", Tariff: "M", Domains: []string{"a" + n + ".example"}, PasswordHash: localtest.CheapHash("ein langes Paketpasswort"), ContractStart: "2020-01-31", TermMonths: 12, NoticePeriodMonths: 1},
			{ID: "B" + n, Product: "server", Tariff: "L", Domains: []string{"b" + n + ".example", "c" + n + ".example"}, PasswordHash: localtest.CheapHash("ein langes Paketpasswort"), ContractStart: "2021-01-31", TermMonths: 12, NoticePeriodMonths: 1}}})
	return append(text, '\n')
}

// imports runs a night's import: it looks ahead, and writes.
func (h *house) imports(text []byte) {
	h.Helper()
	im, files := importer.Importer{Tables: h.store, Now: time.Now, Rand: rand.Reader, Workers: 1, Overwrite: importer.Overwrite{}}, []importer.File{importer.Memory("night", text)}
	checked := importer.Check(files...)
	if len(checked.Problems) > 0 {
		h.Fatal(checked.Problems)
	}
	_, err := im.Forecast(h.Context(), checked, files, nil)
	h.must(err)
	report, err := im.Import(h.Context(), checked, files...)
	if err != nil || report.Counts[importer.Failed] > 0 {
		h.Fatal(report, err)
	}
}

// countAll counts every act, in an order in which each finds what it needs.
func (h *house) countAll() map[string]Count {
	h.Helper()
	all := map[string]Count{}
	h.imports(line(anna, 0))
	all["customer"] = h.counted(func() { h.imports(line(bert, 0)) })
	all["import, nothing new"] = h.counted(func() { h.imports(line(bert, 0)) })
	all["import, another balance"] = h.counted(func() { h.imports(line(bert, -100)) })
	all["schedule"] = h.counted(func() { h.dispatch(map[string]any{"redrive": true}) })
	h.cookies = map[string]*http.Cookie{}
	signIn := func() {
		h.send("GET", "/login")
		h.send("POST", "/login", "customerNumber", anna, "password", password)
		h.send("GET", "/account")
	}
	signIn() // the first one brings a hash up to date
	all["sign-in"] = h.counted(signIn)
	all["page"] = h.counted(func() { h.send("GET", "/account/packages/A"+anna) })
	all["settings"] = h.counted(func() {
		h.send("GET", "/account/packages/A"+anna)
		h.send("POST", "/account/packages/A"+anna+"/settings", "displayName", "Blog")
	})
	all["master data"] = h.counted(func() {
		h.send("GET", "/account/master-data")
		h.send("POST", "/account/master-data", "version", "1", "street", "Neue Straße 7", "city", "Bonn", "postalCode", "53111", "country", "DE", "phone", "030 1234567", "email", "anna@schaefer.example")
	})
	all["merge"] = h.counted(h.merge)
	cookies := maps.Clone(h.cookies)
	h.cookies = map[string]*http.Cookie{}
	all["new password"] = h.counted(func() {
		h.send("GET", "/password/forgot")
		h.send("POST", "/password/forgot", "customerNumber", anna)
		h.deliver()
		token := regexp.MustCompile(`/password/reset\?token=([A-Za-z0-9_-]+)`).FindStringSubmatch(h.mails[len(h.mails)-1])
		if token == nil {
			h.Fatal("no link: " + h.mails[len(h.mails)-1])
		}
		h.send("GET", "/password/reset?token="+token[1])
		h.send("POST", "/password/reset", "token", token[1], "newPassword", "ein ganz neues Kundenwort")
	})
	value, err := session.StaffStore{Store: h.store}.Create(h.Context(), rand.Reader, session.StaffSession{Sub: "sub", User: "jana", Name: "Jana", Groups: []string{session.StaffGroup}}, time.Now())
	h.must(err)
	c := session.NewStaffCookie(value)
	h.cookies = map[string]*http.Cookie{c.Name: c}
	all["look of the service team"] = h.counted(func() { h.send("GET", "/service/customers/"+anna) })
	h.cookies = cookies
	all["hour of a review"] = Count{Steps: 3, Transitions: 4, Reads: 3, Writes: 4} // Overdue, Read, Which, Review: three reads of the order, one write of it and its indexes
	return all
}

// The counts that the bill is reckoned from are those of the program. go test ./infra/costs -update writes them anew.
func TestCountsAreThoseOfTheProgram(t *testing.T) {
	var got map[string]Count
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC))) // contracts have begun
		got = newHouse(t).countAll()
	})
	if *update {
		text, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("counts.json", append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := read[map[string]Count](countsFile)
	for act, c := range got {
		w := want[act]
		c.LogBytes, w.LogBytes, c.Stored, w.Stored = near(c.LogBytes, w.LogBytes), 0, near(c.Stored, w.Stored), 0
		if c != w {
			t.Errorf("%s takes %+v, counts.json says %+v: go test ./infra/costs -update, then go run ./infra/costs -write", act, c, w)
		}
	}
	if c := want["import, nothing new"]; c.Writes != 0 {
		t.Errorf("a line of an import that changes nothing costs %g writes", c.Writes)
	}
}

// near is 0 for a size that differs by its random parts alone.
func near(got, want int) int {
	if d := got - want; max(d, -d) <= max(300, want/5) {
		return 0
	}
	return got
}
