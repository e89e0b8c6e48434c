package merge

import "strings"

// Speller tells in which forms a value may be written and still mean the same. shared/spelling implements it.
type Speller interface {
	// Forms returns the value's normal forms from the closest to the coarsest, each made from the one before, so that two values
	// that share a form share all later ones. The number and order of forms depends on the field and country only. Two values mean the same when
	// they share the last form; the first one they share tells the reason. A value without meaning has an empty last form.
	Forms(f Field, value, country string) []Form
}

// Form is a value in one normal form and the reason that two values have when this is the first form they share.
type Form struct {
	Reason ReasonCode
	Text   string
}

// Verdict says whether two values mean the same.
type Verdict string

// The verdicts of a row.
const (
	Equal         Verdict = "equal"
	EqualSpelling Verdict = "equal_spelling"
	Different     Verdict = "different"
)

// Row is the comparison of one field. Own is in full; Other is masked already (MaskOther), the verdict was reached on full values.
type Row struct {
	Field   Field      `json:"field"`
	Group   Group      `json:"group,omitempty"`
	Own     string     `json:"own"`
	Other   string     `json:"other"`
	Verdict Verdict    `json:"verdict"`
	Reason  ReasonCode `json:"reason"`
}

// Differs reports whether the row has to be marked.
func (r Row) Differs() bool { return r.Verdict == Different }

// Comparison is the outcome of comparing the own number's data with the other's.
type Comparison struct {
	Rows       []Row   `json:"rows"`
	Names      []Row   `json:"names"`     // company, first and last name; in full, since they have to be equal
	SameNames  bool    `json:"sameNames"` // false blocks the merge
	Selectable []Group `json:"selectable"`
	Incomplete []Group `json:"incomplete"` // that differ, and of which the other number has a part only
}

// Compare compares two records. The eight fields always have a row; IBAN and BIC only when one of the sides has a value.
// It never fails, whatever the values hold, and Compare(a, b) has the same verdicts as Compare(b, a).
func Compare(sp Speller, own, other Record) Comparison {
	var c Comparison
	writtenOwn, writtenOther := own, other
	own, other = meaningful(sp, own), meaningful(sp, other)
	for _, f := range compared {
		if (f == IBAN || f == BIC) && own.Get(f) == "" && other.Get(f) == "" {
			continue
		}
		row := compareField(sp, f, own, other)
		row.Group, row.Own, row.Other = GroupOf(f), writtenOwn.Get(f), MaskOther(f, writtenOther.Get(f))
		c.Rows = append(c.Rows, row)
	}
	c.Names, c.SameNames = compareNames(sp, own, other)
	for _, g := range c.GroupsDiffering() {
		switch { // what is empty or incomplete is never adopted: it would delete the own values
		case other.Complete(g):
			c.Selectable = append(c.Selectable, g)
		case other.Has(g):
			c.Incomplete = append(c.Incomplete, g)
		}
	}
	return c
}

// meaningful empties the values that say nothing, such as a phone number "-".
func meaningful(sp Speller, r Record) Record {
	for _, f := range compared {
		if last(sp.Forms(f, r.Get(f), country(r))) == "" {
			*r.at(f) = ""
		}
	}
	return r
}

// Identical reports whether no row differs: the customer only has to go on ("Weiter").
func (c Comparison) Identical() bool { return len(c.GroupsDiffering()) == 0 }

// GroupsDiffering returns the groups with at least one differing row, in the order of the page.
func (c Comparison) GroupsDiffering() []Group {
	var differ []Group
	for _, g := range Groups() {
		for _, r := range c.Rows {
			if r.Group == g && r.Differs() {
				differ = append(differ, g)
				break
			}
		}
	}
	return differ
}

func compareField(sp Speller, f Field, own, other Record) Row {
	switch f {
	case AccountNumber, BankCode:
		return compareAccount(sp, f, own, other)
	case IBAN:
		return compareIBAN(sp, own, other)
	case BIC:
		return compareBIC(sp, own, other)
	}
	row := compareValues(sp, f, own, other)
	if f == PostalCode && row.Verdict != Different && country(own) != country(other) && (own.Has(Address) || other.Has(Address)) {
		row.Verdict, row.Reason = Different, ReasonOtherCountry
	}
	return row
}

// compareValues compares one field of both sides by its forms.
func compareValues(sp Speller, f Field, own, other Record) Row {
	reason, equal := meet(sp, f, own, other)
	return judged(f, reason, equal)
}

func judged(f Field, reason ReasonCode, equal bool) Row {
	row := Row{Field: f, Verdict: Different, Reason: reason}
	if equal {
		row.Verdict = EqualSpelling
		if reason == ReasonIdentical || reason == ReasonEmpty {
			row.Verdict = Equal
		}
	}
	return row
}

func meet(sp Speller, f Field, own, other Record) (ReasonCode, bool) {
	a, b := own.Get(f), other.Get(f)
	formsA, formsB := sp.Forms(f, a, country(own)), sp.Forms(f, b, country(other))
	emptyA, emptyB := last(formsA) == "", last(formsB) == ""
	switch {
	case emptyA && emptyB:
		return ReasonEmpty, true
	case a == b && country(own) == country(other):
		return ReasonIdentical, true
	case emptyA:
		return ReasonOnlyOther, false
	case emptyB:
		return ReasonOnlyOwn, false
	case last(formsA) != last(formsB):
		return ReasonDifferent, false
	case a == b:
		return ReasonIdentical, true
	}
	for i := range min(len(formsA), len(formsB)) {
		if formsA[i].Text == formsB[i].Text {
			return formsA[i].Reason, true
		}
	}
	return formsA[len(formsA)-1].Reason, true // both sides ended in the same form by ways of different length
}

func last(forms []Form) string {
	if len(forms) == 0 {
		return ""
	}
	return forms[len(forms)-1].Text
}

func country(r Record) string {
	if c := strings.ToUpper(strings.TrimSpace(r.Country)); c != "" {
		return c
	}
	return "DE"
}

// compareNames compares company, first and last name. Swapped first and last names mean the same person.
func compareNames(sp Speller, own, other Record) (rows []Row, same bool) {
	same = true
	for _, f := range names {
		row := compareValues(sp, f, own, other)
		row.Own, row.Other = own.Get(f), other.Get(f)
		rows = append(rows, row)
		same = same && !row.Differs()
	}
	if same || rows[0].Differs() || !fullyNamed(sp, own) || !fullyNamed(sp, other) {
		return rows, same
	}
	turned := other
	turned.FirstName, turned.LastName = other.LastName, other.FirstName
	for _, f := range names[1:] {
		if compareValues(sp, f, own, turned).Differs() {
			return rows, false
		}
	}
	for i := range rows[1:] {
		rows[i+1].Verdict, rows[i+1].Reason = EqualSpelling, ReasonNameOrder
	}
	return rows, true
}

// fullyNamed reports a record with a first and a last name: only these can be swapped.
func fullyNamed(sp Speller, r Record) bool {
	return last(sp.Forms(FirstName, r.FirstName, country(r))) != "" && last(sp.Forms(LastName, r.LastName, country(r))) != ""
}
