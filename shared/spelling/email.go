package spelling

import (
	"strings"

	"golang.org/x/net/idna"
)

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
