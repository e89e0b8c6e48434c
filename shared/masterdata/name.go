package masterdata

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// longestName is the longest company, first or last name, in characters.
const longestName = 200

// CheckName says what is wrong with a company, first or last name; nil for a good one, and for none.
func CheckName(f merge.Field, v string) *Problem {
	var p problems
	switch {
	case v == "":
	case utf8.RuneCountInString(v) > longestName:
		p.add(f, "too_long", lang.T("Dieser Name ist zu lang."))
	case !strings.ContainsFunc(v, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }):
		p.add(f, "name_form", lang.T("In einem Namen steht wenigstens ein Buchstabe oder eine Ziffer."))
	}
	if len(p) == 0 {
		return nil
	}
	return &p[0]
}
