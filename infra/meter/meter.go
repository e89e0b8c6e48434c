// Package meter counts what the real program takes of AWS on the way between the SDK's client and the tables: requests, rounds of
// them, and DynamoDB's units. House is the whole site with dispatch and workflow on such tables, to walk through it.
package meter

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"kundenkonto/infra/localtest/tablefake"
)

// Meter stands between the SDK's client and the tables, and counts the units that DynamoDB bills.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
type Meter struct {
	Fake *tablefake.Fake
	// Quiet is how long nothing new may have been asked before what waits is answered, together, as a round. 0: rounds are not
	// told apart.
	Quiet time.Duration

	mu    sync.Mutex
	taken Taken
	last  time.Time // of the last request
	done  int       // the last round of which a request was answered
}

// Taken is what was counted since Reset.
type Taken struct {
	Requests int     `json:"requests"`
	Rounds   int     `json:"rounds"` // requests one after the other: those that were under way together are one round
	Items    int     `json:"items"`  // writes of items, conditions among them
	Reads    float64 `json:"reads"`  // units; half a one is an eventually consistent read
	Writes   float64 `json:"writes"` // units
}

// Reset begins a count.
func (m *Meter) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken, m.done = Taken{}, 0
}

// Taken is the count since Reset.
func (m *Meter) Taken() Taken {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.taken
}

// index is one of a table; one that projects all attributes is written with each change of them.
type index struct {
	hash, sort string
	all        bool
}

// Indexes says how many indexes the tables have.
func Indexes() (n int) {
	for _, all := range indexes {
		n += len(all)
	}
	return n
}

var indexes = map[string][]index{
	"Customers": {{"emailKey", "pk", false}, {"domainKey", "pk", false}, {"pk", "nameKey", false}, {"noticeKey", "noticeAt", false}}, "Sessions": {{"number", "createdAt", true}}, "Audit": {{"orderEvent", "sk", false}},
	"MergeOrders": {{"statePk", "submittedAt", true}, {"customer", "submittedAt", true}}, "Outbox": {{"due", "nextTry", true}},
}

type write struct {
	TableName string
	Key, Item tablefake.Item
}

type request struct {
	write
	IndexName      string
	ConsistentRead bool
	RequestItems   map[string]struct{ Keys []tablefake.Item }
	TransactItems  []struct{ Put, Update, Delete, ConditionCheck *write }
}

// RoundTrip passes a request on and counts it.
func (m *Meter) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var in request
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	round := m.begin()
	m.settle()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done = max(m.done, round)
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	writes := in.writes(operation)
	before := make([]tablefake.Item, len(writes))
	for i, w := range writes {
		before[i] = m.item(w)
	}
	res, err := m.Fake.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(answer))
	m.read(operation, in, answer)
	m.taken.Items += len(writes)
	transactional := 1.0
	if operation == "TransactWriteItems" {
		transactional = 2
	}
	for i, w := range writes {
		after := m.item(w)
		m.taken.Writes += transactional * units(max(tablefake.Size(before[i]), tablefake.Size(after)), 1024)
		for _, x := range indexes[w.TableName] {
			m.taken.Writes += x.writes(before[i], after)
		}
	}
	return res, nil
}

// begin counts a request and says which round it is in: the one after the last that was answered before it.
func (m *Meter) begin() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken.Requests++
	m.taken.Rounds = max(m.taken.Rounds, m.done+1)
	m.last = time.Now()
	return m.done + 1
}

// settle waits until nothing new comes.
func (m *Meter) settle() {
	for m.Quiet > 0 {
		m.mu.Lock()
		since := time.Since(m.last)
		m.mu.Unlock()
		if since >= m.Quiet {
			return
		}
		time.Sleep(m.Quiet - since)
	}
}

// writes are the items that a request writes or, in a transaction, conditions on: both take what a write takes.
func (in request) writes(operation string) (all []write) {
	switch operation {
	case "PutItem", "UpdateItem", "DeleteItem":
		return []write{in.write}
	}
	for _, one := range in.TransactItems {
		for _, w := range []*write{one.Put, one.Update, one.Delete, one.ConditionCheck} {
			if w != nil {
				all = append(all, *w)
			}
		}
	}
	return all
}

// item is what stands under the key of a write.
func (m *Meter) item(w write) tablefake.Item {
	key := w.Key
	if key == nil {
		key = w.Item
	}
	return m.Fake.Item(w.TableName, key)
}

func (m *Meter) read(operation string, in request, answer []byte) {
	var out struct {
		Item      tablefake.Item
		Items     []tablefake.Item
		Responses map[string][]tablefake.Item
	}
	_ = json.Unmarshal(answer, &out) // a refusal has none of them
	switch operation {
	case "GetItem":
		m.taken.Reads += units(tablefake.Size(out.Item), 4096)
	case "BatchGetItem":
		asked := 0
		for _, of := range in.RequestItems {
			asked += len(of.Keys)
		}
		for _, items := range out.Responses {
			for _, i := range items {
				m.taken.Reads += units(tablefake.Size(i), 4096)
				asked--
			}
		}
		m.taken.Reads += float64(asked) // one that is not there is read, too
	case "Query":
		total := 0
		for _, i := range out.Items {
			total += tablefake.Size(i)
		}
		n := units(total, 4096)
		if !in.ConsistentRead {
			n /= 2
		}
		m.taken.Reads += n
	}
}

// writes is what the index takes for a change of an item.
func (x index) writes(before, after tablefake.Item) float64 {
	had, has := x.in(before), x.in(after)
	switch {
	case had && !has:
		return units(x.size(before), 1024)
	case has && !had:
		return units(x.size(after), 1024)
	case !has:
		return 0
	case !reflect.DeepEqual(before[x.hash], after[x.hash]) || !reflect.DeepEqual(before[x.sort], after[x.sort]):
		return units(x.size(before), 1024) + units(x.size(after), 1024)
	case x.all && !reflect.DeepEqual(before, after):
		return units(x.size(after), 1024)
	}
	return 0
}

func (x index) in(item tablefake.Item) bool { return item[x.hash] != nil && item[x.sort] != nil }

func (x index) size(item tablefake.Item) int {
	if x.all {
		return tablefake.Size(item)
	}
	return 100 // keys
}

func units(bytes, of int) float64 { return max(1, math.Ceil(float64(bytes)/float64(of))) }
