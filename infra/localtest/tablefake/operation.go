package tablefake

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
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
		for _, key := range f.sorted(in.TableName) {
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

// pageBytes is how much a query reads before it answers with what it has ("Query", 1 MB).
const pageBytes = 1 << 20

// query reads a table by pk or an index by whatever the key condition names; it sorts by sk, or by the index's sort key. As
// with DynamoDB, a page ends after Limit items or a megabyte that were read, whether or not the filter takes them.
func (f *Fake) query(in input) (any, error) {
	matching, err := f.matching(in)
	if err != nil {
		return nil, err
	}
	if in.ExclusiveStartKey != nil {
		from := keyOf(in.ExclusiveStartKey)
		matching = matching[1+slices.IndexFunc(matching, func(i Item) bool { return keyOf(i) == from }):]
	}
	found, out, bytes := []Item{}, map[string]any{}, 0
	for n, item := range matching {
		ok, err := holds(in.FilterExpression, item, in.write)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, item)
		}
		if bytes += Size(item); n+1 < len(matching) && (n+1 == in.Limit || bytes > pageBytes) {
			out["LastEvaluatedKey"] = Item{"pk": item["pk"], "sk": item["sk"]}
			break
		}
	}
	if out["Count"] = len(found); in.Select != "COUNT" {
		out["Items"] = found
	}
	return out, nil
}

// matching are the items that the key condition names, in order.
func (f *Fake) matching(in input) (found []Item, err error) {
	for _, key := range f.partition(in) {
		item := f.tables[in.TableName][key]
		ok, err := holds(in.KeyConditionExpression, item, in.write)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, item)
		}
	}
	order := "sk"
	if key, known := sortKeys[in.IndexName]; known {
		order = key
	}
	by := func(i, j int) bool { return compare(found[i][order], found[j][order]) < 0 }
	sort.SliceStable(found, by)
	if in.ScanIndexForward != nil && !*in.ScanIndexForward {
		sort.SliceStable(found, func(i, j int) bool { return by(j, i) })
	}
	return found, nil
}

// partition are the keys of the partition that a query of a table names, all of them for one of an index.
func (f *Fake) partition(in input) []string {
	all := f.sorted(in.TableName)
	value, found := strings.CutPrefix(in.KeyConditionExpression, "pk = ")
	if !found || in.IndexName != "" {
		return all
	}
	name, _, _ := strings.Cut(value, " ")
	one := strings.TrimSuffix(keyOf(Item{"pk": in.ExpressionAttributeValues[name]}), "null]")
	from := sort.SearchStrings(all, one)
	to := from + sort.Search(len(all)-from, func(i int) bool { return !strings.HasPrefix(all[from+i], one) })
	return all[from:to]
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
	items, name := f.table(w.TableName), keyOf(key)
	if _, there := items[name]; there == (next == nil) { // one comes or goes
		f.keys[w.TableName] = nil
	}
	if next == nil {
		delete(items, name)
		return
	}
	items[name] = maps.Clone(next)
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
