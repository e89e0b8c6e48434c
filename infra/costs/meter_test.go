package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"kundenkonto/infra/localtest/tablefake"
)

// meter stands between the SDK's client and the tables, and counts the units that DynamoDB bills.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
type meter struct {
	mu            sync.Mutex
	fake          *tablefake.Fake
	reads, writes float64
}

// index is one of a table; one that projects all attributes is written with each change of them.
type index struct {
	hash, sort string
	all        bool
}

var indexes = map[string][]index{
	"Customers": {{"emailKey", "pk", false}, {"domainKey", "pk", false}, {"pk", "nameKey", false}}, "Sessions": {{"number", "createdAt", true}}, "Audit": {{"orderEvent", "sk", false}},
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

func (m *meter) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var in request
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	writes := in.writes(operation)
	before := make([]tablefake.Item, len(writes))
	for i, w := range writes {
		before[i] = m.item(w)
	}
	res, err := m.fake.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(answer))
	m.read(operation, in, answer)
	transactional := 1.0
	if operation == "TransactWriteItems" {
		transactional = 2
	}
	for i, w := range writes {
		after := m.item(w)
		m.writes += transactional * units(max(size(before[i]), size(after)), 1024)
		for _, x := range indexes[w.TableName] {
			m.writes += x.writes(before[i], after)
		}
	}
	return res, nil
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
func (m *meter) item(w write) (found tablefake.Item) {
	key := w.Key
	if key == nil {
		key = w.Item
	}
	m.fake.Items(w.TableName, func(i tablefake.Item) {
		if reflect.DeepEqual(i["pk"], key["pk"]) && reflect.DeepEqual(i["sk"], key["sk"]) {
			found = i
		}
	})
	return found
}

func (m *meter) read(operation string, in request, answer []byte) {
	var out struct {
		Item      tablefake.Item
		Items     []tablefake.Item
		Responses map[string][]tablefake.Item
	}
	_ = json.Unmarshal(answer, &out) // a refusal has none of them
	switch operation {
	case "GetItem":
		m.reads += units(size(out.Item), 4096)
	case "BatchGetItem":
		asked := 0
		for _, of := range in.RequestItems {
			asked += len(of.Keys)
		}
		for _, items := range out.Responses {
			for _, i := range items {
				m.reads += units(size(i), 4096)
				asked--
			}
		}
		m.reads += float64(asked) // one that is not there is read, too
	case "Query":
		total := 0
		for _, i := range out.Items {
			total += size(i)
		}
		n := units(total, 4096)
		if !in.ConsistentRead {
			n /= 2
		}
		m.reads += n
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
		return size(item)
	}
	return 100 // keys
}

func units(bytes, of int) float64 { return max(1, math.Ceil(float64(bytes)/float64(of))) }

// size of an item in bytes: names and values.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func size(item tablefake.Item) (n int) {
	for name, v := range item {
		n += len(name) + sizeOf(v)
	}
	return n
}

func sizeOf(v map[string]any) (n int) {
	for kind, x := range v {
		switch x := x.(type) {
		case string:
			if kind == "N" {
				return len(x)/2 + 2
			}
			return len(x)
		case []any:
			n = 3
			for _, e := range x {
				switch e := e.(type) {
				case string:
					n += len(e)
				case map[string]any:
					n += 1 + sizeOf(e)
				}
			}
			return n
		case map[string]any:
			n = 3
			for name, e := range x {
				if of, ok := e.(map[string]any); ok {
					n += len(name) + 1 + sizeOf(of)
				}
			}
			return n
		}
	}
	return 1
}
