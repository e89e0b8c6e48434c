package credential

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normal is the one form in which a password is hashed, counted and compared: blanks of every kind are the ordinary
// blank, and letters are composed (NFC), as the profile OpaqueString asks for (RFC 8265, 4.2). A Mac and a telephone send
// "ü" in different bytes, and a keyboard may put a no-break space where another puts a blank; people see one password.
func Normal(password string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, password))
}

// Length is the number of characters of a password as the policy counts them: code points of the normal form (NIST SP
// 800-63B-4, 3.1.1.2).
func Length(password string) int { return utf8.RuneCountInString(Normal(password)) }

// forms are the texts that a stored hash may have been made of: the normal one first, then those of other systems whose
// hashes were imported, which took what the keyboard sent. How many there are depends on what was typed and on nothing
// that is stored, so that the time of a comparison tells nothing (S1). Nearly always there is one.
func forms(password string) []string {
	var all []string
	for _, form := range []string{Normal(password), norm.NFC.String(password), norm.NFD.String(password), password} {
		if !slices.Contains(all, form) {
			all = append(all, form)
		}
	}
	return all
}
