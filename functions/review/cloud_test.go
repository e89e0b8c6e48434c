package review_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/review/customers"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/proven"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// store is shared/order with the role of a function (S14).
func store(t *testing.T, function string) order.Store {
	t.Helper()
	return order.Store{Store: localtest.StoreFor(t, function), Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}}
}

// role is all that the pages do, with the role of the function.
type role struct {
	Orders     order.Store
	Profiles   customer.Store
	Events     audit.Store
	Factors    secondfactor.Store
	Pauses     throttle.Store
	Accounts   customers.Accounts
	Recoveries customers.Recoveries
}

func roleOf(t *testing.T) role {
	t.Helper()
	s := localtest.StoreFor(t, "review")
	return role{store(t, "review"), customer.Store{Store: s}, audit.Store{Store: s}, secondfactor.Store{Store: s}, throttle.Store{Store: s},
		customers.Accounts{Store: s, Rand: rand.Reader},
		customers.Recoveries{Store: s, Wait: customers.DefaultRecoveryWait}}
}

func newCustomer(t *testing.T, email string) customer.Profile {
	t.Helper()
	s := localtest.Store(t)
	p := customer.Profile{Number: localtest.Number(t), FirstName: "Anna", LastName: "Schäfer", Email: email, City: "Berlin",
		CreatedAt: time.Now().Add(-1000 * 24 * time.Hour).UTC(), Version: 1}
	if err := s.Transact(t.Context(), []types.TransactWriteItem{customer.PutNew(s.Names, p), credential.SetPassword(s.Names, credential.Credential{Subject: table.Customer(p.Number)}, "unused", false, time.Now())}, ""); err != nil {
		t.Fatal(err)
	}
	p, err := customer.Store{Store: s}.Profile(t.Context(), p.Number)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// inReview makes an order that waits for the service team.
func inReview(t *testing.T) order.Order {
	t.Helper()
	own, other := newCustomer(t, "anna@a.example"), newCustomer(t, "anna@b.example")
	d := order.Draft{Number: own.Number}
	proven.In(t, localtest.Store(t), &d, own, other, time.Now())
	d.Adopt(other.Number, merge.Choices{merge.EmailGroup: merge.Other})
	d, err := store(t, "mergediff").SaveDraft(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	o, err := store(t, "mergesubmit").Submit(t.Context(), order.Submission{PasswordGiven: true, Customer: own.Number, IdempotencyKey: rand.Text(),
		Digest: order.DigestOf(own, d, map[string]customer.Profile{other.Number: other})})
	if err != nil {
		t.Fatal(err)
	}
	o, err = store(t, "reviewtask").Announce(t.Context(), o.ID, o.Run)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestTheRoleMayDoAllThatThePagesDo(t *testing.T) {
	d := roleOf(t)
	o := inReview(t)
	queue, err := d.Orders.Queue(t.Context(), 500, merge.InReview)
	if err != nil || !slices.ContainsFunc(queue, func(q order.Order) bool { return q.ID == o.ID }) {
		t.Fatalf("the queue lacks the order: %v", err)
	}
	if profiles, err := d.Profiles.Profiles(t.Context(), o.Numbers()); err != nil || len(profiles) != 2 {
		t.Fatalf("profiles: %d, %v", len(profiles), err)
	}
	if _, err := d.Orders.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: strings.Repeat("0", 64)}); !errors.Is(err, order.ErrDigest) {
		t.Errorf("a wrong digest: %v", err)
	}
	if o, err = d.Orders.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); err != nil || o.State != merge.Approved {
		t.Errorf("approve: %s, %v", o.State, err)
	}
	rejected := inReview(t)
	if rejected, err = d.Orders.Reject(t.Context(), rejected.ID, order.Decision{Reviewer: "staff:jana", Digest: rejected.Digest, Reason: "nein"}); err != nil || rejected.State != merge.Rejected {
		t.Errorf("reject: %s, %v", rejected.State, err)
	}
	failed := inReview(t)
	if _, err := store(t, "mergeexecute").Fail(t.Context(), failed.ID, failed.Run, "States.TaskFailed"); err != nil {
		t.Fatal(err)
	}
	if failed, err = d.Orders.Retry(t.Context(), failed.ID, "staff:jana", "noch einmal"); err != nil || failed.State != merge.InReview {
		t.Errorf("retry: %s, %v", failed.State, err)
	}
}

// executed carries an approved order out; the deployed functions may be faster.
func executed(t *testing.T, o order.Order) order.Order {
	t.Helper()
	for i := range o.ToAnnounce {
		if _, err := store(t, "dispatch").MarkAnnounced(t.Context(), o.ID, fmt.Sprintf("test#%d", i), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store(t, "review").Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); err != nil {
		t.Fatal(err)
	}
	o, err := store(t, "mergeexecute").Execute(t.Context(), o.ID, o.Run)
	if err != nil || o.State != merge.Executed {
		t.Fatalf("execute: %s, %v", o.State, err)
	}
	return o
}

func TestTheRoleMayDecideObjectionsAndUndoMerges(t *testing.T) {
	d := roleOf(t)
	o := executed(t, inReview(t))
	if _, err := store(t, "mergesubmit").Veto(t.Context(), o.ID, nil); err != nil {
		t.Fatal(err)
	}
	queue, err := d.Orders.Queue(t.Context(), 500, order.ObjectionQueue)
	if err != nil || !slices.ContainsFunc(queue, func(q order.Order) bool { return q.ID == o.ID }) {
		t.Fatalf("the objection is not in the queue: %v", err)
	}
	var more *order.MoreObjections
	if _, err := d.Orders.Dismiss(t.Context(), o.ID, "staff:jana", "Der Inhaber hat zugestimmt.", nil); !errors.As(err, &more) {
		t.Errorf("dismissed though the page showed no objection: %v", err)
	}
	if o, err = d.Orders.Dismiss(t.Context(), o.ID, "staff:jana", "Der Inhaber hat zugestimmt.", o.SourceNumbers()); err != nil || o.Objected() {
		t.Fatalf("dismiss: %v", err)
	}
	if _, err := store(t, "mergesubmit").Veto(t.Context(), o.ID, nil); !errors.Is(err, order.ErrState) {
		t.Errorf("the same owner objects again after the decision: %v", err)
	}
	if o, err := d.Orders.UndoAll(t.Context(), o.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Betrug"}); err != nil || o.State != merge.Undone {
		t.Errorf("undo: %s, %v", o.State, err)
	}
	if _, err := d.Orders.Undo(t.Context(), o.ID, order.Undoing{Reviewer: "staff:jana", Reason: "noch einmal"}); !errors.Is(err, order.ErrState) {
		t.Errorf("undone twice: %v", err)
	}
	if barred, err := d.Orders.Barred(t.Context(), o.Customer, o.SourceNumbers()[0]); err != nil || !barred {
		t.Errorf("barred after abuse: %v, %v", barred, err)
	}
	refs, _, err := d.Events.Orders(t.Context(), audit.MergeUndone, []string{o.Customer}, time.Time{}, 5)
	if err != nil || len(refs) != 1 || refs[0].ID != o.ID {
		t.Errorf("the page of the customer finds the bar by %v, %v", refs, err)
	}
}

// The pages search by customer number, claim and release bars with the function's role (S14).
func TestTheRoleMayClaimSearchAndReleaseBars(t *testing.T) {
	d := roleOf(t)
	o := inReview(t)
	if o, err := d.Orders.Claim(t.Context(), o.ID, "staff:jana", "kenne den Fall"); err != nil || o.ClaimedBy != "staff:jana" {
		t.Errorf("claim: %q, %v", o.ClaimedBy, err)
	}
	if o, err := d.Orders.Release(t.Context(), o.ID, "staff:jana", ""); err != nil || o.ClaimedBy != "" {
		t.Errorf("release: %q, %v", o.ClaimedBy, err)
	}
	for _, n := range o.Numbers() {
		events, _, err := d.Events.List(t.Context(), n, "", 200)
		if err != nil || !slices.ContainsFunc(events, func(e audit.Event) bool { return e.Order == o.ID }) {
			t.Errorf("the events of %s do not name the order: %v (M10)", n, err)
		}
		claimed := slices.IndexFunc(events, func(e audit.Event) bool { return e.Action == audit.MergeClaimed })
		if claimed < 0 || events[claimed].New[audit.KeyReason] != "kenne den Fall" || events[claimed].New["digest"] != o.Digest {
			t.Errorf("the events of %s do not tell why it was taken up (M10)", n)
		}
		if _, _, err := d.Orders.ByCustomer(t.Context(), n, "", 50); err != nil {
			t.Error(err)
		}
	}
	if _, err := store(t, "mergesubmit").Veto(t.Context(), o.ID, nil); err != nil {
		t.Fatal(err)
	}
	source := o.SourceNumbers()[0]
	if barred, err := d.Orders.Barred(t.Context(), o.Customer, source); err != nil || !barred {
		t.Fatalf("barred %v, %v", barred, err)
	}
	if err := d.Orders.ReleaseBar(t.Context(), o.Customer, source, "staff:jana", "mit beiden gesprochen"); err != nil {
		t.Fatal(err)
	}
	if barred, err := d.Orders.Barred(t.Context(), o.Customer, source); err != nil || barred {
		t.Errorf("after the release: barred %v, %v", barred, err)
	}
}

func TestDataThatChangedMeanwhileSendTheOrderBack(t *testing.T) {
	d := roleOf(t)
	o := inReview(t)
	s := localtest.Store(t)
	before := profile(t, o.Customer)
	moved := before
	moved.City = "Potsdam"
	if err := s.Transact(t.Context(), []types.TransactWriteItem{customer.Update(s.Names, before, moved)}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Orders.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); !errors.Is(err, order.ErrDigest) {
		t.Errorf("approve: %v", err)
	}
	if o, err := d.Orders.Recheck(t.Context(), o.ID); err != nil || o.State != merge.Stale {
		t.Errorf("recheck: %s, %v", o.State, err)
	}
}

func profile(t *testing.T, number string) customer.Profile {
	t.Helper()
	p, err := customer.Store{Store: localtest.Store(t)}.Profile(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Two reviewers cannot both decide, however many there are.
func TestOneDecisionOfManyCounts(t *testing.T) {
	o := inReview(t)
	d := roleOf(t)
	var wg sync.WaitGroup
	wins := make(chan merge.State, 12)
	for i := range 12 {
		wg.Go(func() {
			decide := d.Orders.Approve
			if i%2 == 0 {
				decide = d.Orders.Reject
			}
			if o, err := decide(context.Background(), o.ID, order.Decision{Reviewer: "staff:r", Digest: o.Digest, Reason: "r"}); err == nil {
				wins <- o.State
			} else if !errors.Is(err, order.ErrState) && !errors.Is(err, order.ErrBusy) {
				t.Errorf("decide: %v", err)
			}
		})
	}
	wg.Wait()
	close(wins)
	if len(wins) != 1 {
		t.Fatalf("%d decisions", len(wins))
	}
	now, err := d.Orders.Get(t.Context(), o.ID)
	if won := <-wins; err != nil || now.State != won {
		t.Errorf("decided %s, the order is %s, %v", won, now.State, err)
	}
}

// browser goes through sites as a person does, cookies included; Go's own cookie jar keeps Secure ones from
// http://localhost, which browsers do not.
type browser struct {
	t       *testing.T
	client  *http.Client
	cookies map[string]map[string]string // by host
}

func (b *browser) do(method, address string, form url.Values) *http.Response {
	b.t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, value := range b.cookies[r.URL.Host] {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = resp.Body.Close() })
	for _, c := range resp.Cookies() {
		if b.cookies[r.URL.Host] == nil {
			b.cookies[r.URL.Host] = map[string]string{}
		}
		b.cookies[r.URL.Host][c.Name] = c.Value
	}
	if to := resp.Header.Get("Location"); to != "" {
		next, err := r.URL.Parse(to)
		if err != nil {
			b.t.Fatal(err)
		}
		return b.do(http.MethodGet, next.String(), nil)
	}
	return resp
}

// signIn walks from a page of ours through Cognito's form and back.
func (b *browser) signIn(address, user, password string) *http.Response {
	b.t.Helper()
	resp := b.do(http.MethodGet, address, nil)
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil || resp.Request.URL.Path != "/oauth2/authorize" {
		b.t.Fatalf("no sign-in page but %s: %v", resp.Request.URL, err)
	}
	form := url.Values{"username": {user}, "password": {password}}
	doc.Find("form input[type=hidden]").Each(func(_ int, in *goquery.Selection) {
		form.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	action, err := resp.Request.URL.Parse(doc.Find("form").AttrOr("action", ""))
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(http.MethodPost, action.String(), form)
}

func TestTheDemoReviewerSignsInDecidesAndSignsOutOnTheRealSite(t *testing.T) {
	local := localtest.Cloud(t)
	o := inReview(t)
	b := &browser{t: t, client: localtest.Client(t), cookies: map[string]map[string]string{}}
	page := local.URL + "/service/orders/" + o.ID
	resp := b.signIn(page, local.Staff[0].User, local.Staff[0].Password)
	if resp.StatusCode != http.StatusOK || resp.Request.URL.String() != page {
		t.Fatalf("the sign-in ends at %s with %d", resp.Request.URL, resp.StatusCode)
	}
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"note": {"Rückruf bestätigt"}, "reason": {""}}
	doc.Find(".decision input[type=hidden]").Each(func(_ int, in *goquery.Selection) { form.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	if resp = b.do(http.MethodPost, page+"/approve", form); resp.StatusCode != http.StatusOK || resp.Request.URL.Query().Get("decided") != "approved" {
		t.Errorf("the approval ends at %s with %d", resp.Request.URL, resp.StatusCode)
	}
	decided, err := store(t, "review").Get(t.Context(), o.ID)
	if err != nil || !strings.HasPrefix(decided.Reviewer, session.StaffActor) || strings.HasPrefix(decided.Reviewer, session.StaffActor+local.Staff[0].User) || !strings.HasSuffix(decided.Reviewer, "|Petra Lindner") || decided.Note != "Rückruf bestätigt" {
		t.Errorf("the order was decided by %q with note %q, %v", decided.Reviewer, decided.Note, err)
	}
	resp = b.do(http.MethodPost, local.URL+"/service/logout", nil)
	if resp.Request.URL.Path != "/oauth2/authorize" {
		t.Errorf("after the sign-out the browser is at %s", resp.Request.URL)
	}
	if resp = b.do(http.MethodGet, page, nil); resp.Request.URL.Path != "/oauth2/authorize" {
		t.Errorf("the page is still open: %s", resp.Request.URL)
	}
}
