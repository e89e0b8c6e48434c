package takeover

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/functions/dispatch"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/site"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

const (
	number   = "10000017"
	member   = "10000025" // merged into it
	owners   = "anna@schaefer.example"
	thiefs   = "t@dieb.example"
	password = "pferd heftklammer batterie"
	theirs   = "sieben okapis im regenmantel"
	secret   = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

var names = tablefake.Names

// world is the whole site with dispatch, on tables in memory.
type world struct {
	t     testing.TB
	fake  *tablefake.Fake
	store table.Store
	site  http.Handler
	sends dispatch.Dispatcher
	log   bytes.Buffer

	queued []string            // requests for links, not yet looked at
	mails  map[string][]string // by address: what was read, decoded
	asked  int                 // messages of the queue so far
	dead   string              // address that SES takes nothing for
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, fake: tablefake.New(), mails: map[string][]string{}}
	w.store = w.fake.Store()
	log := slog.New(slog.NewJSONHandler(&w.log, nil))
	cfg := web.AppConfig{Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto", Contact: "Telefon 030 23125 182"}, Now: time.Now, Logger: log}
	var err error
	w.site, err = site.Assemble(site.Parts{Store: w.store, Queue: forgot.Queue{Sender: w, URL: "https://sqs.invalid/1/forgot"}, Config: cfg, VetoHours: 72})
	w.must(err)
	letters, err := mail.New(mail.Settings{Brand: "Kundenkonto", Sender: "konto@hosting.example", Contact: "Telefon 030 23125 182"})
	w.must(err)
	w.sends = dispatch.Dispatcher{Tables: w.store, Orders: order.Store{Store: w.store, Now: time.Now, Rand: rand.Reader}, SES: w, SFN: nobody{}, Bus: nobody{},
		Letters: letters, Sender: "konto@hosting.example", PublicURL: "https://konto.example", Now: time.Now, Rand: rand.Reader, Log: log}
	w.put(customer.PutNew(names, customer.Profile{Number: number, FirstName: "Anna", LastName: "Schäfer", Email: owners, Language: "de", Version: 1, Members: []string{member}, CreatedAt: time.Now().AddDate(-3, 0, 0)}))
	w.put(credential.SetPassword(names, credential.Credential{Subject: table.Customer(number)}, localtest.CheapHash(password), false, time.Now().AddDate(-1, 0, 0)))
	w.put(customer.PutNew(names, customer.Profile{Number: member, MergedInto: number, Email: "alt@schaefer.example", Version: 1}))
	w.put(customer.PutPackage(names, customer.Package{ID: "P-1", Number: number, Product: "hosting", Domains: []string{"schaefer.example"}, ContractStart: "2020-01-31"})...)
	return w
}

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

func (w *world) profile() customer.Profile { return w.profileOf(number) }

func (w *world) profileOf(number string) customer.Profile {
	w.t.Helper()
	p, err := customer.Store{Store: w.store}.Profile(context.Background(), number)
	w.must(err)
	return p
}

func (w *world) credential() credential.Credential {
	w.t.Helper()
	c, err := credential.Store{Store: w.store}.Get(context.Background(), table.Customer(number))
	w.must(err)
	return c
}

func (w *world) factor() secondfactor.Factor {
	w.t.Helper()
	f, err := secondfactor.Store{Store: w.store}.Get(context.Background(), number)
	w.must(err)
	return f
}

// setFactor writes a factor in the place of what is there.
func (w *world) setFactor(change func(f *secondfactor.Factor)) {
	w.t.Helper()
	old := w.factor()
	f := old
	change(&f)
	w.put(secondfactor.Save(names, old, f))
}

// SendMessage is the queue of forgotten passwords.
func (w *world) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	w.queued = append(w.queued, *in.MessageBody)
	return &sqs.SendMessageOutput{}, nil
}

// SendRawEmail is everybody's mailbox.
func (w *world) SendRawEmail(_ context.Context, in *ses.SendRawEmailInput, _ ...func(*ses.Options)) (*ses.SendRawEmailOutput, error) {
	text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(in.RawMessage.Data)))
	if err != nil {
		return nil, err
	}
	to := in.Destinations[0]
	if to == w.dead {
		return nil, errors.New("the mailbox is dead")
	}
	w.mails[to] = append(w.mails[to], string(text))
	return &ses.SendRawEmailOutput{MessageId: aws.String(fmt.Sprintf("message-%s-%d", to, len(w.mails[to])))}, nil
}

// nobody starts and hears nothing.
type nobody struct{ dispatch.StepFunctions }

func (nobody) PutEvents(context.Context, *eventbridge.PutEventsInput, ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error) {
	return &eventbridge.PutEventsOutput{}, nil
}

func (nobody) StartExecution(context.Context, *sfn.StartExecutionInput, ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	return &sfn.StartExecutionOutput{}, nil
}

// deliver lets dispatch do what is due: messages of the queue and all of the outbox that nobody did yet.
func (w *world) deliver() {
	w.t.Helper()
	for len(w.queued) > 0 {
		body := w.queued[0]
		w.queued, w.asked = w.queued[1:], w.asked+1
		w.handle(map[string]any{"Records": []any{map[string]any{"eventSource": "aws:sqs", "messageId": fmt.Sprint("m-", w.asked), "body": body}}})
	}
	for range 3 { // an event is split into recipients first
		var ids []string
		w.fake.Items(names.Outbox, func(i tablefake.Item) {
			if i["due"] != nil && i["givenUpAt"] == nil {
				ids = append(ids, i["pk"]["S"].(string))
			}
		})
		for _, id := range ids {
			w.handle(map[string]any{"Records": []any{map[string]any{"eventSource": "aws:dynamodb", "eventName": "INSERT",
				"dynamodb": map[string]any{"Keys": map[string]any{"pk": map[string]any{"S": id}}}}}})
		}
	}
}

func (w *world) handle(event any) {
	w.t.Helper()
	raw, err := json.Marshal(event)
	w.must(err)
	_, err = w.sends.Handle(context.Background(), raw)
	w.must(err)
}

var ours = regexp.MustCompile(`https://konto\.example([^\s"<>]+)`)

// link is where the latest mail to an address leads that has a link to a page; "" when there is none.
func (w *world) link(address, page string) string {
	for i := len(w.mails[address]) - 1; i >= 0; i-- {
		for _, found := range ours.FindAllStringSubmatch(w.mails[address][i], -1) {
			if strings.HasPrefix(found[1], page+"?") {
				return found[1]
			}
		}
	}
	return ""
}

// links are all links to a page that an address ever got.
func (w *world) links(address, page string) (all []string) {
	for _, m := range w.mails[address] {
		for _, found := range ours.FindAllStringSubmatch(m, -1) {
			if strings.HasPrefix(found[1], page+"?") {
				all = append(all, found[1])
				break
			}
		}
	}
	return all
}

// browser is somebody with cookies.
type browser struct {
	w       *world
	cookies map[string]*http.Cookie
}

func (w *world) browser() *browser { return &browser{w: w, cookies: map[string]*http.Cookie{}} }

// staff is somebody of the service team at work.
func (w *world) staff() *browser {
	value, err := session.StaffStore{Store: w.store}.Create(context.Background(), rand.Reader,
		session.StaffSession{User: "jana", Name: "Jana", Groups: []string{session.StaffGroup}}, time.Now())
	w.must(err)
	b := w.browser()
	c := session.NewStaffCookie(value)
	b.cookies[c.Name] = c
	return b
}

// answer is what came back.
type answer struct {
	code     int
	location string
	body     string
}

func (b *browser) get(path string) answer { return b.send("GET", path, nil) }

// post sends a form: names and values.
func (b *browser) post(path string, fields ...string) answer {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.send("POST", path, form)
}

// follow opens a mailed link and presses its button, with what else the form asks for.
func (b *browser) follow(link string, fields ...string) answer {
	b.w.t.Helper()
	path, query, _ := strings.Cut(link, "?")
	values, err := url.ParseQuery(query)
	b.w.must(err)
	if a := b.get(link); a.code != http.StatusOK {
		return a
	}
	return b.post(path, append(fields, "token", values.Get("token"))...)
}

func (b *browser) send(method, path string, form url.Values) answer {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	b.w.site.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		if b.cookies[c.Name] = c; c.MaxAge < 0 || c.Value == "" {
			delete(b.cookies, c.Name)
		}
	}
	return answer{rec.Code, rec.Header().Get("Location"), strings.Join(strings.Fields(rec.Body.String()), " ")}
}

func (b *browser) signIn(password string) answer {
	return b.post("/login", "customerNumber", number, "password", password)
}

// signedIn says whether the browser sees the overview.
func (b *browser) signedIn() bool { return b.get("/account").code == http.StatusOK }

// code is what an app with the secret shows.
func code(secret string) string { return secondfactor.Code(secret, time.Now()) }

func update(old, next customer.Profile) types.TransactWriteItem {
	return customer.Update(names, old, next)
}
