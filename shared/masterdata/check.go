package masterdata

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kundenkonto/shared/country"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// Problem is what is wrong with one field: a stable code and a sentence that says what to do.
type Problem struct {
	Field merge.Field
	Code  string
	Words lang.Text
}

// maxText is the longest address line, in characters; those of a letter are shorter.
const maxText = 100

// Check says what is wrong with an entry that changes stored into next, in the order of the form. It looks at the groups that
// changed, and finds nothing wrong that was wrong before in a field that nobody touched: odd data of long ago must not keep a
// customer from changing something else. dialled reads phone numbers, as spelling.Phone does.
func Check(stored, next Data, changed []merge.Field, dialled Dialled) []Problem {
	before := inspect(stored, changed, dialled)
	_, known := country.Of(next.Country)
	return slices.DeleteFunc(inspect(next, changed, dialled), func(p Problem) bool {
		if slices.Contains(changed, p.Field) {
			return false
		}
		wrongBefore := slices.ContainsFunc(before, func(old Problem) bool { return old.Field == p.Field })
		return wrongBefore || !known && merge.GroupOf(p.Field) != merge.Address // a country that is none says nothing about numbers
	})
}

// required is the code of what is missing.
const required = "required"

// Wrong says what is wrong with data that were brought by an import: the same as Check, but they may be incomplete, since an
// operator may not know all of a customer.
func Wrong(d Data, dialled Dialled) []Problem {
	return slices.DeleteFunc(inspect(d, Fields, dialled), func(p Problem) bool { return p.Code == required })
}

// inspect looks at the groups that some fields are of.
func inspect(d Data, fields []merge.Field, dialled Dialled) []Problem {
	if d.Country == "" {
		d.Country = DefaultCountry // stored before countries were asked for
	}
	var p problems
	if touches(fields, merge.Address) {
		p.address(d)
	}
	moved := slices.Contains(fields, merge.Country) // a number without its country's code means another one then
	for _, f := range []merge.Field{merge.Phone, merge.Mobile} {
		if slices.Contains(fields, f) || moved {
			p.phone(f, d.Get(f), d.Country, dialled)
		}
	}
	if touches(fields, merge.BankGroup) {
		p.bank(d)
	}
	slices.SortStableFunc(p, func(a, b Problem) int { return slices.Index(Fields, a.Field) - slices.Index(Fields, b.Field) })
	return p
}

type problems []Problem

func (p *problems) add(f merge.Field, code string, words lang.Text) {
	*p = append(*p, Problem{f, code, words})
}

func (p *problems) address(d Data) {
	switch {
	case d.Street == "":
		p.add(merge.Street, required, lang.T("Geben Sie Straße und Hausnummer an."))
	case !strings.ContainsFunc(d.Street, unicode.IsLetter):
		p.add(merge.Street, "street_form", lang.T("Der Straßenname fehlt, zum Beispiel Hauptstraße 5."))
	}
	switch {
	case d.City == "":
		p.add(merge.City, required, lang.T("Geben Sie den Ort an."))
	case !strings.ContainsFunc(d.City, unicode.IsLetter):
		p.add(merge.City, "city_form", lang.T("Geben Sie den Namen des Ortes an, zum Beispiel Berlin."))
	}
	for _, f := range []merge.Field{merge.Street, merge.City} {
		if utf8.RuneCountInString(d.Get(f)) > maxText {
			p.add(f, "too_long", lang.T("Diese Angabe ist zu lang. Höchstens %d Zeichen passen auf einen Brief.", maxText))
		}
	}
	if _, known := country.Of(d.Country); !known {
		p.add(merge.Country, "unknown_country", lang.T("Wählen Sie ein Land aus der Liste."))
	}
	p.postalCode(d.PostalCode, d.Country)
}
