package site

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// What a page shows and a handler decides on is read as it is at that moment: a table that answers with the state of a
// second ago would let a session go on after its end (S8), or show somebody their data from before they saved them. The
// local cloud always answers so; on AWS each read has to ask for it. An index cannot, and serves lists only.
func TestEveryReadOfATableIsConsistent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		var guard sync.Mutex
		reads := map[string]int{}
		for _, q := range c.requests() {
			w.again()
			w.wire.disturb = func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					return nil, err
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
				kind := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB_20120810.")
				guard.Lock()
				defer guard.Unlock()
				for _, read := range readsIn(t, kind, body) {
					reads[kind]++
					if !read.ConsistentRead {
						t.Errorf("%s: a %s of %s may answer with what was before", q.route, kind, read.TableName)
					}
				}
				return next.RoundTrip(r)
			}
			w.send(t.Context(), c, q)
		}
		for _, kind := range []string{"GetItem", "BatchGetItem", "Query"} {
			if reads[kind] == 0 {
				t.Errorf("no %s was looked at: %v", kind, reads)
			}
		}
	})
}

// read is what a request to DynamoDB says of one table.
type read struct {
	TableName, IndexName string
	ConsistentRead       bool
}

// readsIn are the reads of tables in a request; those of indexes are none.
func readsIn(t *testing.T, kind string, body []byte) []read {
	t.Helper()
	var in struct {
		read
		RequestItems map[string]read
	}
	switch kind {
	case "GetItem", "Query", "BatchGetItem":
	default:
		return nil
	}
	if err := json.Unmarshal(body, &in); err != nil {
		t.Fatal(err)
	}
	if kind != "BatchGetItem" {
		if in.IndexName != "" {
			return nil
		}
		return []read{in.read}
	}
	var all []read
	for name, one := range in.RequestItems {
		one.TableName = name
		all = append(all, one)
	}
	return all
}
