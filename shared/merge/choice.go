package merge

import (
	"fmt"
	"slices"
)

// Choice says whose values of a group will hold after the merge.
type Choice string

// The two sides of a choice; the own number's values are the default.
const (
	Own   Choice = "own"
	Other Choice = "other"
)

// Choices maps each differing group to the side chosen. A missing group means Own.
type Choices map[Group]Choice

// Of returns the side chosen for a group.
func (c Choices) Of(g Group) Choice {
	if c[g] == Other {
		return Other
	}
	return Own
}

// ParseChoices reads the form values choice.<group>; get returns a form field's value, empty when missing.
func ParseChoices(get func(name string) string) (Choices, error) {
	c := Choices{}
	for _, g := range Groups() {
		switch v := Choice(get("choice." + string(g))); v {
		case Own, Other:
			c[g] = v
		case "":
		default:
			return nil, fmt.Errorf("choice of %s is neither own nor other", g)
		}
	}
	return c, nil
}

// Allowed returns the choices without those the comparison does not offer: equal groups and empty values stay with the own side.
func (c Comparison) Allowed(ch Choices) Choices {
	kept := Choices{}
	for _, g := range c.Selectable {
		kept[g] = ch.Of(g)
	}
	return kept
}

// Source is another number in a draft or an order: its data when they were compared, and what was chosen from them.
type Source struct {
	Record  Record  `json:"record"`
	Choices Choices `json:"choices"`
}

// Replaced tells that a later choice took a group away from an earlier source.
type Replaced struct {
	Group Group  `json:"group"`
	From  string `json:"from"` // customer number that supplied it before
	To    string `json:"to"`
}

// Choose sets the choices of the source with the number and takes the groups it supplies away from all others: at most one source supplies a group, the
// latest choice wins, and the page names what was replaced. The sources given are not changed.
func Choose(sources []Source, number string, ch Choices) ([]Source, []Replaced) {
	out := make([]Source, len(sources))
	var replaced []Replaced
	for i, s := range sources {
		out[i] = Source{Record: s.Record, Choices: Choices{}}
		for g, c := range s.Choices {
			out[i].Choices[g] = c
		}
		if s.Record.Number == number {
			out[i].Choices = ch
			continue
		}
		for _, g := range Groups() {
			if ch.Of(g) == Other && s.Choices.Of(g) == Other {
				out[i].Choices[g] = Own
				replaced = append(replaced, Replaced{Group: g, From: s.Record.Number, To: number})
			}
		}
	}
	return out, replaced
}

// Supplier returns the index of the source that supplies the group, or -1 when the own number does. Should several claim it, the last one counts.
// What was chosen while it was complete, and is no longer, stays with the own number: no choice leaves less than there was.
func Supplier(sources []Source, g Group) int {
	for i, s := range slices.Backward(sources) {
		if s.Choices.Of(g) == Other && s.Record.Complete(g) {
			return i
		}
	}
	return -1
}

// Result returns the data that will hold for the surviving number: its own, with each group that a source supplies put in as a whole.
func Result(own Record, sources []Source) Record {
	result := own
	for _, g := range Groups() {
		if i := Supplier(sources, g); i >= 0 {
			result = result.Taking(g, sources[i].Record)
		}
	}
	return result
}

// Taking returns the record with a group's values from another, all or none of them.
func (r Record) Taking(g Group, from Record) Record {
	for _, f := range g.Fields() {
		*r.at(f) = from.Get(f)
	}
	return r
}

// Adopted returns the groups that come from a source, in the order of the page. Bank and e-mail among them ask for the password again (S7).
func Adopted(sources []Source) []Group {
	var groups []Group
	for _, g := range Groups() {
		if Supplier(sources, g) >= 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// NeedsPassword reports whether submitting takes over e-mail or bank data of another number.
func NeedsPassword(sources []Source) bool {
	return Supplier(sources, EmailGroup) >= 0 || Supplier(sources, BankGroup) >= 0
}
