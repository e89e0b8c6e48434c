// Package typed reads what people type and paste as they mean it. Numbers and codes come from letters, screens and other
// programs with blanks of every kind, dots, dashes that only look like a hyphen, marks nobody sees, and in the digits of
// another script.
package typed

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Plain is a number or code without what people put between its characters: blanks, dots, commas, colons, slashes,
// hyphens and all that looks like one, and what is not to be seen. Digits are 0 to 9 and letters those of ASCII,
// where they were typed in full width or in another script's digits.
func Plain(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if gap(r) || unseen(r) || unicode.IsSpace(r) {
			return -1
		}
		return digit(r)
	}, norm.NFKC.String(strings.ToValidUTF8(s, "\ufffd"))))
}

// Name is a name of a thing, such as a domain or the id of a package, without what is not to be seen and blanks around it,
// each dash as a hyphen, and full width as ordinary characters.
func Name(s string) string {
	return strings.TrimSpace(norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case unseen(r):
			return -1
		case dash(r):
			return '-'
		}
		return digit(r)
	}, norm.NFKC.String(strings.ToValidUTF8(s, "\ufffd")))))
}

// domains maps as browsers do (ß stays a letter of its own) and refuses labels that DNS cannot hold.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// Domain is a domain name in lower-case ASCII (IDNA), as DNS and other programs know it; an error if it cannot be one.
func Domain(s string) (string, error) {
	ascii, err := domains.ToASCII(s)
	return strings.ToLower(ascii), err //nolint:wrapcheck // callers say what it was about
}

// gap is what stands between the characters of a number or code and is none of them.
func gap(r rune) bool { return dash(r) || strings.ContainsRune(".,:;/\\_'’`´·•|", r) }

// dash is a hyphen or looks like one. The minus sign is a mathematical symbol, the hyphen bullet a mark of its own.
func dash(r rune) bool { return unicode.Is(unicode.Pd, r) || r == '\u2212' || r == '\u2043' }

// unseen are format characters (zero-width blanks, soft hyphens, marks of the writing direction) and control characters.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && !unicode.IsSpace(r)
}

// digit reads a decimal digit of any script as one of 0 to 9; other characters stay. Unicode has each script's ten in a row,
// beginning with zero (The Unicode Standard, 4.6).
func digit(r rune) rune {
	if r < unicode.MaxASCII || !unicode.Is(unicode.Nd, r) {
		return r
	}
	if r <= 0xffff {
		i := slices.IndexFunc(unicode.Nd.R16, func(in unicode.Range16) bool { return uint16(r) <= in.Hi })
		return '0' + (r-rune(unicode.Nd.R16[i].Lo))%10
	}
	i := slices.IndexFunc(unicode.Nd.R32, func(in unicode.Range32) bool { return uint32(r) <= in.Hi })
	return '0' + (r-rune(unicode.Nd.R32[i].Lo))%10
}
