package masterdata

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kundenkonto/shared/merge"
)

// Problem is what is wrong with one field: a stable code and a sentence that says what to do.
type Problem struct {
	Field merge.Field
	Code  string
	Words merge.Words
}

// maxText is the longest address line, in characters; those of a letter are shorter.
const maxText = 100

// Check says what is wrong with the groups that changed, in the order of the form. A group that nobody touched is left alone: odd data of long ago
// must not keep a customer from changing a phone number. dialled reads phone numbers, as spelling.Phone does.
func Check(d Data, changed []merge.Field, dialled Dialled) []Problem {
	if d.Country == "" {
		d.Country = DefaultCountry // stored before countries were asked for
	}
	var p problems
	if touches(changed, merge.Address) {
		p.address(d)
	}
	// A number without its country's code means another one after a move.
	moved := slices.Contains(changed, merge.Country) && slices.Contains(Countries, d.Country)
	for _, f := range []merge.Field{merge.Phone, merge.Mobile} {
		if slices.Contains(changed, f) || moved {
			p.phone(f, d.Get(f), d.Country, dialled)
		}
	}
	if touches(changed, merge.BankGroup) {
		p.bank(d)
	}
	slices.SortStableFunc(p, func(a, b Problem) int { return slices.Index(Fields, a.Field) - slices.Index(Fields, b.Field) })
	return p
}

type problems []Problem

func (p *problems) add(f merge.Field, code, de, en string) {
	*p = append(*p, Problem{f, code, merge.Words{DE: de, EN: en}})
}

func (p *problems) address(d Data) {
	switch {
	case d.Street == "":
		p.add(merge.Street, "required", "Geben Sie Straße und Hausnummer an.", "Enter street and house number.")
	case !strings.ContainsFunc(d.Street, unicode.IsLetter):
		p.add(merge.Street, "street_form", "In dieser Straße fehlt der Name, zum Beispiel Hauptstraße 5.",
			"The name of the street is missing, for example Hauptstraße 5.")
	}
	switch {
	case d.City == "":
		p.add(merge.City, "required", "Geben Sie den Ort an.", "Enter the town.")
	case !strings.ContainsFunc(d.City, unicode.IsLetter):
		p.add(merge.City, "city_form", "Ein Ort hat einen Namen aus Buchstaben, zum Beispiel Berlin.",
			"A town has a name of letters, for example Berlin.")
	}
	for _, f := range []merge.Field{merge.Street, merge.City} {
		if utf8.RuneCountInString(d.Get(f)) > maxText {
			p.add(f, "too_long", fmt.Sprintf("Diese Angabe ist zu lang. Höchstens %d Zeichen passen auf einen Brief.", maxText),
				fmt.Sprintf("This is too long. At most %d characters fit on a letter.", maxText))
		}
	}
	if !slices.Contains(Countries, d.Country) {
		p.add(merge.Country, "unknown_country", "Wählen Sie ein Land aus der Liste.", "Choose a country from the list.")
		return
	}
	p.postalCode(d.PostalCode, d.Country)
}
