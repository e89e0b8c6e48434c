package spelling

import "strings"

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
