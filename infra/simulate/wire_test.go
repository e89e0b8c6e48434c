package simulate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"kundenkonto/infra/localtest/tablefake"
)

// wire is what all calls of AWS go through, with whatever goes wrong on the way. What happens to a call follows from the
// seed of the act, from what the call is about, and from how often the act made it: so a history can be played again,
// whatever order Go runs goroutines in.
type wire struct {
	tables http.RoundTripper

	mu      sync.Mutex
	act     trouble
	calls   int // of the act
	writes  int
	asked   map[string]uint64
	dead    bool // the function died in this act
	holding bool // what comes in between is under way, without trouble of its own
}

// trouble is what goes wrong in one act.
type trouble struct {
	seed   uint64
	rate   float64 // of calls that something happens to
	dies   int     // with which call the function dies; 0: it lives
	before int     // the write before which something else happens; 0: nothing
	happen func()
}

var errCut = errors.New("simulate: connection was cut")

// begin starts an act with its trouble.
func (w *wire) begin(t trouble) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.act, w.calls, w.writes, w.asked, w.dead = t, 0, 0, map[string]uint64{}, false
}

// comesBetween lets something else happen before a write of the act that has begun.
func (w *wire) comesBetween(before int, happen func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if before > 0 && !w.holding {
		w.act.before, w.act.happen = before, happen
	}
}

// died says whether the function died in the act.
func (w *wire) died() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dead
}

// RoundTrip takes a call to the tables.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	what, writes := about(r.Header.Get("X-Amz-Target"), raw)
	fault := w.meet(what, writes)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if fault == unheard { // a dead function tries nothing again, and nor does its client
		_, _ = w.tables.RoundTrip(r)
		return nil, errCut
	}
	if fault == lost {
		return nil, errCut
	}
	return tablefake.Faults{Next: w.tables, Choose: func() tablefake.Fault { return fault }}.RoundTrip(r)
}

// What happens to a call of a function that dies: it never arrives, or it is done and nobody hears of it.
const (
	lost    = tablefake.Fault(100)
	unheard = tablefake.Fault(101)
)

// meet lets a call happen: it takes a moment, which tells calls under way at once apart, something else may come before it,
// and it may go wrong.
func (w *wire) meet(what string, writes bool) tablefake.Fault {
	w.mu.Lock()
	w.asked[what]++
	dice := w.act.dice(what, w.asked[what])
	w.mu.Unlock()
	time.Sleep(time.Duration(1 + dice%uint64(time.Millisecond)))

	w.mu.Lock()
	var happen func()
	if writes && !w.holding {
		if w.writes++; w.writes == w.act.before {
			happen = w.act.happen
		}
	}
	if w.calls++; !w.holding && w.calls == w.act.dies {
		w.dead = true
	}
	dead, again := w.dead && !w.holding, w.calls > w.act.dies
	fault := w.act.fault(dice)
	w.holding = w.holding || happen != nil
	w.mu.Unlock()

	if happen != nil {
		happen()
		w.mu.Lock()
		w.holding = false
		w.mu.Unlock()
	}
	switch {
	case dead && (again || dice&1 == 0):
		return lost
	case dead:
		return unheard
	}
	return fault
}

// dice are those of one call.
func (t trouble) dice(what string, n uint64) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, t.seed, what, n)
	x := h.Sum64() // FNV's low bits are poor: mixed as SplitMix64 does
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (t trouble) fault(dice uint64) tablefake.Fault {
	if float64(dice>>32)/(1<<32) >= t.rate {
		return tablefake.Fine
	}
	return 1 + tablefake.Fault(dice>>8%4)
}

// about names a call by what follows from the seed alone: its operation, tables and the key, where that holds no time.
func about(target string, raw []byte) (what string, writes bool) {
	type write struct{ TableName string }
	var in struct {
		TableName, IndexName      string
		Key                       map[string]map[string]string
		ExpressionAttributeValues map[string]map[string]any
		RequestItems              map[string]struct{ Keys []any }
		TransactItems             []struct{ Put, Update, Delete, ConditionCheck *write }
	}
	_ = json.Unmarshal(raw, &in) // what cannot be read has no name, and the tables say so
	_, operation, _ := strings.Cut(target, ".")
	names := []string{operation, in.TableName, in.IndexName, in.Key["pk"]["S"], fmt.Sprint(in.ExpressionAttributeValues[":pk"], in.ExpressionAttributeValues[":due"])}
	for name, of := range in.RequestItems {
		names = append(names, fmt.Sprint(name, len(of.Keys)))
	}
	for _, one := range in.TransactItems {
		for _, w := range []*write{one.Put, one.Update, one.Delete, one.ConditionCheck} {
			if w != nil {
				names = append(names, w.TableName)
			}
		}
	}
	slices.Sort(names[1:])
	writes = operation == "PutItem" || operation == "UpdateItem" || operation == "DeleteItem" || operation == "TransactWriteItems"
	return strings.Join(names, " "), writes
}
