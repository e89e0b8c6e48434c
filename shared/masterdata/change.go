package masterdata

import "kundenkonto/shared/merge"

// Change is one field before and after, bank data masked: the form in which changes are audited and mailed (S20).
type Change struct {
	Field    merge.Field
	Old, New string
}

// Changes are the changed fields from before to after, in the order of the form.
func Changes(before, after Data, changed []merge.Field) []Change {
	var list []Change
	for _, f := range changed {
		list = append(list, Change{f, merge.MaskBank(f, before.Get(f)), merge.MaskBank(f, after.Get(f))})
	}
	return list
}

// Prefixes of the names under which an outbox item holds changes.
const (
	oldPrefix = "old."
	newPrefix = "new."
)

// Values are changes as an outbox item holds them: "old.street", "new.street" and so on.
func Values(changes []Change) map[string]string {
	values := map[string]string{}
	for _, c := range changes {
		values[oldPrefix+string(c.Field)], values[newPrefix+string(c.Field)] = c.Old, c.New
	}
	return values
}

// ParseValues reads the changes out of an outbox item, in the order of the form.
func ParseValues(values map[string]string) []Change {
	var list []Change
	for _, f := range Fields {
		if v, ok := values[newPrefix+string(f)]; ok {
			list = append(list, Change{f, values[oldPrefix+string(f)], v})
		}
	}
	return list
}

// Sides splits changes into the values before and after, as an audit event holds them.
func Sides(changes []Change) (before, after map[string]string) {
	before, after = map[string]string{}, map[string]string{}
	for _, c := range changes {
		before[string(c.Field)], after[string(c.Field)] = c.Old, c.New
	}
	return before, after
}
