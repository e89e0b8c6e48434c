package tablefake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Call is a request: its operation ("GetItem"), the tables it is about, sorted, the partition keys that it names, and whether it
// would change any of them.
type Call struct {
	Operation string
	Tables    []string
	Keys      []string
	Writes    bool
}

// Watched stands between a client and the tables and hears of each request before it is done, of several at once. It may use
// the tables itself. Its error is all that the client gets: Refused, or as if the connection were cut.
type Watched struct {
	Next   http.RoundTripper
	Before func(Call) error
}

// RoundTrip does the request if nothing is against it.
func (w Watched) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var in input
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, fmt.Errorf("tablefake: read request: %w", err)
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	err = w.Before(in.call(operation))
	var refused *refusal
	if errors.As(err, &refused) {
		return answer(r, http.StatusBadRequest, refused.body()), nil
	}
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	return w.Next.RoundTrip(r)
}

// Refused is an answer of DynamoDB with an error code. The client does not try again.
func Refused(code string) error { return &refusal{code: code} }

// call is what a request is about.
func (in input) call(operation string) Call {
	c := Call{Operation: operation, Writes: operation == "PutItem" || operation == "UpdateItem" || operation == "DeleteItem"}
	tables := map[string]bool{}
	about := func(table string, keys ...Item) {
		if table != "" {
			tables[table] = true
		}
		for _, key := range keys {
			if pk, ok := key["pk"]["S"].(string); ok {
				c.Keys = append(c.Keys, pk)
			}
		}
	}
	about(in.TableName, in.Key, in.Item, Item{"pk": in.ExpressionAttributeValues[":pk"]})
	for name, wanted := range in.RequestItems {
		about(name, wanted.Keys...)
	}
	for _, one := range in.TransactItems {
		for _, w := range []*write{one.Put, one.Update, one.Delete, one.ConditionCheck} {
			if w != nil {
				about(w.TableName, w.Key, w.Item)
			}
		}
		c.Writes = c.Writes || one.ConditionCheck == nil
	}
	c.Tables = sortedKeys(tables)
	return c
}
