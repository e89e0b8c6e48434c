package spelling

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
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

// e164 returns the number in international form (ITU-T E.164), or what is dialled when it is none that the library understands.
func e164(v, country string) string {
	if v == "" {
		return ""
	}
	n, err := phonenumbers.Parse(v, country)
	if err != nil {
		return v
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

// Phone returns a phone number as E.164, reading national numbers as ones of the country (ISO 3166); ok is false when it is no possible number.
func Phone(v, country string) (number string, ok bool) {
	if country == "" {
		country = "DE"
	}
	n, err := phonenumbers.Parse(dialled(clean(v), country), country)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
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
