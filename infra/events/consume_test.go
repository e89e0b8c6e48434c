package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"kundenkonto/shared/event"
	"kundenkonto/shared/outbox"
)

const installation = "https://kunden.example.com"

var now = time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)

// changed is the event of a version of a customer's master data.
func changed(number string, version int64) event.Event {
	item := outbox.Item{Event: outbox.MasterDataChanged, ID: fmt.Sprintf("master-data.changed#%s#%d", number, version), CreatedAt: now.Add(time.Duration(version) * time.Minute)}
	return event.New(item, installation, event.Data{CustomerNumber: number, Version: version, Changed: []string{"city"}})
}

// body is the message that EventBridge makes of an event.
func body(t *testing.T, e event.Event) string {
	t.Helper()
	b, err := json.Marshal(map[string]any{"version": "0", "id": "an id of the delivery", "source": event.BusSource, "detail-type": e.Type, "detail": e})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// fakeQueue gives what is in it until it is deleted.
type fakeQueue struct {
	bodies  map[string]string // by receipt handle
	refuse  error             // of deleting
	deleted int
}

func queueOf(bodies ...string) *fakeQueue {
	q := &fakeQueue{bodies: map[string]string{}}
	for i, b := range bodies {
		q.bodies[fmt.Sprintf("%03d", i)] = b
	}
	return q
}

func (q *fakeQueue) ReceiveMessage(_ context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	out := &sqs.ReceiveMessageOutput{}
	for i := range 1000 {
		handle := fmt.Sprintf("%03d", i)
		if b, there := q.bodies[handle]; there && len(out.Messages) < int(in.MaxNumberOfMessages) {
			out.Messages = append(out.Messages, types.Message{Body: aws.String(b), ReceiptHandle: aws.String(handle), MessageId: aws.String("m" + handle)})
		}
	}
	return out, nil
}

func (q *fakeQueue) DeleteMessageBatch(_ context.Context, in *sqs.DeleteMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error) {
	if q.refuse != nil {
		return nil, q.refuse
	}
	for _, e := range in.Entries {
		delete(q.bodies, *e.ReceiptHandle)
		q.deleted++
	}
	return &sqs.DeleteMessageBatchOutput{}, nil
}

// consume works on a queue until it is empty, as a program that was just started.
func consume(t *testing.T, path string, q *fakeQueue) (said string, err error) {
	t.Helper()
	f, err := openFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out bytes.Buffer
	err = consumer{queue: q, url: "https://sqs.invalid/1/q", file: f, once: true, out: &out, now: func() time.Time { return now }}.run(t.Context())
	return out.String(), err
}

// written are the ids in a file, "late" after those that are.
func written(t *testing.T, path string) (ids []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(string(text)) {
		var got struct {
			Late  bool
			Event event.Event
		}
		if err := json.Unmarshal([]byte(l), &got); err != nil {
			t.Fatalf("%v: %s", err, l)
		}
		id := got.Event.ID
		if got.Late {
			id += " late"
		}
		ids = append(ids, id)
	}
	return ids
}

func expect(t *testing.T, path string, want ...string) {
	t.Helper()
	if got := written(t, path); strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("the file has %q, want %q", got, want)
	}
}

func TestAnEventThatComesAgainIsWrittenOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "events.jsonl")
	one, two := changed("10000017", 2), changed("10000017", 3)
	q := queueOf(body(t, one), body(t, two), body(t, one))
	if said, err := consume(t, path, q); err != nil || len(q.bodies) != 0 || !strings.Contains(said, "2 events written (0 late), 1 were there") {
		t.Errorf("%s%v, %d left", said, err, len(q.bodies))
	}
	if said, err := consume(t, path, queueOf(body(t, two))); err != nil || !strings.Contains(said, "0 events written") { // after a new start
		t.Errorf("%s%v", said, err)
	}
	elsewhere := one // another installation counts by itself
	elsewhere.Source = "https://test.example.com"
	if _, err := consume(t, path, queueOf(body(t, elsewhere))); err != nil {
		t.Error(err)
	}
	expect(t, path, one.ID, two.ID, one.ID)
}

func TestAnEventThatALaterOneOvertookIsLate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	settings := func(pack string, version int64) event.Event {
		item := outbox.Item{Event: outbox.PackageChanged, ID: fmt.Sprintf("%s#%d", pack, version), CreatedAt: now.Add(time.Duration(version) * time.Minute)}
		return event.New(item, installation, event.Data{CustomerNumber: "10000017", Package: pack, Version: version, Changed: []string{}})
	}
	unversioned := changed("10000017", 0)
	merged := event.New(outbox.Item{Event: outbox.OrderExecuted, ID: "order.executed#K7QX-2M4D", CreatedAt: now.Add(4 * time.Minute)}, installation, event.Data{CustomerNumber: "10000017", Version: 4, Order: "K7QX-2M4D", MergedNumbers: []string{"10000023"}})
	if _, err := consume(t, path, queueOf(body(t, changed("10000017", 5)), body(t, changed("10000023", 2)), body(t, settings("P-1", 2)), body(t, unversioned))); err != nil {
		t.Fatal(err)
	}
	// After a new start it still knows.
	if _, err := consume(t, path, queueOf(body(t, merged), body(t, changed("10000017", 6)), body(t, settings("P-1", 1)), body(t, settings("P-2", 1)))); err != nil {
		t.Fatal(err)
	}
	expect(t, path, changed("10000017", 5).ID, changed("10000023", 2).ID, settings("P-1", 2).ID, unversioned.ID,
		merged.ID+" late", changed("10000017", 6).ID, settings("P-1", 1).ID+" late", settings("P-2", 1).ID)
}

// After a total loss the tables are those of an earlier instant, and count versions once more: what happens then is new, and is
// neither late nor there already.
func TestAChangeAfterARestoreIsNeitherLateNorKnown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	again := event.New(outbox.Item{Event: outbox.MasterDataChanged, ID: "master-data.changed#10000017#3", CreatedAt: now.Add(time.Hour)}, installation,
		event.Data{CustomerNumber: "10000017", Version: 3, Changed: []string{"city"}})
	after := event.New(outbox.Item{Event: outbox.MasterDataChanged, ID: "master-data.changed#10000017#4", CreatedAt: now.Add(2 * time.Hour)}, installation,
		event.Data{CustomerNumber: "10000017", Version: 4, Changed: []string{"city"}})
	if _, err := consume(t, path, queueOf(body(t, changed("10000017", 3)), body(t, changed("10000017", 4)), body(t, changed("10000017", 5)), body(t, after), body(t, again))); err != nil {
		t.Fatal(err)
	}
	expect(t, path, changed("10000017", 3).ID, changed("10000017", 4).ID, changed("10000017", 5).ID, after.ID, again.ID+" late")
}

// A message is deleted when its event is on the disk and not before: whatever happens in between, the event is there once.
func TestNothingIsLostOrTwiceWhenItIsKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	q := queueOf(body(t, changed("10000017", 2)), body(t, changed("10000017", 3)))
	q.refuse = errors.New("killed")
	if _, err := consume(t, path, q); err == nil || len(q.bodies) != 2 {
		t.Errorf("%v, %d messages left", err, len(q.bodies))
	}
	// Killed while it wrote: half of the last line is there.
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text[:len(text)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	q.refuse = nil
	if said, err := consume(t, path, q); err != nil || !strings.Contains(said, "1 events written (0 late), 1 were there") {
		t.Errorf("%s%v", said, err)
	}
	expect(t, path, changed("10000017", 2).ID, changed("10000017", 3).ID)

	f, err := openFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f.Close() // no disk to write to
	q = queueOf(body(t, changed("10000017", 4)))
	err = consumer{queue: q, file: f, once: true, out: &bytes.Buffer{}, now: time.Now}.run(t.Context())
	if err == nil || q.deleted != 0 {
		t.Errorf("%v; %d messages were deleted whose events nobody has", err, q.deleted)
	}
}

// Within a version of a schema a field, and a word for what changed, may come.
func TestWhatALaterReleaseAddsIsPassedOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	later := body(t, changed("10000017", 2))
	for old, added := range map[string]string{`"changed":["city"`: `"reason":{"code":7},"changed":["city","planet"`, `"specversion":`: `"sequence":"9","specversion":`} {
		if later = strings.Replace(later, old, added, 1); !strings.Contains(later, added) {
			t.Fatalf("the message has no %s", old)
		}
	}
	q := queueOf(later)
	if said := taken(t, path, q); !strings.Contains(said, "1 events written") || len(q.bodies) != 0 {
		t.Error(said)
	}
	expect(t, path, changed("10000017", 2).ID)
}

// What is no event of ours, or one that an older reader cannot understand, is left to the queue, which lays it aside after some
// tries, and stops nothing.
func TestWhatIsNotUnderstoodIsLeftInTheQueue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	without := func(old, instead string) string {
		whole := body(t, changed("10000017", 2))
		if !strings.Contains(whole, old) {
			t.Fatalf("the message has no %s", old)
		}
		return strings.Replace(whole, old, instead, 1)
	}
	wrong := []string{"no JSON", without(`"source":"kundenkonto"`, `"source":"aws.s3"`), without(`"id":"master-data.changed#`, `"was":"master-data.changed#`),
		without(`"subject":"10000017"`, `"subject":""`), without(`"detail-type":"master-data.changed"`, `"detail-type":"merge.executed"`),
		without(`"data":{`, `"data":"anna@example.com","x":{`), without("master-data.changed.1.json", "master-data.changed.2.json")}
	q := queueOf(append(wrong, body(t, changed("10000017", 3)))...)
	said := taken(t, path, q)
	if len(q.bodies) != len(wrong) || strings.Count(said, "is left in the queue") != len(wrong) {
		t.Errorf("%d left\n%s", len(q.bodies), said)
	}
	if strings.Contains(said, "anna@") {
		t.Errorf("personal data is printed: %s", said)
	}
	expect(t, path, changed("10000017", 3).ID)
}

// taken works once on what is in a queue, which hides nothing that it gave already.
func taken(t *testing.T, path string, q *fakeQueue) (said string) {
	t.Helper()
	f, err := openFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := q.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{MaxNumberOfMessages: 10})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (consumer{queue: q, file: f, out: &out, now: time.Now}).take(t.Context(), got.Messages); err != nil {
		t.Error(err)
	}
	return out.String()
}

func TestAFileOfSomethingElseIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte("Milk\nBread\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openFile(path); err == nil || !strings.Contains(err.Error(), "line 1 is no event") {
		t.Error(err)
	}
	if text, _ := os.ReadFile(path); string(text) != "Milk\nBread\n" {
		t.Errorf("it has %q now", text)
	}
}

func TestAWrongCommandLineSaysWhatToDo(t *testing.T) {
	for args, want := range map[string]string{
		"replay": "needs --from and --to", "replay --from 2026-11-29T08:00:00Z": "needs --from and --to", "replay --from yesterday --to 2026-11-29T08:00:00Z": "2026-11-29T08:00:00Z",
		"replay --from 2026-11-29T08:00:00Z --to 2026-11-29T09:00:00+01:00": "before --to", "replay --from 2026-11-29T08:00:00Z --to 9999-11-29T08:00:00Z": "future",
		"reply": "is not understood", "--from 2026-11-29T08:00:00Z": "not defined", "--local nowhere.json": "make run",
	} {
		var out bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), &out); code == exitDone || !strings.Contains(out.String(), want) {
			t.Errorf("%s: %d, %s", args, code, out.String())
		}
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, &out); code != exitDone || !strings.Contains(out.String(), "Exit codes") {
		t.Errorf("--help: %d, %s", code, out.String())
	}
}

// Two programs on one file would write over each other's lines, after they deleted the messages.
func TestAFileIsForOneProgramAtATime(t *testing.T) {
	path := t.TempDir() + "/events.jsonl"
	first, err := openFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openFile(path); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("opened twice: %v", err)
	}
	first.Close()
	again, err := openFile(path)
	if err != nil {
		t.Fatalf("after the first ended: %v", err)
	}
	again.Close()
}
