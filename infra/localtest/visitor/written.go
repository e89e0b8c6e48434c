package visitor

import (
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// Saves says whether a request would save something: counts of tries are none.
func Saves(c tablefake.Call) bool {
	return world.TransactWrites(c) && c.Tables[0] != tablefake.Names.Throttle
}

// Writes is how often the pages saved something so far.
func (v *Visitor) Writes() int {
	for _, c := range v.Calls() {
		if Saves(c) {
			v.wrote++
		}
	}
	return v.wrote
}

// Told are the items of the outbox by event.
func (v *Visitor) Told() map[string]outbox.Item {
	v.T.Helper()
	found := map[string]outbox.Item{}
	for _, item := range v.Outbox() {
		found[item.Event] = item
	}
	return found
}

// Changed are the attributes of the profile that something changes.
func (v *Visitor) Changed(do func()) string {
	v.T.Helper()
	read := func() table.Item {
		item, err := v.Store.Get(v.T.Context(), v.Store.Names.Customers, table.Profile(v.Number))
		if err != nil {
			v.T.Fatal(err)
		}
		return item
	}
	before := read()
	do()
	after, names := read(), []string{}
	for name := range table.With(table.Key(before), after) {
		if !reflect.DeepEqual(before[name], after[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// Stored is the text of all that the tables of customers have and had not at the beginning.
func (v *Visitor) Stored() string {
	v.T.Helper()
	var all []string
	for key, item := range v.customers() {
		for name, value := range item {
			if !reflect.DeepEqual(v.start[key][name], value) {
				all = append(all, texts(value)...)
			}
		}
	}
	return strings.Join(all, "\n")
}

// Effects is all that audit and outbox hold, as text.
func (v *Visitor) Effects() string {
	v.T.Helper()
	var all []string
	for _, item := range slices.Concat(v.Items(v.Store.Names.Audit), v.Items(v.Store.Names.Outbox)) {
		all = append(all, texts(&types.AttributeValueMemberM{Value: item})...)
	}
	return strings.Join(all, " ")
}

// customers are all profiles and packages by their keys.
func (v *Visitor) customers() map[string]table.Item {
	v.T.Helper()
	found := map[string]table.Item{}
	for _, item := range v.Items(v.Store.Names.Customers) {
		found[table.String(item, table.AttrPK)+" "+table.String(item, table.AttrSK)] = item
	}
	return found
}

// texts are those within an attribute.
func texts(v types.AttributeValue) (all []string) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return []string{v.Value}
	case *types.AttributeValueMemberM:
		for _, inner := range v.Value {
			all = append(all, texts(inner)...)
		}
	case *types.AttributeValueMemberL:
		for _, inner := range v.Value {
			all = append(all, texts(inner)...)
		}
	}
	return all
}
