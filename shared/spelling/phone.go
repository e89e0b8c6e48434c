package spelling

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// dialled keeps what is dialled: digits, a plus at the start and the letters of a number like 0800 HOSTING. An extension is dialled straight after its number.
func dialled(v, _ string) string {
	return settle(v, func(v string) string {
		var b strings.Builder
		for _, w := range phoneTokens(v) {
			if !phoneWords()[folded(w)] {
				b.WriteString(w)
			}
		}
		out := b.String()
		if plus := strings.IndexByte(v, '+'); plus >= 0 && !strings.ContainsFunc(v[:plus], unicode.IsNumber) && out != "" {
			out = "+" + out
		}
		return strings.ToUpper(out)
	})
}

// phoneTokens cuts into runs of letters and runs of numbers.
func phoneTokens(v string) []string {
	var tokens []string
	for _, w := range strings.FieldsFunc(v, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }) {
		for w != "" {
			first := number(w)
			end := strings.IndexFunc(w, func(r rune) bool { return unicode.IsNumber(r) != first })
			if end < 0 {
				end = len(w)
			}
			tokens, w = append(tokens, w[:end]), w[end:]
		}
	}
	return tokens
}

// phoneWords stand beside numbers and are not dialled.
var phoneWords = rules("phones.tsv", func(rows [][]string) map[string]bool {
	words := map[string]bool{}
	for _, row := range rows {
		words[folded(row[1])] = true
	}
	return words
})

// e164 returns what is dialled in international form (ITU-T E.164), or as it is when it is no number that the library understands. What the library reads in
// another way the next time (000787) is none either.
func e164(dialled, country string) string {
	written, ok := international(dialled, country)
	if again, same := international(written, country); !ok || !same || again != written {
		return dialled
	}
	return written
}

// shortest is the least number of digits, area code included, of a number that is read as one of the whole country though neither + nor 0 stands in front of it.
// Shorter ones are numbers within a town or of a service, such as 110.
const shortest = 9

func international(dialled, country string) (string, bool) {
	if dialled == "" {
		return "", false
	}
	n, err := phonenumbers.Parse(withPlus(dialled, country), country)
	if err != nil || n.GetExtension() != "" { // the library leaves an extension away that it knows by a word which we don't
		return "", false
	}
	trunk := phonenumbers.GetNddPrefixForRegion(country, true)
	if trunk != "" && !strings.HasPrefix(dialled, "+") && !strings.HasPrefix(dialled, trunk) && len(dialled) < shortest {
		return "", false
	}
	written := phonenumbers.Format(n, phonenumbers.E164)
	if code := "+" + strconv.Itoa(int(n.GetCountryCode())); trunk == "0" && strings.HasPrefix(written, code+trunk) { // too long with its extension for the library to know it
		written = code + strings.TrimPrefix(written, code+trunk)
	}
	return written, true
}

// withPlus puts the plus in front of a number that begins with the country's code and lacks only it: 49 171 1234567. In countries whose numbers have no 0 in front,
// the code could be a part of the number itself; there it counts only when the number would be none without it.
func withPlus(dialled, country string) string {
	code := phonenumbers.GetCountryCodeForRegion(country)
	trunk := phonenumbers.GetNddPrefixForRegion(country, true)
	if code == 0 || !strings.HasPrefix(dialled, strconv.Itoa(code)) || trunk != "" && strings.HasPrefix(dialled, trunk) {
		return dialled
	}
	if n, err := phonenumbers.Parse(dialled, country); trunk == "" && err == nil && phonenumbers.IsValidNumber(n) {
		return dialled
	}
	if n, err := phonenumbers.Parse("+"+dialled, country); err == nil && phonenumbers.IsValidNumber(n) {
		return "+" + dialled
	}
	return dialled
}

// Phone reads a number as it is written in a country (ISO 3166, empty means DE) and returns it as E.164 (ITU-T); ok is false when there can be no number
// of that length.
func Phone(number, country string) (written string, ok bool) {
	n, err := phonenumbers.Parse(number, countryOf(country))
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}
