package masterdata

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// FirstCountries are those of most customers: they stand on top of a list.
var FirstCountries = []string{"DE", "AT", "CH"}

// postal says how a postal code of a country is written.
type postal struct {
	digits     int
	prefixes   []string
	digitsOnly lang.Text // what is said of one with something else in it
	inCountry  lang.Text
}

var postals = map[string]postal{
	"DE": {5, []string{"DE", "D"}, lang.T("Eine deutsche Postleitzahl besteht nur aus Ziffern."), lang.T("in Deutschland")},
	"AT": {4, []string{"AT", "A"}, lang.T("Eine österreichische Postleitzahl besteht nur aus Ziffern."), lang.T("in Österreich")},
	"CH": {4, []string{"CH"}, lang.T("Eine Schweizer Postleitzahl besteht nur aus Ziffern."), lang.T("in der Schweiz")},
	"LI": {4, []string{"LI", "FL"}, lang.T("Eine Liechtensteiner Postleitzahl besteht nur aus Ziffern."), lang.T("in Liechtenstein")},
}

// otherPostalCode is what all the other countries' postal codes look like: three to ten characters, groups of letters and
// digits parted by a blank or a hyphen (UPU standard S-42), with a digit somewhere.
var otherPostalCode = regexp.MustCompile(`^[A-Z0-9]+([ -][A-Z0-9]+)*$`)

// noPostalCodes are countries and territories where letters go without (Universal Postal Union).
var noPostalCodes = strings.Fields(`AE AG AO AW BF BI BJ BO BS BV BW BZ CD CF CG CI CK CM DJ DM ER FJ GD GH GM GQ GY HK KI KM KN KP LY
	ML MO MR NR NU QA RW SB SC SL SR ST SY TD TF TG TK TL TO TV UG VU WS YE ZW`)

func validElsewhere(v string) bool {
	return len(v) >= 3 && len(v) <= 10 && otherPostalCode.MatchString(v) && strings.ContainsAny(v, "0123456789")
}

func cleanPostalCode(v, country string) string {
	v = strings.ToUpper(v)
	of, known := postals[clean(merge.Country, country, "")]
	if !known {
		return v
	}
	bare := strings.ReplaceAll(v, " ", "")
	for _, prefix := range of.prefixes {
		if rest, ok := strings.CutPrefix(bare, prefix); ok && isDigits(strings.TrimPrefix(rest, "-")) { // D-10115, D 10115
			return strings.TrimPrefix(rest, "-")
		}
	}
	return bare
}

func (p *problems) postalCode(v, country string) {
	of, known := postals[country]
	switch {
	case v == "" && slices.Contains(noPostalCodes, country):
	case v == "":
		p.add(merge.PostalCode, required, lang.T("Geben Sie die Postleitzahl an."))
	case !known && !validElsewhere(v):
		p.add(merge.PostalCode, "postal_code_form", lang.T("Eine Postleitzahl besteht aus Ziffern und manchmal Buchstaben: mindestens drei, höchstens zehn Stellen."))
	case !known:
	case !isDigits(v):
		p.add(merge.PostalCode, "postal_code_form",
			of.digitsOnly)
	case len(v) != of.digits:
		p.add(merge.PostalCode, "postal_code_length",
			lang.T("Diese Postleitzahl hat %s, %s sind es %s.", digits(len(v)), of.inCountry, count(of.digits)))
	case v[0] == '0' && (of.digits == 4 || v[1] == '0'):
		p.add(merge.PostalCode, "postal_code_unknown",
			lang.T("Diese Postleitzahl gibt es %s nicht.", of.inCountry))
	}
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// numbers are those that are written as words.
var numbers = []lang.Text{
	lang.T("null|Zahl"), lang.T("eine|Zahl"), lang.T("zwei|Zahl"), lang.T("drei|Zahl"), lang.T("vier|Zahl"), lang.T("fünf|Zahl"),
	lang.T("sechs|Zahl"), lang.T("sieben|Zahl"), lang.T("acht|Zahl"), lang.T("neun|Zahl"), lang.T("zehn|Zahl"),
}

// count says a number, a small one as a word.
func count(n int) lang.Text {
	if n < len(numbers) {
		return numbers[n]
	}
	return lang.Raw(strconv.Itoa(n))
}

// digits says how many digits something has.
func digits(n int) lang.Text {
	if n == 1 {
		return lang.T("eine Ziffer")
	}
	return lang.T("%s Ziffern", count(n))
}
