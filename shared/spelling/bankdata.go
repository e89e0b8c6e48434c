package spelling

import "strings"

// leadingZeros takes off leading zeros: banks write account numbers with and without. A number of zeros only keeps one.
func leadingZeros(v, _ string) string {
	trimmed := strings.TrimLeft(v, "0")
	if trimmed == "" && v != "" {
		return "0"
	}
	return trimmed
}

// headOffice takes off the XXX that a BIC of eleven characters has for the head office (ISO 9362).
func headOffice(v, _ string) string {
	const long = 11
	if len(v) == long {
		return strings.TrimSuffix(v, "XXX")
	}
	return v
}

// withoutLabel takes off the word in front that many copy along: IBAN: DE89 3704 …
func withoutLabel(v, _ string) string {
	if rest := strings.TrimPrefix(v, "IBAN"); len(rest) > 2 && !number(rest) {
		return rest
	}
	return v
}
