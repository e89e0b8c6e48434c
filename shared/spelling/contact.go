package spelling

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// phoneWords stand beside numbers and mean nothing for dialling; a German extension is dialled straight after the number.
var phoneWords = []string{"tel", "telefon", "fon", "phone", "mobil", "handy", "mobile", "fax", "privat", "dw", "durchwahl", "ext", "app", "apparat"}

// dialled keeps what is dialled: digits, a plus at the start and the letters of a number like 0800 HOSTING.
func dialled(v, _ string) string {
	return settle(v, func(v string) string {
		var b strings.Builder
		for _, w := range phoneTokens(v) {
			if !slices.Contains(phoneWords, strings.ToLower(w)) {
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
	for _, w := range fields(v) {
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

// emailDomain writes the part after the last @ in small ASCII letters, as DNS compares it (RFC 4343, IDNA).
func emailDomain(v, _ string) string {
	at := strings.LastIndexByte(v, '@')
	if at < 0 {
		return v
	}
	domain := strings.ToLower(strings.TrimSpace(strings.TrimRight(v[at+1:], ". ")))
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		domain = ascii
	}
	return strings.TrimSpace(v[:at]) + "@" + domain
}
