package spelling

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"kundenkonto/shared/merge"
)

// The steps that every written text goes through first.
var (
	spacing    = step{merge.ReasonSpacing, func(v, _ string) string { return clean(v) }}
	letterCase = step{merge.ReasonCase, func(v, _ string) string { return strings.Map(unicode.ToLower, v) }}
	umlauts    = step{merge.ReasonUmlaut, func(v, _ string) string { return plainLetters(v) }}
)

// apostrophes are the signs that keyboards, telephones and word processors make of an apostrophe: O'Brien.
const apostrophes = "’‘‛´`′ʹʻʼʽˈ＇"

// clean composes (NFC), writes letters of full and half width in the usual one, drops invisible characters and the line that only stretches an Arabic word, makes
// every white space one blank, every dash a hyphen and every apostrophe the same.
func clean(v string) string {
	v = norm.NFC.String(strings.ToValidUTF8(v, "\uFFFD"))
	if !ascii(v) {
		v = norm.NFC.String(width.Fold.String(v))
	}
	v = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case invisible(r):
			return -1
		case unicode.Is(unicode.Pd, r) || r == '\u2212':
			return '-'
		case r > unicode.MaxASCII && strings.ContainsRune(apostrophes, r) || r == '`':
			return '\''
		}
		return r
	}, v)
	return norm.NFC.String(strings.Join(strings.Fields(v), " "))
}

// invisible reports what nobody sees: format and control characters, selectors of a glyph, the Arabic tatweel, and the letters of Hangul and Braille that are blank.
func invisible(r rune) bool {
	switch r {
	case '\u0640', '\u034F', '\u115F', '\u1160', '\u2800', '\u3164', '\uFFA0':
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector) || unicode.IsControl(r)
}

// germanLetters are the letters that German writers replace by two, and foreign ones that no mark can be taken off. ü is ue and never u: Müller is Mueller, not Muller.
var germanLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "oe", "œ", "oe", "å", "aa", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// plainLetters writes umlauts and ß as two letters and takes accents off all other letters.
func plainLetters(v string) string {
	if ascii(v) {
		return strings.ToLower(v)
	}
	return settle(v, func(v string) string {
		v = germanLetters.Replace(norm.NFC.String(v))
		v = withoutAccents(norm.NFD.String(cases.Fold().String(v)))
		return clean(strings.Map(unicode.ToLower, v))
	})
}

// withoutAccents takes the marks off decomposed letters of the scripts that can be written without them. Elsewhere a mark makes another letter: the vowels of Tamil
// and Hindi, the Japanese ga beside ka, the Russian й beside и. Only ё is written е as often.
func withoutAccents(v string) string {
	base := rune(0)
	return strings.Map(func(r rune) rune {
		switch {
		case !unicode.Is(unicode.Mn, r):
			base = r
		case !unicode.IsLetter(base) || unicode.In(base, unicode.Latin, unicode.Greek, unicode.Arabic, unicode.Hebrew) || base == 'е' && r == '\u0308':
			return -1
		}
		return r
	}, v)
}

func ascii(v string) bool {
	for i := range len(v) {
		if v[i] > unicode.MaxASCII {
			return false
		}
	}
	return true
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

// fields splits at everything that is neither letter nor number. A mark belongs to its letter.
func fields(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

func number(word string) bool {
	for _, r := range word {
		return unicode.IsNumber(r)
	}
	return false
}

func lettered(v string) bool { return strings.ContainsFunc(v, unicode.IsLetter) }
