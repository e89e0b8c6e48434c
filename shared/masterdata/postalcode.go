package masterdata

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kundenkonto/shared/merge"
)

// FirstCountries are those of most customers: they stand on top of a list.
var FirstCountries = []string{"DE", "AT", "CH"}

// postal says how a postal code of a country is written.
type postal struct {
	digits             int
	prefixes           []string
	country, inCountry merge.Words
}

var postals = map[string]postal{
	"DE": {5, []string{"DE", "D"}, merge.Words{DE: "deutsche", EN: "German"}, merge.Words{DE: "in Deutschland", EN: "in Germany"}},
	"AT": {4, []string{"AT", "A"}, merge.Words{DE: "österreichische", EN: "Austrian"}, merge.Words{DE: "in Österreich", EN: "in Austria"}},
	"CH": {4, []string{"CH"}, merge.Words{DE: "Schweizer", EN: "Swiss"}, merge.Words{DE: "in der Schweiz", EN: "in Switzerland"}},
	"LI": {4, []string{"LI", "FL"}, merge.Words{DE: "Liechtensteiner", EN: "Liechtenstein"}, merge.Words{DE: "in Liechtenstein", EN: "in Liechtenstein"}},
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
		p.add(merge.PostalCode, required, "Geben Sie die Postleitzahl an.", "Enter the postal code.")
	case !known && !validElsewhere(v):
		p.add(merge.PostalCode, "postal_code_form", "Eine Postleitzahl besteht aus Ziffern und manchmal Buchstaben: mindestens drei, höchstens zehn Stellen.",
			"A postal code consists of digits, sometimes with letters: three characters at least, ten at most.")
	case !known:
	case !isDigits(v):
		p.add(merge.PostalCode, "postal_code_form",
			fmt.Sprintf("Eine %s Postleitzahl besteht nur aus Ziffern.", of.country.DE),
			fmt.Sprintf("%s postal code consists of digits only.", article(of.country.EN)))
	case len(v) != of.digits:
		p.add(merge.PostalCode, "postal_code_length",
			fmt.Sprintf("Diese Postleitzahl hat %s, %s sind es %s.", digitsDE(len(v)), of.inCountry.DE, countDE(of.digits)),
			fmt.Sprintf("This postal code has %s; %s it has %s.", digitsEN(len(v)), of.inCountry.EN, countEN(of.digits)))
	case v[0] == '0' && (of.digits == 4 || v[1] == '0'):
		p.add(merge.PostalCode, "postal_code_unknown",
			fmt.Sprintf("Diese Postleitzahl gibt es %s nicht.", of.inCountry.DE),
			fmt.Sprintf("There is no such postal code %s.", of.inCountry.EN))
	}
}

func article(word string) string {
	if strings.ContainsRune("AEIOU", rune(word[0])) {
		return "An " + word
	}
	return "A " + word
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

var (
	numbersDE = []string{"null", "eine", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"}
	numbersEN = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
)

func countDE(n int) string { return spell(n, numbersDE) }
func countEN(n int) string { return spell(n, numbersEN) }

func digitsDE(n int) string {
	if n == 1 {
		return "eine Ziffer"
	}
	return countDE(n) + " Ziffern"
}

func digitsEN(n int) string {
	if n == 1 {
		return "one digit"
	}
	return countEN(n) + " digits"
}

func spell(n int, words []string) string {
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}
