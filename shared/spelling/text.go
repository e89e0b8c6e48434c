package spelling

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"kundenkonto/shared/merge"
)

// The steps that every written text goes through first.
var (
	spacing    = step{merge.ReasonSpacing, func(v, _ string) string { return clean(v) }}
	letterCase = step{merge.ReasonCase, func(v, _ string) string { return strings.Map(unicode.ToLower, v) }}
	umlauts    = step{merge.ReasonUmlaut, func(v, _ string) string { return plainLetters(v) }}
)

// clean composes (NFC), drops invisible characters, makes every white space one blank and every dash a hyphen.
func clean(v string) string {
	v = norm.NFC.String(strings.ToValidUTF8(v, "\uFFFD"))
	v = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
			return -1
		case unicode.Is(unicode.Pd, r) || r == '\u2212':
			return '-'
		case r == '’' || r == '‘' || r == '´' || r == '`':
			return '\''
		}
		return r
	}, v)
	return norm.NFC.String(strings.Join(strings.Fields(v), " "))
}

// germanLetters are the letters that German writers replace by two, and foreign ones that no mark can be taken off. ü is ue and never u: Müller is Mueller, not Muller.
var germanLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "oe", "œ", "oe", "å", "aa", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// plainLetters writes umlauts and ß as two letters and takes accents off all other letters.
func plainLetters(v string) string {
	return settle(v, func(v string) string {
		v = germanLetters.Replace(norm.NFC.String(v))
		v = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, norm.NFD.String(cases.Fold().String(v)))
		return clean(strings.Map(unicode.ToLower, v))
	})
}

// settle applies f until nothing changes, so that normalising twice never differs from normalising once. Real values need one or two rounds.
func settle(v string, f func(string) string) string {
	for range 8 {
		next := f(v)
		if next == v {
			break
		}
		v = next
	}
	return v
}

func upper(v, _ string) string { return settle(v, strings.ToUpper) }

// compact keeps letters and digits only.
func compact(v, _ string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, v)
}

// fields splits at everything that is neither letter nor number.
func fields(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

func number(word string) bool {
	for _, r := range word {
		return unicode.IsNumber(r)
	}
	return false
}
