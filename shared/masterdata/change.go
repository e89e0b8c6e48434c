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

// Sides splits changes into the values before and after, as an audit event holds them.
func Sides(changes []Change) (before, after map[string]string) {
	before, after = map[string]string{}, map[string]string{}
	for _, c := range changes {
		before[string(c.Field)], after[string(c.Field)] = c.Old, c.New
	}
	return before, after
}
