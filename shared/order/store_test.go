package order_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/proven"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
)

// Each step runs with the role of the function that takes it, so that a missing
// permission fails here (S14).
func as(t *testing.T, function string) order.Store {
	t.Helper()
	return order.Store{Store: localtest.StoreFor(t, function), Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}}
}

// put stores a customer with a credential, as an import would.
func put(t *testing.T, p customer.Profile) customer.Profile {
	t.Helper()
	s := localtest.Store(t)
	p.Number, p.FirstName, p.LastName, p.Language = localtest.Number(t), "Anna", "Schäfer", "de"
	p.CreatedAt, p.Version = time.Now().UTC(), 1
	cred := credential.SetPassword(s.Names, credential.Credential{Subject: table.Customer(p.Number)}, "unused", false, time.Now())
	if err := s.Transact(t.Context(), []types.TransactWriteItem{customer.PutNew(s.Names, p), cred}, ""); err != nil {
		t.Fatal(err)
	}
	return read(t, p.Number)
}

func read(t *testing.T, number string) customer.Profile {
	t.Helper()
	p, err := customer.Store{Store: localtest.Store(t)}.Profile(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// draft proves and adopts the sources for a new customer with the given choices.
func draft(t *testing.T, choices merge.Choices, own customer.Profile, sources ...customer.Profile) order.Submission {
	t.Helper()
	s := as(t, "mergediff")
	d := order.Draft{Number: own.Number}
	profiles := map[string]customer.Profile{}
	for _, p := range sources {
		proven.In(t, localtest.Store(t), &d, own, p, time.Now())
		d.Adopt(p.Number, choices)
		profiles[p.Number] = p
	}
	d, err := s.SaveDraft(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return order.Submission{PasswordGiven: true, Customer: own.Number, Epoch: own.Epoch, Digest: order.DigestOf(own, d, profiles), IdempotencyKey: rand.Text()}
}

func submit(t *testing.T, sub order.Submission) order.Order {
	t.Helper()
	o, err := as(t, "mergesubmit").Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// approved brings an order to where the execution begins.
func approved(t *testing.T, sub order.Submission) order.Order {
	t.Helper()
	return approvedFor(t, sub, 0)
}

// approvedFor is approved with a veto period. With one the workflow of the local cloud, which sees the order too, waits.
func approvedFor(t *testing.T, sub order.Submission, vetoHours int) order.Order {
	t.Helper()
	s := as(t, "mergesubmit")
	s.VetoHours = vetoHours
	o, err := s.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	return approve(t, o)
}

// approve announces an order and approves it.
func approve(t *testing.T, o order.Order) order.Order {
	t.Helper()
	if _, err := as(t, "reviewtask").Announce(t.Context(), o.ID, o.Run); err != nil {
		t.Fatal(err)
	}
	for i := range o.ToAnnounce {
		if _, err := as(t, "dispatch").MarkAnnounced(t.Context(), o.ID, "test#"+string(rune('a'+i)), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	o, err := as(t, "review").Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:s", Digest: o.Digest})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func outboxItem(t *testing.T, event, key string) bool {
	t.Helper()
	s := localtest.Store(t)
	item, err := s.Get(t.Context(), s.Names.Outbox, table.Outbox(table.OutboxID(event, key)))
	if err != nil {
		t.Fatal(err)
	}
	return item != nil
}

func TestExecutionMovesEverythingAtOnce(t *testing.T) {
	own := put(t, customer.Profile{Email: "anna@a.example", Phone: "030 1"})
	source := put(t, customer.Profile{Email: "b@b.example", Phone: "030 2"})
	o := approved(t, draft(t, merge.Choices{merge.EmailGroup: merge.Other}, own, source))
	o, err := as(t, "mergeexecute").Execute(t.Context(), o.ID, o.Run)
	if err != nil || o.State != merge.Executed {
		t.Fatalf("state %s, %v", o.State, err)
	}
	after, gone := read(t, own.Number), read(t, source.Number)
	if after.Email != "b@b.example" || after.Phone != "030 1" || !slices.Equal(after.Members, []string{source.Number}) {
		t.Errorf("survivor has e-mail %q, phone %q, members %v", after.Email, after.Phone, after.Members)
	}
	if gone.MergedInto != own.Number || gone.Epoch != source.Epoch+1 || gone.Email != "b@b.example" {
		t.Errorf("source points at %q, epoch %d, e-mail %q (M1)", gone.MergedInto, gone.Epoch, gone.Email)
	}
	cred, err := credential.Store{Store: localtest.Store(t)}.Get(t.Context(), table.Customer(source.Number))
	if err != nil || !cred.Retired || cred.Hash != "unused" || cred.Epoch != gone.Epoch {
		t.Errorf("credential of the source: %+v, %v; want retired, hash kept, epoch %d (M7, S8)", cred, err, gone.Epoch)
	}
	for _, n := range o.Numbers() {
		if open, err := as(t, "mergesubmit").OpenOrder(t.Context(), n); open != "" || err != nil {
			t.Errorf("number %s is still locked by %q, %v", n, open, err)
		}
	}
	if !outboxItem(t, outbox.OrderExecuted, o.ID) {
		t.Error("nobody is told of the execution (M4)")
	}
}

func TestExecutingTwiceChangesNothing(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	o := approved(t, draft(t, nil, own, source))
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if done, err := as(t, "mergeexecute").Execute(context.Background(), o.ID, o.Run); err != nil || done.State != merge.Executed {
				t.Errorf("state %s, %v (M9)", done.State, err)
			}
		})
	}
	wait.Wait()
	if after := read(t, own.Number); after.Version != own.Version+1 {
		t.Errorf("the survivor was written %d times", after.Version-own.Version)
	}
}

func TestDataChangedAfterApprovalGoBackToTheCustomer(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	o := approved(t, draft(t, nil, own, source))
	s, changed := localtest.Store(t), source
	changed.Phone = "030 9"
	if err := s.Transact(t.Context(), []types.TransactWriteItem{customer.Update(s.Names, source, changed)}, ""); err != nil {
		t.Fatal(err)
	}
	o, err := as(t, "mergeexecute").Execute(t.Context(), o.ID, o.Run)
	if err != nil || o.State != merge.Stale {
		t.Fatalf("state %s, %v; want STALE (M5)", o.State, err)
	}
	if p := read(t, source.Number); p.MergedInto != "" {
		t.Error("a source was merged with data nobody saw (M5)")
	}
	if _, err := as(t, "mergesubmit").Confirm(t.Context(), o.ID, order.Confirmation{Customer: own.Number, Digest: o.Digest, PasswordGiven: true}); !errors.Is(err, order.ErrDigest) {
		t.Errorf("confirming the old values: %v, want ErrDigest", err)
	}
	renewed, err := as(t, "mergesubmit").Renewed(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if o, err = as(t, "mergesubmit").Confirm(t.Context(), o.ID, order.Confirmation{Customer: own.Number, Digest: renewed.Digest, PasswordGiven: true}); err != nil || o.State != merge.InReview {
		t.Errorf("confirming the new values: %s, %v", o.State, err)
	}
}

func TestTwoReviewersCannotBothDecide(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	o := submit(t, draft(t, nil, own, source))
	if _, err := as(t, "reviewtask").Announce(t.Context(), o.ID, 1); err != nil {
		t.Fatal(err)
	}
	decision := order.Decision{Reviewer: "staff:s", Digest: o.Digest, Reason: "Grund"}
	results := make(chan error, 2)
	go func() { _, err := as(t, "review").Approve(context.Background(), o.ID, decision); results <- err }()
	go func() { _, err := as(t, "review").Reject(context.Background(), o.ID, decision); results <- err }()
	first, second := <-results, <-results
	if (first == nil) == (second == nil) {
		t.Fatalf("both ended the same way: %v, %v", first, second)
	}
	if refused := errors.Join(first, second); !errors.Is(refused, order.ErrState) {
		t.Errorf("the slower one got %v, want ErrState", refused)
	}
}

func TestApprovingOtherValuesThanShownIsRefused(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	o := submit(t, draft(t, nil, own, source))
	if _, err := as(t, "reviewtask").Announce(t.Context(), o.ID, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := as(t, "review").Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:s", Digest: "other"}); !errors.Is(err, order.ErrDigest) {
		t.Errorf("approved another digest: %v (M5)", err)
	}
}

func TestADoubleSubmitIsOneOrder(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	sub := draft(t, nil, own, source)
	ids := make(chan string, 4)
	for range 4 {
		go func() {
			o, err := as(t, "mergesubmit").Submit(context.Background(), sub)
			if err != nil {
				t.Error(err)
			}
			ids <- o.ID
		}()
	}
	first := <-ids
	for range 3 {
		if id := <-ids; id != first {
			t.Errorf("orders %s and %s for one submission (M9)", first, id)
		}
	}
	second := sub // the same draft in another tab
	second.IdempotencyKey = rand.Text()
	var blocked *order.Blocked
	if _, err := as(t, "mergesubmit").Submit(t.Context(), second); !errors.As(err, &blocked) || !blocked.Reason.Is(merge.OpenMergeOwn) || blocked.Number != own.Number {
		t.Errorf("submitted in a second tab: %v", err)
	}
	nothing := order.Submission{Customer: localtest.Number(t), Digest: "x", IdempotencyKey: rand.Text()}
	if _, err := as(t, "mergesubmit").Submit(t.Context(), nothing); !errors.As(err, &blocked) || !blocked.Reason.Is(merge.NothingToSubmit) {
		t.Errorf("submitted with nothing in the draft: %v", err)
	}
}

func TestTwoOrdersThatShareANumberNeverBothProceed(t *testing.T) {
	shared := put(t, customer.Profile{Email: "s@s.example"})
	first := draft(t, nil, put(t, customer.Profile{Email: "a@a.example"}), shared)
	second := draft(t, nil, put(t, customer.Profile{Email: "b@b.example"}), shared)
	results := make(chan error, 2)
	for _, sub := range []order.Submission{first, second} {
		go func() { _, err := as(t, "mergesubmit").Submit(context.Background(), sub); results <- err }()
	}
	a, b := <-results, <-results
	var blocked *order.Blocked
	if (a == nil) == (b == nil) || !errors.As(errors.Join(a, b), &blocked) || blocked.Reason.Code != "open_merge" {
		t.Errorf("results %v and %v; want one order and one open_merge (M8)", a, b)
	}
}

func TestWithdrawnAndVetoedOrdersFreeTheirNumbers(t *testing.T) {
	ends := map[string]func(o order.Order) (order.Order, error){
		"withdrawn": func(o order.Order) (order.Order, error) {
			return as(t, "mergesubmit").Withdraw(t.Context(), o.ID, o.Customer, read(t, o.Customer).Epoch)
		},
		"vetoed": func(o order.Order) (order.Order, error) { return as(t, "mergesubmit").Veto(t.Context(), o.ID, nil) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
			o := submit(t, draft(t, nil, own, source))
			for range 2 { // the second time changes nothing (M9)
				if ended, err := end(o); err != nil || !ended.State.Final() {
					t.Fatalf("state %s, %v", ended.State, err)
				}
			}
			for _, n := range o.Numbers() {
				if open, err := as(t, "mergesubmit").OpenOrder(t.Context(), n); err != nil || open != "" {
					t.Errorf("%s is still locked by %q, %v", n, open, err)
				}
			}
		})
	}
}

func TestAnotherCustomerCannotWithdraw(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	o := submit(t, draft(t, nil, own, source))
	if _, err := as(t, "mergesubmit").Withdraw(t.Context(), o.ID, source.Number, source.Epoch); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("withdrawn by somebody else: %v (S11)", err)
	}
}

// counting notes how many items each transaction writes.
type counting struct {
	table.DB
	mu    sync.Mutex
	most  int // items of the largest transaction
	calls int
}

func (c *counting) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	c.mu.Lock()
	c.most, c.calls = max(c.most, len(in.TransactItems)), c.calls+1
	c.mu.Unlock()
	return c.DB.TransactWriteItems(ctx, in, o...)
}

// family is a number with so many that were merged into it earlier.
func family(t *testing.T, email string, earlier int) customer.Profile {
	t.Helper()
	members := make([]customer.Profile, earlier)
	head := customer.Profile{Email: email, Phone: "030 1"}
	for i := range members {
		members[i] = put(t, customer.Profile{Email: email})
		head.Members = append(head.Members, members[i].Number)
	}
	head = put(t, head)
	for _, m := range members {
		merged := m
		merged.MergedInto = head.Number
		localtest.Put(t, customer.Update(localtest.Names(t), m, merged))
	}
	return head
}

// The largest order has 20 numbers, earlier ones counted, and the largest customer 50.
func TestTheLargestOrderFitsIntoOneTransaction(t *testing.T) {
	for name, c := range map[string]struct{ sources, earlierOfEach, earlierOfOwn int }{
		"20 numbers":                            {merge.MaxOrderNumbers, 0, 0},
		"10 numbers with an earlier one each":   {merge.MaxOrderNumbers / 2, 1, 0},
		"a number with 19 earlier ones":         {1, merge.MaxOrderNumbers - 1, 0},
		"20 numbers for one that has 29 by now": {merge.MaxOrderNumbers, 0, merge.MaxCustomerNumbers - merge.MaxOrderNumbers - 1},
	} {
		t.Run(name, func(t *testing.T) {
			own := family(t, "a@a.example", c.earlierOfOwn)
			sources := make([]customer.Profile, c.sources)
			for i := range sources {
				sources[i] = family(t, fmt.Sprintf("b%d@b.example", i), c.earlierOfEach)
			}
			sub := draft(t, merge.Choices{merge.PhoneGroup: merge.Other}, own, sources...)
			count := &counting{}
			counted := func(function string) order.Store {
				s := as(t, function)
				count.DB = s.DB
				s.DB = count
				return s
			}
			o, err := counted("mergesubmit").Submit(t.Context(), sub)
			if err != nil {
				t.Fatal(err)
			}
			submitted := count.most
			count.most = 0
			o, err = counted("mergeexecute").Execute(t.Context(), approve(t, o).ID, o.Run)
			if err != nil || o.State != merge.Executed {
				t.Fatalf("state %s, %v", o.State, err)
			}
			if max(submitted, count.most) > table.MaxItems || count.most < merge.MaxOrderNumbers {
				t.Errorf("the submission wrote %d items, the execution %d, want at most %d (L2)", submitted, count.most, table.MaxItems)
			}
			survivor := read(t, own.Number)
			if want := merge.MaxOrderNumbers + c.earlierOfOwn; len(survivor.Members) != want {
				t.Errorf("%d numbers belong to the survivor, want %d (M1, M2)", len(survivor.Members), want)
			}
			t.Logf("%d items in the submission, %d in the execution", submitted, count.most)
		})
	}
}

func TestChainsAreFlattened(t *testing.T) {
	c := put(t, customer.Profile{Email: "c@c.example"})
	b := put(t, customer.Profile{Email: "b@b.example"})
	first := approved(t, draft(t, nil, b, c))
	if _, err := as(t, "mergeexecute").Execute(t.Context(), first.ID, first.Run); err != nil {
		t.Fatal(err)
	}
	a := put(t, customer.Profile{Email: "a@a.example"})
	second := approved(t, draft(t, nil, a, read(t, b.Number)))
	if _, err := as(t, "mergeexecute").Execute(t.Context(), second.ID, second.Run); err != nil {
		t.Fatal(err)
	}
	want := []string{b.Number, c.Number}
	slices.Sort(want)
	got := read(t, a.Number).Members
	slices.Sort(got)
	if !slices.Equal(got, want) || read(t, c.Number).MergedInto != a.Number || len(read(t, b.Number).Members) != 0 {
		t.Errorf("members %v, c points at %s, b has %v (M8)", got, read(t, c.Number).MergedInto, read(t, b.Number).Members)
	}
}

// M1, M6: the orders of a number that was merged on stand among those of its successor, on every page.
func TestOrdersOfSeveralNumbersAreOneList(t *testing.T) {
	b, a := put(t, customer.Profile{Email: "b@b.example"}), put(t, customer.Profile{Email: "a@a.example"})
	var want []string
	for i, owner := range []customer.Profile{b, a, b} { // newest last
		o := submit(t, draft(t, nil, read(t, owner.Number), put(t, customer.Profile{Email: fmt.Sprintf("x%d@x.example", i)})))
		if _, err := as(t, "mergesubmit").Withdraw(t.Context(), o.ID, owner.Number, read(t, owner.Number).Epoch); err != nil {
			t.Fatal(err)
		}
		want = slices.Insert(want, 0, o.ID)
	}
	for size := int32(1); size < 4; size++ {
		var got []string
		for after, pages := "", 0; pages == 0 || after != ""; pages++ {
			orders, next, err := as(t, "mergesubmit").ByCustomers(t.Context(), []string{a.Number, b.Number}, after, size)
			if err != nil || pages > 4 {
				t.Fatalf("page %d: %v", pages, err)
			}
			for _, o := range orders {
				got = append(got, o.ID)
			}
			after = next
		}
		if !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %v, want %v", size, got, want)
		}
	}
}

func TestTasksOfOlderRunsAreNotStored(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	o := submit(t, draft(t, nil, own, source))
	s := as(t, "reviewtask")
	if _, err := s.Announce(t.Context(), o.ID, 1); err != nil {
		t.Fatal(err)
	}
	open := func(task order.Task) bool {
		_, waiting, err := s.OpenTask(t.Context(), o.ID, task)
		if err != nil {
			t.Fatal(err)
		}
		return waiting
	}
	if !open(order.Task{Token: "first", Run: 1}) || !open(order.Task{Token: "retried", Run: 1, Retry: 1}) || open(order.Task{Token: "late", Run: 1}) {
		t.Error("only the newest token may wait")
	}
	for range 2 {
		if next, err := as(t, "dispatch").NextRun(t.Context(), o.ID, 1); err != nil || next.Run != 2 {
			t.Fatalf("run %d, %v; want 2 once (M9)", next.Run, err)
		}
	}
	if open(order.Task{Token: "old run", Run: 1, Retry: 5}) || !open(order.Task{Token: "new run", Run: 2}) {
		t.Error("a task of an older run was taken")
	}
}

func TestAFailedOrderGoesOnWhereItFailed(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	o := approvedFor(t, draft(t, nil, own, source), 72)
	later := as(t, "mergeexecute")
	later.Now = func() time.Time { return time.Now().Add(73 * time.Hour) }
	o, err := later.Fail(t.Context(), o.ID, 1, "Lambda.Unknown")
	if err != nil || o.State != merge.Failed {
		t.Fatalf("state %s, %v", o.State, err)
	}
	if o, err = as(t, "review").Retry(t.Context(), o.ID, "staff:s", "noch einmal"); err != nil || o.State != merge.Approved || o.Run != 2 {
		t.Fatalf("state %s, run %d, %v", o.State, o.Run, err)
	}
	if o, err = later.Execute(t.Context(), o.ID, 1); err != nil || o.State != merge.Approved {
		t.Errorf("the dead run executed it: %s, %v", o.State, err)
	}
	if o, err = later.Execute(t.Context(), o.ID, 2); err != nil || o.State != merge.Executed {
		t.Errorf("the new run: %s, %v", o.State, err)
	}
}

func TestTheQueueShowsWaitingOrdersOldestFirst(t *testing.T) {
	first := submit(t, draft(t, nil, put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})))
	second := submit(t, draft(t, nil, put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})))
	queue, err := as(t, "review").Queue(t.Context(), 10_000, merge.Submitted, merge.InReview)
	if err != nil {
		t.Fatal(err)
	}
	at := func(id string) int { return slices.IndexFunc(queue, func(o order.Order) bool { return o.ID == id }) }
	if at(first.ID) < 0 || at(second.ID) <= at(first.ID) {
		t.Errorf("orders at %d and %d of %d", at(first.ID), at(second.ID), len(queue))
	}
	own, _, err := as(t, "mergesubmit").ByCustomer(t.Context(), first.Customer, "", 10)
	if err != nil || len(own) != 1 || own[0].ID != first.ID {
		t.Errorf("orders of the customer: %+v, %v", own, err)
	}
}

func executed(t *testing.T, sub order.Submission) order.Order {
	t.Helper()
	o := approved(t, sub)
	o, err := as(t, "mergeexecute").Execute(t.Context(), o.ID, o.Run)
	if err != nil || o.State != merge.Executed {
		t.Fatalf("state %s, %v", o.State, err)
	}
	return o
}

func TestUndoIsExactAndKeepsLaterEdits(t *testing.T) {
	own := put(t, customer.Profile{Email: "a@a.example", Phone: "030 1", Street: "Alte Straße 1", City: "Berlin"})
	source := put(t, customer.Profile{Email: "b@b.example", Phone: "030 2", Street: "Neue Straße 2", City: "Bonn"})
	o := executed(t, draft(t, merge.Choices{merge.EmailGroup: merge.Other, merge.PhoneGroup: merge.Other, merge.Address: merge.Other}, own, source))
	s := localtest.Store(t)
	merged := read(t, own.Number)
	edited := merged
	edited.Phone = "030 3"
	if err := s.Transact(t.Context(), []types.TransactWriteItem{customer.Update(s.Names, merged, edited)}, ""); err != nil {
		t.Fatal(err)
	}
	o, err := as(t, "review").Undo(t.Context(), o.ID, order.Undoing{Reviewer: "staff:s", Reason: "Widerspruch"})
	if err != nil || o.State != merge.Undone {
		t.Fatalf("state %s, %v", o.State, err)
	}
	after, back := read(t, own.Number), read(t, source.Number)
	if after.Email != "a@a.example" || after.Street != "Alte Straße 1" || after.City != "Berlin" || len(after.Members) != 0 {
		t.Errorf("survivor: e-mail %q, street %q, city %q, members %v (M7)", after.Email, after.Street, after.City, after.Members)
	}
	if after.Phone != "030 3" {
		t.Errorf("a later edit was lost: %q (M7)", after.Phone)
	}
	cred, err := credential.Store{Store: s}.Get(t.Context(), table.Customer(source.Number))
	if err != nil || cred.Retired || cred.Hash != "unused" || cred.Epoch != back.Epoch || back.MergedInto != "" {
		t.Errorf("source: merged into %q, epoch %d, credential %+v, %v (M7)", back.MergedInto, back.Epoch, cred, err)
	}
	if _, err := as(t, "review").Undo(t.Context(), o.ID, order.Undoing{Reviewer: "staff:s", Reason: "noch einmal"}); !errors.Is(err, order.ErrState) {
		t.Errorf("undone twice: %v (M9)", err)
	}
}

// After abuse, which is what somebody objected to, nobody proves anything with a package password from before (M3, M7). By
// agreement the passwords stay good, but a proof of a number that went back is given anew.
func TestAnUndoAfterAnObjectionVoidsAllPackagePasswords(t *testing.T) {
	for name, abused := range map[string]bool{"objected to": true, "by agreement": false} {
		t.Run(name, func(t *testing.T) {
			oldest := put(t, customer.Profile{Email: "o@o.example"})
			own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
			executed(t, draft(t, nil, source, oldest))
			o := executed(t, draft(t, nil, own, read(t, source.Number)))
			third := put(t, customer.Profile{Email: "c@c.example"})
			if abused {
				if _, err := as(t, "mergesubmit").Veto(t.Context(), o.ID, nil); err != nil {
					t.Fatal(err)
				}
			}
			proven := time.Now()
			before := time.Now().UTC().Truncate(time.Millisecond)
			if _, err := as(t, "review").Undo(t.Context(), o.ID, order.Undoing{Reviewer: "staff:s", Reason: "Widerspruch"}); err != nil {
				t.Fatal(err)
			}
			for _, n := range []string{own.Number, source.Number, oldest.Number} {
				if at := read(t, n).PackagePasswordsVoidAt; at.IsZero() == abused || abused && at.Before(before) {
					t.Errorf("%s: package passwords void since %s", n, at)
				}
			}
			sub := draft(t, nil, third, read(t, source.Number))
			if gone := submittedWith(t, third, sub, proven); !gone {
				t.Error("submitted with a proof from before the undo")
			}
			if gone := submittedWith(t, third, sub, time.Now()); gone != abused {
				t.Errorf("the package password from before the undo is refused: %v, want %v", gone, abused)
			}
		})
	}
}

// submittedWith submits a draft as if its number had been proven at some moment, and tells whether the proof is gone.
func submittedWith(t *testing.T, own customer.Profile, sub order.Submission, proven time.Time) (gone bool) {
	t.Helper()
	d, err := as(t, "mergediff").Draft(t.Context(), own.Number)
	if err != nil {
		t.Fatal(err)
	}
	d.Sources[0].ProvenAt = proven
	if _, err := as(t, "mergediff").SaveDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	_, err = as(t, "mergesubmit").Submit(t.Context(), sub)
	var blocked *order.Blocked
	if gone = errors.As(err, &blocked) && blocked.Reason.Is(merge.ProofGone); err != nil && !gone {
		t.Fatal(err)
	}
	return gone
}

func TestUndoNamesAndTakesLaterMergesBackFirst(t *testing.T) {
	a, b, c := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"}), put(t, customer.Profile{Email: "c@c.example"})
	first := executed(t, draft(t, nil, b, c))
	second := executed(t, draft(t, nil, a, read(t, b.Number)))
	_, err := as(t, "review").Undo(t.Context(), first.ID, order.Undoing{Reviewer: "staff:s", Reason: "Widerspruch"})
	var later *order.LaterMerges
	if !errors.As(err, &later) || !slices.Equal(later.Orders, []string{second.ID}) {
		t.Fatalf("undo in the middle of a chain: %v (M7)", err)
	}
	if _, err := as(t, "review").UndoAll(t.Context(), first.ID, order.Undoing{Reviewer: "staff:s", Reason: "Widerspruch"}); err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{a.Number, b.Number, c.Number} {
		p := read(t, n)
		cred, err := credential.Store{Store: localtest.Store(t)}.Get(t.Context(), table.Customer(n))
		if err != nil || p.MergedInto != "" || len(p.Members) != 0 || cred.Retired || cred.Epoch != p.Epoch {
			t.Errorf("%s after undoing the chain: %+v, credential %+v, %v", n, p, cred, err)
		}
	}
}

func TestAVetoVoidsTheProofAndBarsThePair(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	s := localtest.Store(t)
	subject := table.PackageSubject("P-" + source.Number)
	o := submit(t, draft(t, nil, own, source))
	if _, err := as(t, "mergesubmit").Veto(t.Context(), o.ID, []string{source.Number}); err != nil {
		t.Fatal(err)
	}
	if c, err := (credential.Store{Store: s}).Get(t.Context(), subject); err != nil || c.Hash != "" {
		t.Errorf("the package password that served as proof is still good: %+v, %v", c, err)
	}
	var blocked *order.Blocked
	if _, err := as(t, "mergesubmit").Submit(t.Context(), draft(t, nil, own, source)); !errors.As(err, &blocked) || blocked.Reason.Code != "barred" {
		t.Errorf("submitted again after a veto: %v", err)
	}
	if err := as(t, "review").ReleaseBar(t.Context(), source.Number, own.Number, "staff:s", "geklärt"); err != nil {
		t.Fatal(err)
	}
	if barred, err := as(t, "mergediff").Barred(t.Context(), own.Number, source.Number); err != nil || barred {
		t.Errorf("barred after the release: %v, %v", barred, err)
	}
}

func TestAnObjectionHoldsTheSurvivorUntilItIsDecided(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	o := executed(t, draft(t, nil, own, source))
	for range 2 {
		if objected, err := as(t, "mergesubmit").Veto(t.Context(), o.ID, nil); err != nil || !objected.Objected() || objected.State != merge.Executed {
			t.Fatalf("objection: %+v, %v", objected.State, err)
		}
	}
	queue, err := as(t, "review").Queue(t.Context(), 1000, order.ObjectionQueue)
	if err != nil || !slices.ContainsFunc(queue, func(q order.Order) bool { return q.ID == o.ID }) {
		t.Errorf("the objection is not on top of the queue: %d orders, %v", len(queue), err)
	}
	third := put(t, customer.Profile{Email: "c@c.example"})
	var blocked *order.Blocked
	if _, err := as(t, "mergesubmit").Submit(t.Context(), draft(t, nil, read(t, own.Number), third)); !errors.As(err, &blocked) {
		t.Errorf("the survivor merged on: %v", err)
	}
	if _, err := as(t, "review").Dismiss(t.Context(), o.ID, "staff:s", "geklärt", o.SourceNumbers()); err != nil {
		t.Fatal(err)
	}
	if open, err := as(t, "account").OpenOrder(t.Context(), own.Number); err != nil || open != "" {
		t.Errorf("still held by %q, %v", open, err)
	}
}

func TestOwnersOfTwoNumbersMayBothVeto(t *testing.T) {
	own, b, c := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"}), put(t, customer.Profile{Email: "c@c.example"})
	o := submit(t, draft(t, nil, own, b, c))
	barred := func(n string) bool {
		is, err := as(t, "mergediff").Barred(t.Context(), own.Number, n)
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	veto := func(n string) {
		if ended, err := as(t, "mergesubmit").Veto(t.Context(), o.ID, []string{n}); err != nil || ended.State != merge.Vetoed {
			t.Fatalf("state %s, %v", ended.State, err)
		}
	}
	veto(b.Number)
	if !barred(b.Number) || barred(c.Number) {
		t.Error("the first veto must bar its own number only")
	}
	veto(c.Number)
	if !barred(c.Number) {
		t.Error("the second owner was not heard")
	}
	if err := as(t, "review").ReleaseBar(t.Context(), own.Number, b.Number, "staff:s", "geklärt"); err != nil {
		t.Fatal(err)
	}
	veto(b.Number)
	if barred(b.Number) {
		t.Error("a repeated veto barred a pair that the service team released (M9)")
	}
}

func TestAnObjectionIsHeardWhileTheSurvivorMergesOn(t *testing.T) {
	own, source, third := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"}), put(t, customer.Profile{Email: "c@c.example"})
	o := executed(t, draft(t, nil, own, source))
	running := submit(t, draft(t, nil, read(t, own.Number), third))
	if objected, err := as(t, "mergesubmit").Veto(t.Context(), o.ID, []string{source.Number}); err != nil || !objected.Objected() {
		t.Fatalf("objection: %+v, %v", objected.ObjectedAt, err)
	}
	if held, err := as(t, "account").Objections(t.Context(), own.Number); err != nil || !slices.Equal(held, []string{o.ID}) {
		t.Errorf("the survivor's e-mail and data are held by %v, %v (M4)", held, err)
	}
	if err := localtest.StoreFor(t, "account").Transact(t.Context(), []types.TransactWriteItem{order.CheckNoObjection(localtest.Names(t), own.Number)}, ""); !errors.Is(err, table.ErrCondition) {
		t.Errorf("a change under the objection: %v (S12)", err)
	}
	approve(t, running)
	if _, err := as(t, "mergeexecute").Execute(t.Context(), running.ID, running.Run); !errors.Is(err, order.ErrTooEarly) {
		t.Errorf("the survivor merged on while somebody objected: %v (M4)", err)
	}
	if _, err := as(t, "review").Dismiss(t.Context(), o.ID, "staff:s", "geklärt", o.SourceNumbers()); err != nil {
		t.Fatal(err)
	}
	if holder, err := as(t, "mergesubmit").OpenOrder(t.Context(), own.Number); err != nil || holder != running.ID {
		t.Errorf("the number is held by %q, %v; want the running order %s (M8)", holder, err, running.ID)
	}
	if _, err := as(t, "mergesubmit").Veto(t.Context(), o.ID, []string{source.Number}); !errors.Is(err, order.ErrState) {
		t.Errorf("the same objection once more: %v (M9)", err)
	}
}

func TestAWithdrawnOrderCanBeBegunAnew(t *testing.T) {
	own, source := put(t, customer.Profile{Email: "a@a.example"}), put(t, customer.Profile{Email: "b@b.example"})
	o := submit(t, draft(t, merge.Choices{merge.EmailGroup: merge.Other}, own, source))
	s := as(t, "mergesubmit")
	if _, err := s.Again(t.Context(), o.ID, own.Number); !errors.Is(err, order.ErrState) {
		t.Errorf("a running order begun anew: %v", err)
	}
	if _, err := s.Withdraw(t.Context(), o.ID, own.Number, own.Epoch); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Again(t.Context(), o.ID, source.Number); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("another customer's order begun anew: %v (S11)", err)
	}
	for range 2 { // M9
		d, err := s.Again(t.Context(), o.ID, own.Number)
		if err != nil || len(d.Sources) != 1 || d.Sources[0].Proven() || d.Sources[0].Adopted || d.Sources[0].Choices.Of(merge.EmailGroup) != merge.Other {
			t.Errorf("draft %+v, %v", d, err)
		}
	}
	d, err := as(t, "mergediff").Draft(t.Context(), own.Number)
	if err != nil || d.Sources[0].Proven() {
		t.Errorf("read back it is proven: %+v, %v", d, err)
	}
}
