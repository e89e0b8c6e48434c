package tablefake

import (
	"fmt"
	"maps"
	"slices"
	"sort"
)

// input holds the members of all requests that are understood.
type input struct {
	write
	IndexName              string
	KeyConditionExpression string
	ScanIndexForward       *bool
	Limit                  int
	Select                 string
	ExclusiveStartKey      Item
	FilterExpression       string
	RequestItems           map[string]struct{ Keys []Item }
	ClientRequestToken     string
	TransactItems          []struct{ Put, Update, Delete, ConditionCheck *write }
}

// write is one write, alone or in a transaction.
type write struct {
	TableName                           string
	Key                                 Item
	Item                                Item
	UpdateExpression                    string
	ConditionExpression                 string
	ExpressionAttributeNames            map[string]string
	ExpressionAttributeValues           Item
	ReturnValues                        string
	ReturnValuesOnConditionCheckFailure string
}

func (f *Fake) do(operation string, in input) (any, error) {
	if in.invalidKeys() {
		return nil, &refusal{code: "ValidationException"}
	}
	switch operation {
	case "GetItem":
		out := map[string]any{}
		if item, found := f.table(in.TableName)[keyOf(in.Key)]; found {
			out["Item"] = item
		}
		return out, nil
	case "BatchGetItem":
		return f.batch(in)
	case "Query":
		return f.query(in)
	case "Scan": // whole, for the commands beside the functions
		items := []Item{}
		for _, key := range sortedKeys(f.table(in.TableName)) {
			items = append(items, f.table(in.TableName)[key])
		}
		return map[string]any{"Items": items, "Count": len(items)}, nil
	case "PutItem", "UpdateItem", "DeleteItem":
		return f.single(operation, in.write)
	case "TransactWriteItems":
		return f.transact(in)
	}
	return nil, fmt.Errorf("operation is not known")
}

func (f *Fake) batch(in input) (any, error) {
	found := map[string][]Item{}
	for name, wanted := range in.RequestItems {
		found[name] = []Item{}
		seen := map[string]bool{}
		for _, key := range wanted.Keys {
			if seen[keyOf(key)] { // DynamoDB takes each key once
				return nil, &refusal{code: "ValidationException"}
			}
			seen[keyOf(key)] = true
			if item, ok := f.table(name)[keyOf(key)]; ok {
				found[name] = append(found[name], item)
			}
		}
	}
	return map[string]any{"Responses": found, "UnprocessedKeys": map[string]any{}}, nil
}

// query reads a table by pk or an index by whatever the key condition names; it sorts by sk, or by submittedAt.
func (f *Fake) query(in input) (any, error) {
	keys, found := []string{}, []Item{}
	for key, item := range f.table(in.TableName) {
		for _, expression := range []string{in.KeyConditionExpression, in.FilterExpression} {
			ok, err := holds(expression, item, in.write)
			if err != nil {
				return nil, err
			}
			if !ok {
				item = nil
				break
			}
		}
		if item != nil {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		found = append(found, f.tables[in.TableName][key])
	}
	order := "sk"
	if key, known := sortKeys[in.IndexName]; known {
		order = key
	}
	sort.SliceStable(found, func(i, j int) bool { return compare(found[i][order], found[j][order]) < 0 })
	if in.ScanIndexForward != nil && !*in.ScanIndexForward {
		sort.SliceStable(found, func(i, j int) bool { return compare(found[i][order], found[j][order]) > 0 })
	}
	out := map[string]any{}
	if in.Limit > 0 && len(found) > in.Limit {
		found = found[:in.Limit]
		last := found[in.Limit-1]
		out["LastEvaluatedKey"] = Item{"pk": last["pk"], "sk": last["sk"]}
	}
	if out["Count"] = len(found); in.Select != "COUNT" {
		out["Items"] = found
	}
	return out, nil
}

func (f *Fake) single(operation string, w write) (any, error) {
	next, refused, err := f.prepare(operation, w)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return nil, refused
	}
	old := f.table(w.TableName)[keyOf(w.Key)]
	f.apply(w, next)
	f.written()
	if w.ReturnValues == "ALL_OLD" {
		if old == nil {
			return map[string]any{}, nil
		}
		return map[string]any{"Attributes": old}, nil
	}
	if operation == "UpdateItem" && w.ReturnValues != "" && w.ReturnValues != "NONE" { // ALL_NEW; more than UPDATED_NEW asks for
		return map[string]any{"Attributes": next}, nil
	}
	return map[string]any{}, nil
}

func (f *Fake) written() {
	if f.After != nil {
		f.After()
	}
}

// prepare checks a write's condition and returns the item as it will be, nil for a deletion.
func (f *Fake) prepare(operation string, w write) (next Item, refused *refusal, err error) {
	key := w.Key
	if operation == "PutItem" {
		key = w.Item
	}
	old := f.table(w.TableName)[keyOf(key)]
	ok, err := holds(w.ConditionExpression, old, w)
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		r := &refusal{code: "ConditionalCheckFailedException"}
		if w.ReturnValuesOnConditionCheckFailure == "ALL_OLD" {
			r.old = old
		}
		return nil, r, nil
	}
	switch operation {
	case "PutItem":
		return w.Item, nil, nil
	case "UpdateItem":
		next, err = update(old, w)
		return next, nil, err
	case "ConditionCheck":
		return old, nil, nil
	}
	return nil, nil, nil
}

func (f *Fake) apply(w write, next Item) {
	key := w.Key
	if key == nil {
		key = w.Item
	}
	if next == nil {
		delete(f.table(w.TableName), keyOf(key))
		return
	}
	f.table(w.TableName)[keyOf(key)] = maps.Clone(next)
}

// transact does all or nothing, and the same token once.
func (f *Fake) transact(in input) (any, error) {
	if in.ClientRequestToken != "" && f.tokens[in.ClientRequestToken] {
		return map[string]any{}, nil
	}
	if len(in.TransactItems) > 100 {
		return nil, &refusal{code: "ValidationException"}
	}
	type prepared struct {
		write
		next  Item
		check bool
	}
	var all []prepared
	var reasons []map[string]any
	failed, seen := false, map[string]bool{}
	for _, t := range in.TransactItems {
		operation, w := "PutItem", t.Put
		switch {
		case t.Update != nil:
			operation, w = "UpdateItem", t.Update
		case t.Delete != nil:
			operation, w = "DeleteItem", t.Delete
		case t.ConditionCheck != nil:
			operation, w = "ConditionCheck", t.ConditionCheck
		}
		key := w.Key
		if key == nil {
			key = w.Item
		}
		if where := w.TableName + keyOf(key); seen[where] {
			return nil, &refusal{code: "ValidationException"}
		} else {
			seen[where] = true
		}
		next, refused, err := f.prepare(operation, *w)
		if err != nil {
			return nil, err
		}
		reason := map[string]any{"Code": "None"}
		if refused != nil {
			failed, reason["Code"] = true, "ConditionalCheckFailed"
			if refused.old != nil {
				reason["Item"] = refused.old
			}
		}
		reasons = append(reasons, reason)
		all = append(all, prepared{*w, next, operation == "ConditionCheck"})
	}
	if failed {
		return nil, &refusal{code: "TransactionCanceledException", reasons: reasons}
	}
	for _, p := range all {
		if !p.check {
			f.apply(p.write, p.next)
		}
	}
	f.tokens[in.ClientRequestToken] = true
	f.written()
	return map[string]any{}, nil
}
