package mail

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestValue bounds one printed value, in runes; a reason of the service team is the longest there is.
const longestValue = 2000

// clean makes a value safe to stand in a line of a mail: one line, no control characters, no marks that turn the
// direction of text (they can make an address look like another one), no block marks of our own.
func clean(v any) string {
	s := fmt.Sprint(v)
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	s = strings.ReplaceAll(oneLine(s), factMark, ": ")
	if r := []rune(s); len(r) > longestValue {
		s = string(r[:longestValue]) + " …"
	}
	return s
}

// oneLine folds all white space into single blanks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
