package merge

import (
	"slices"
	"strings"
)

// Outcome is the result of a merge in words' raw material: what a page or a mail needs to say what will hold, what is debited, what stays and what lapses.
// Values that come from another number are masked, the own ones are in full but for the bank account.
type Outcome struct {
	Survivor string          `json:"survivor"`
	Ending   []string        `json:"ending"` // the source numbers, which point to the survivor afterwards
	Holds    []OutcomeValue  `json:"holds"`
	Debit    string          `json:"debit"` // account debited from then on, masked to its last digits; empty when there is none
	Lapses   []OutcomeLapsed `json:"lapses"`
}

// OutcomeValue is what will hold for one group, and which number it comes from.
type OutcomeValue struct {
	Group  Group    `json:"group"`
	Values []string `json:"values"`
	From   string   `json:"from"`
	Other  bool     `json:"other"` // true when it comes from another number than the survivor
}

// OutcomeLapsed names the groups of a number whose values differ from what will hold and are no longer used.
type OutcomeLapsed struct {
	Number string  `json:"customerNumber"`
	Groups []Group `json:"groups"`
}

// Describe returns the outcome of the choices made so far.
func Describe(sp Speller, own Record, sources []Source) Outcome {
	result := Result(own, sources)
	out := Outcome{Survivor: own.Number, Debit: debit(result)}
	for _, g := range Groups() {
		out.Holds = append(out.Holds, holdsFor(g, own, sources))
	}
	out.lapse(sp, result, own)
	for _, s := range sources {
		out.Ending = append(out.Ending, s.Record.Number)
		out.lapse(sp, result, s.Record)
	}
	return out
}

func holdsFor(g Group, own Record, sources []Source) OutcomeValue {
	v := OutcomeValue{Group: g, From: own.Number}
	from := own
	if i := Supplier(sources, g); i >= 0 {
		from = sources[i].Record
		v.From, v.Other = from.Number, true
	}
	if g == Address {
		v.Values = addressLines(from)
		return v
	}
	for _, f := range g.Fields() {
		value := from.Get(f)
		if v.Other || g == BankGroup {
			value = MaskOther(f, value)
		}
		if value != "" {
			v.Values = append(v.Values, value)
		}
	}
	return v
}

// addressLines are the lines of an address as on a letter; the country (its code) stands only when it is not Germany.
func addressLines(r Record) []string {
	lines := []string{r.Street, strings.TrimSpace(r.PostalCode + " " + r.City)}
	if c := country(r); c != "DE" && r.Has(Address) {
		lines = append(lines, c)
	}
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

// lapse notes the groups of the record that are given, differ from the result and therefore lapse.
func (o *Outcome) lapse(sp Speller, result, r Record) {
	var groups []Group
	for _, g := range Compare(sp, result, r).GroupsDiffering() {
		if r.Has(g) {
			groups = append(groups, g)
		}
	}
	if len(groups) > 0 {
		o.Lapses = append(o.Lapses, OutcomeLapsed{Number: r.Number, Groups: groups})
	}
}

func debit(r Record) string {
	if r.IBAN != "" {
		return MaskOther(IBAN, r.IBAN)
	}
	return MaskOther(AccountNumber, r.AccountNumber)
}
