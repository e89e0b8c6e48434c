package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/stack"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

func TestADryRunOfAnImportWritesNothing(t *testing.T) {
	h := newHouse(t)
	h.fill()
	instant := h.exported("instant.jsonl")
	h.put(h.names.Customers, table.With(table.Profile("10000031"), table.Item{"lastName": table.S("Neu")}))
	h.put(h.names.Customers, table.With(table.Profile(anna), table.Item{"lastName": table.S("Beschädigt")}))
	present, before := h.exported("present.jsonl"), h.all()
	i := importing{tool: h.tool, path: instant, presentPath: present, report: h.dir + "/dry.jsonl", dryRun: true, counts: map[string]int{}}
	if err := i.run(t.Context()); err != nil || !maps.Equal(before, h.all()) {
		t.Errorf("%v, or something was written", err)
	}
	h.says("Dry run, nothing was written")
	if text, err := os.ReadFile(i.report); err != nil || !strings.Contains(string(text), `{"what":"customer.lost","number":"10000031"}`) {
		t.Errorf("%v: the report says nothing of what would be lost: %s", err, text)
	}
}

// Staff sessions are as void as those of customers, and the counters of tries are the present's.
func TestStaffSessionsEndAndCountersStay(t *testing.T) {
	h := newHouse(t)
	h.fill()
	staff := table.Session("a staff session")
	h.put(h.names.StaffSessions, table.With(staff, table.Item{"user": table.S("petra")}))
	instant := h.exported("instant.jsonl")
	h.put(h.names.Throttle, table.With(table.Throttle("number", anna), table.Item{"n": table.N(9)}))
	h.put(h.names.Throttle, table.With(table.Throttle("number", bert), table.Item{"n": table.N(1)}))
	if _, err := h.imported(instant, h.exported("present.jsonl")); err != nil {
		t.Fatal(err)
	}
	if h.item(h.names.StaffSessions, staff) != nil {
		t.Error("who left the service team since is signed in again")
	}
	if n := table.Int(h.item(h.names.Throttle, table.Throttle("number", anna)), "n"); n != 9 || h.item(h.names.Throttle, table.Throttle("number", bert)) == nil {
		t.Errorf("%d tries: somebody may guess anew", n)
	}
}

func TestFilesOfOtherStacksAndTheWrongWayRoundAreRefused(t *testing.T) {
	h := newHouse(t)
	h.fill()
	early := h.exported("early.jsonl")
	h.now = func() time.Time { return noon.Add(2 * time.Hour) }
	late, before := h.exported("late.jsonl"), h.all()
	if _, err := h.imported(late, early); err == nil || !strings.Contains(err.Error(), "no later state") {
		t.Errorf("the two files were taken the wrong way round: %v", err)
	}
	h.local, h.stack = false, "kundenkonto-staging"
	if _, err := h.imported(early, late); err == nil || !strings.Contains(err.Error(), "is of stack kundenkonto, not of kundenkonto-staging") {
		t.Errorf("customers of one stage come into another: %v", err)
	}
	if !maps.Equal(before, h.all()) {
		t.Error("something was written")
	}
}

// Somebody opened the functions once more after the export of the present: what was done then is in neither file.
func TestAPresentThatIsPastIsRefused(t *testing.T) {
	h := newHouse(t)
	h.fill()
	instant := h.exported("instant.jsonl")
	h.now = func() time.Time { return noon.Add(2 * time.Hour) }
	present := h.exported("present.jsonl")
	h.transact(audit.Put(h.names, audit.Event{Number: anna, Action: audit.MergeVetoed, Actor: anna, At: noon.Add(2*time.Hour + time.Minute)}, rand.Reader))
	before := h.all()
	if _, err := h.imported(instant, present); err == nil || !strings.Contains(err.Error(), "something was done at 2026-11-30T14:01:00") || !maps.Equal(before, h.all()) {
		t.Errorf("%v, or something was written", err)
	}
	h.now = func() time.Time { return noon.Add(3 * time.Hour) }
	if _, err := h.imported(instant, h.exported("again.jsonl")); err != nil {
		t.Error(err)
	}
}

// answering is a tool on a DynamoDB that gives the answers in their order, and notes what it was asked.
func answering(t *testing.T, answers ...string) (tool, *[]string) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		asked = append(asked, action+" "+string(body))
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		fmt.Fprint(w, answers[min(len(asked), len(answers))-1])
	}))
	t.Cleanup(server.Close)
	cfg := stack.Local(server.URL)
	return tool{cfg: cfg, db: dynamodb.NewFromConfig(cfg), stack: "x", names: table.Names{Customers: "c"}, out: &strings.Builder{}, now: time.Now}, &asked
}

func TestAnInstantOutOfReachIsRefusedBeforeATableIsMade(t *testing.T) {
	answer := fmt.Sprintf(`{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED","PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"ENABLED","EarliestRestorableDateTime":%d,"LatestRestorableDateTime":%d}}}`,
		noon.Add(-time.Hour).Unix(), noon.Unix())
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second) // one that is not refused waits for tables
	defer stop()
	for _, at := range []time.Time{noon.Add(time.Second), noon.Add(-time.Hour - time.Second)} {
		c, asked := answering(t, answer)
		if err := c.pitr(ctx, at); err == nil || !strings.Contains(err.Error(), "from 2026-11-30T11:00:00Z to 2026-11-30T12:00:00Z") || len(*asked) != 1 {
			t.Errorf("%v, asked %v", err, *asked)
		}
	}
	c, _ := answering(t, `{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED"}}`)
	if err := c.pitr(ctx, noon); err == nil || !strings.Contains(err.Error(), "no point-in-time recovery") {
		t.Error(err)
	}
}

func TestWhatDynamoDBLeavesOutOfABatchIsWrittenAgain(t *testing.T) {
	left := `{"UnprocessedItems":{"c":[{"DeleteRequest":{"Key":{"pk":{"S":"two"}}}}]}}`
	c, asked := answering(t, left, `{}`)
	b := c.batch(t.Context(), "c")
	b.delete(table.Key{"pk": table.S("one")})
	b.delete(table.Key{"pk": table.S("two")})
	if err := b.end(); err != nil || len(*asked) != 2 {
		t.Fatalf("%v, asked %v", err, *asked)
	}
	var second struct{ RequestItems map[string][]any }
	if _, body, _ := strings.Cut((*asked)[1], " "); json.Unmarshal([]byte(body), &second) != nil || len(second.RequestItems["c"]) != 1 {
		t.Errorf("%v", *asked)
	}
}

// Each of these would come back, or not, without anybody seeing it.
func TestWhatChangedSinceIsComparedWithThePresent(t *testing.T) {
	profile := func(epoch int64, email string) of {
		return of{"Customers", table.With(table.Profile(anna), table.Item{"number": table.S(anna), "epoch": table.N(epoch), "email": table.S(email)})}
	}
	then := profile(4, "alt@kunde.example")
	next, told := goneBack(t, []of{then}, []of{profile(9, "neu@kunde.example")}).back("Customers", then.item, 0, noon)
	if table.Int(next, "epoch") != 10 || len(told) != 1 || told[0].What != "email.back" {
		t.Errorf("a cookie of the present opens the account: %v, %v", next, told)
	}
	credentialOf := func(epoch int64) of {
		return of{"Credentials", table.With(table.Credential(table.Customer(anna)), table.Item{"hash": table.S("h"), "epoch": table.N(epoch), "changedAt": table.Time(noon)})}
	}
	secondStep := func(since time.Time) of {
		return of{"Credentials", table.With(table.SecondFactor(anna), table.Item{"since": table.Time(since)})}
	}
	next, _ = goneBack(t, []of{credentialOf(1)}, []of{credentialOf(7)}).back("Credentials", credentialOf(1).item, 0, noon)
	if table.Int(next, "epoch") != 8 || table.String(next, "hash") != "h" {
		t.Errorf("%v", next)
	}
	next, told = goneBack(t, []of{credentialOf(1), secondStep(noon)}, []of{credentialOf(1), secondStep(noon.Add(time.Hour))}).back("Credentials", credentialOf(1).item, 0, noon)
	if table.String(next, "hash") != "" || len(told) != 1 {
		t.Errorf("the second step is an earlier one, and the password alone opens the account: %v, %v", next, told)
	}
	executed := order.Order{ID: open1, Customer: anna, State: merge.Executed, ExecutedAt: noon}
	opposed := executed
	opposed.Opposed, opposed.ObjectedAt = []string{bert}, noon
	free := table.With(table.Lock(anna), table.Item{"order": table.S("")})
	held := table.With(table.Lock(anna), table.MustMarshal(order.Hold{Objections: []string{open1}}))
	next, _ = goneBack(t, []of{orderItem(executed)}, []of{orderItem(opposed), {"MergeOrders", held}}).back("MergeOrders", free, 0, noon)
	var hold order.Hold
	if err := table.Unmarshal(next, &hold); err != nil || len(hold.Objections) != 1 {
		t.Errorf("who is objected to can merge on: %+v, %v", hold, err)
	}
	mail := outbox.Item{ID: "order.announced#1", Event: outbox.OrderAnnounced, Due: table.DueShard("order.announced#1")}
	waited := of{"Outbox", table.MustMarshal(mail)}
	mail.Due, mail.DoneAt = "", noon
	next, _ = goneBack(t, []of{waited}, []of{{"Outbox", table.MustMarshal(mail)}}).back("Outbox", waited.item, 0, noon)
	if table.String(next, "due") != table.HeldShard(mail.ID) {
		t.Errorf("the order does not know that it was announced, and nobody can announce it: %v", next)
	}
}

// What came without a sign-in, what waits for the team and what was said of it to customers outlives the way back.
func TestNoCancellationIsLostByGoingBack(t *testing.T) { // C1
	h := newHouse(t)
	h.fill()
	settled := cancellation.Waiting{Key: "early", ID: "CCCC-3333", ReceivedAt: noon, Stated: cancellation.Stated{Kind: customer.Ordinary, Name: "Anna", Contract: "P-" + anna, Email: "a@kunde.example"}}
	h.transact(cancellation.Lay(h.names, settled))
	instant := h.exported("instant.jsonl")

	h.transact(cancellation.Settle(h.names, settled, "petra", "erledigt", noon.Add(time.Minute)))
	since := settled
	since.Key, since.ID = "late", "DDDD-4444"
	h.transact(cancellation.Lay(h.names, since))
	waiting := cancellation.Declared{Stated: since.Stated, Key: "unread", ID: "EEEE-5555", Language: "de", ReceivedAt: noon.Add(time.Minute)}
	h.transact(outbox.Put(h.names, waiting.Item()),
		audit.Put(h.names, audit.Event{Number: anna, Action: audit.CancellationDeclared, Actor: audit.ByUnknown, At: noon.Add(time.Minute)}, rand.Reader))
	late := customer.Package{ID: "P-late", Number: anna, Product: "hosting", Domains: []string{"spaeter.example"}}
	h.transact(customer.PutPackage(h.names, late)...)
	c := customer.Cancellation{ID: "FFFF-6666", Kind: customer.Extraordinary, Reason: "Umzug", ReceivedAt: noon.Add(time.Minute), By: anna}
	h.transact(customer.PutCancellation(h.names, late, c))

	present := h.exported("present.jsonl")
	var before map[string]string
	for range 2 { // it can be repeated
		report, err := h.imported(instant, present)
		if err != nil {
			t.Fatal(err)
		}
		store := cancellation.Store{Store: h.store()}
		if w, err := store.Get(t.Context(), "early"); err != nil || !w.Settled() || w.SettledBy != "petra" {
			t.Errorf("what the team is done with lies before it again: %+v, %v", w, err)
		}
		if w, err := store.Get(t.Context(), "late"); err != nil || w.Settled() {
			t.Errorf("it never came: %+v, %v", w, err)
		}
		if m, err := h.outbox().Find(t.Context(), outbox.CancellationDeclared+"#unread"); err != nil || !m.DoneAt.IsZero() {
			t.Errorf("one that nobody has read is gone: %+v, %v", m, err)
		}
		if ids, err := h.outbox().Due(t.Context(), table.Shard(outbox.CancellationDeclared+"#unread"), noon.Add(24*time.Hour), 10); err != nil || len(ids) > 0 {
			t.Errorf("it goes out before anybody released it: %v, %v", ids, err)
		}
		w, err := store.Get(t.Context(), "restored-"+c.ID)
		if err != nil || w.Package != "P-late" || w.Owner != anna || w.Reason != "Umzug" || !w.ReceivedAt.Equal(c.ReceivedAt) || w.Email != "n"+anna+"@kunde.example" {
			t.Errorf("the cancellation of a package that came later: %+v, %v", w, err)
		}
		all, _, err := store.Waiting(t.Context(), time.Time{}, 10)
		if err != nil || len(all) != 2 {
			t.Errorf("%d lie before the team, %v", len(all), err)
		}
		events := 0
		after := h.all()
		for key, text := range after {
			if strings.HasPrefix(key, "Audit ") && strings.Contains(text, audit.CancellationDeclared) {
				events++
			}
		}
		if events != 1 {
			t.Errorf("the history tells of it %d times", events)
		}
		text, err := os.ReadFile(report)
		if err != nil || !strings.Contains(string(text), `{"what":"cancellation.laid-before-the-team","number":"10000017","package":"P-late"}`) {
			t.Errorf("%v: the report says\n%s", err, text)
		}
		if before != nil && !maps.Equal(before, after) {
			t.Error("a second run gives another state")
		}
		before = after
	}
}
