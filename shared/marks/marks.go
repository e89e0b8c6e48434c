// Package marks drops characters that nobody sees. Telephones copy their numbers between marks of direction, web pages put
// zero-width spaces into addresses; kept, they make two equal values differ, and a mark such as U+202E makes a text read
// differently from what it says.
package marks

import (
	"strings"
	"unicode"
)

// blank are characters without a glyph that Unicode does not count as format characters (Default_Ignorable_Code_Point).
var blank = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x034F, Hi: 0x034F, Stride: 1}, {Lo: 0x115F, Hi: 0x1160, Stride: 1}, {Lo: 0x17B4, Hi: 0x17B5, Stride: 1},
	{Lo: 0x180B, Hi: 0x180F, Stride: 1}, {Lo: 0x3164, Hi: 0x3164, Stride: 1}, {Lo: 0xFFA0, Hi: 0xFFA0, Stride: 1},
}}

const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// Drop leaves out all characters that nobody sees. A joiner or non-joiner between two letters of a script that writes with
// them stays (as in RFC 5892, A.1 and A.2): there it is part of how a name is spelt.
func Drop(s string) string {
	if !strings.ContainsFunc(s, invisible) {
		return s
	}
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		if !invisible(r) || joins(runes, i) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// DropDirections leaves out the marks of direction only. It is meant for passwords, in which all else counts.
func DropDirections(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
}

// invisible leaves aside the marks that stand around a number and are seen (Prepended_Concatenation_Mark).
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) || unicode.Is(blank, r)
}

func joins(runes []rune, at int) bool {
	if runes[at] != joiner && runes[at] != nonJoiner {
		return false
	}
	return at > 0 && at+1 < len(runes) && joining(runes[at-1]) && joining(runes[at+1])
}

// joining says whether a letter, or a sign on one, is of a script that is written with joiners.
func joining(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi,
		unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer,
		unicode.Myanmar, unicode.Tibetan) && (unicode.IsLetter(r) || unicode.IsMark(r))
}
