package table

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Change collects an update expression. Values may hold those of a condition, too.
type Change struct {
	Names  map[string]string
	Values Item

	sets, removes []string
}

// NewChange begins a change beside the values of a condition.
func NewChange(condition Item) *Change {
	return &Change{Names: map[string]string{}, Values: With(condition, nil)}
}

// Set gives the attribute a value; nil removes it.
func (c *Change) Set(name string, value types.AttributeValue) {
	alias := fmt.Sprintf("#a%d", len(c.Names))
	c.Names[alias] = name
	if value == nil {
		c.removes = append(c.removes, alias)
		return
	}
	holder := fmt.Sprintf(":v%d", len(c.Values))
	c.Values[holder] = value
	c.sets = append(c.sets, alias+" = "+holder)
}

// Empty says that nothing was set.
func (c *Change) Empty() bool { return len(c.sets)+len(c.removes) == 0 }

// Expression is the update expression.
func (c *Change) Expression() string {
	var parts []string
	if len(c.sets) > 0 {
		parts = append(parts, "SET "+strings.Join(c.sets, ", "))
	}
	if len(c.removes) > 0 {
		parts = append(parts, "REMOVE "+strings.Join(c.removes, ", "))
	}
	return strings.Join(parts, " ")
}

// Differing are the names of the attributes that two items have not alike, sorted, so that the same change always makes
// the same request (client tokens compare requests).
func Differing(a, b Item) []string {
	all := With(a, b)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool { return reflect.DeepEqual(a[name], b[name]) })
}
