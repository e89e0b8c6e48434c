package spelling

import (
	"slices"
	"strings"
)

// cityAbbreviations are written out; the one-letter ones only after the town they belong to, since Frankfurt a. M. and Frankfurt (Oder) are two towns.
var (
	cityAbbreviations = map[string]string{"st": "sankt", "rh": "rhein", "westf": "westfalen", "opf": "oberpfalz", "oberpf": "oberpfalz",
		"obb": "oberbayern", "wuertt": "wuerttemberg", "sachs": "sachsen", "thuer": "thueringen", "weinstr": "weinstrasse", "hess": "hessen"}
	cityLetters = map[string]string{"frankfurt m": "main", "frankfurt o": "oder", "rothenburg t": "tauber", "halle s": "saale", "neuburg d": "donau",
		"ludwigshafen r": "rhein", "offenbach m": "main", "freiburg b": "breisgau", "freiburg br": "breisgau", "freiburg brsg": "breisgau", "bad homburg h": "hoehe", "mergentheim t": "tauber", "marburg l": "lahn", "limburg l": "lahn"}
	cityConnectors = []string{"am", "an", "der", "dem", "den", "im", "in", "bei", "ob", "vor", "a", "d", "i", "b", "v"}
)

// cityWords writes abbreviations out and leaves the words between town and river or region away: Frankfurt a. M. = Frankfurt am Main = Frankfurt/Main.
func cityWords(v, _ string) string {
	return settle(v, func(v string) string {
		in := fields(v)
		var out []string
		for i, w := range in {
			if full, ok := cityAbbreviations[w]; ok {
				w = full
			}
			lastWord := i == len(in)-1
			if lastWord {
				if full, ok := cityLetters[strings.Join(append(out, w), " ")]; ok {
					w = full
				}
			}
			between := len(out) > 0 && !lastWord
			if between && (slices.Contains(cityConnectors, w) || w == "o" && in[i+1] == "d") {
				continue
			}
			out = append(out, w)
		}
		return strings.Join(out, " ")
	})
}

// cityDistrict cuts a district that says it is one (Berlin OT Mitte). Berlin-Mitte stays: without a list of towns nobody can tell it from Garmisch-Partenkirchen.
func cityDistrict(v, _ string) string {
	words := strings.Fields(v)
	for i, w := range words {
		if i > 0 && i < len(words)-1 && (w == "ot" || w == "ortsteil" || w == "stadtteil") {
			return strings.Join(words[:i], " ")
		}
	}
	return v
}

// postalPrefix takes off blanks and the country's letters before the digits (D-10115, D 10115).
func postalPrefix(v, _ string) string {
	v = strings.ToUpper(clean(strings.ReplaceAll(v, " ", ""))) // marks of what stood apart may compose anew
	for _, prefix := range []string{"DE-", "D-", "AT-", "A-", "CH-", "LI-", "FL-", "DE", "D", "AT", "A", "CH", "LI", "FL"} {
		if rest := strings.TrimPrefix(v, prefix); rest != v && number(rest) {
			return rest
		}
	}
	return v
}

// germanPostalDigits is the length of a German postal code. Spreadsheets drop the leading zero of Dresden's 01067.
const germanPostalDigits = 5

func postalZero(v, country string) string {
	if country != "DE" || len(v) != germanPostalDigits-1 {
		return v
	}
	for _, c := range v {
		if c < '0' || c > '9' {
			return v
		}
	}
	return "0" + v
}
