package credential

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// covering is the best way to read a text as a row of known pieces: how many characters belong to none, and which known
// words were used.
type covering struct {
	fresh           int
	common, context map[string]bool
}

// longestWord bounds the pieces looked for.
const longestWord = 48

// cover reads text so that as few characters as possible are left over; among equals so that pieces are long.
func cover(text string, context map[string]bool) covering {
	type step struct{ fresh, pieces, from int }
	best := make([]step, len(text)+1)
	for i := 1; i <= len(text); i++ {
		best[i] = step{best[i-1].fresh + 1, best[i-1].pieces + 1, i - 1}
		for from := max(0, i-longestWord); from <= i-1; from++ {
			piece := text[from:i]
			if !trivial(piece) && !commonly(piece) && !context[piece] {
				continue
			}
			if s := (step{best[from].fresh, best[from].pieces + 1, from}); s.fresh < best[i].fresh ||
				s.fresh == best[i].fresh && s.pieces < best[i].pieces {
				best[i] = s
			}
		}
	}
	c := covering{fresh: best[len(text)].fresh, common: map[string]bool{}, context: map[string]bool{}}
	for i := len(text); i > 0; i = best[i].from {
		switch piece := text[best[i].from:i]; {
		case context[piece]:
			c.context[piece] = true
		case commonly(piece):
			c.common[piece] = true
		}
	}
	return c
}

// trivial says whether a piece adds nothing: one character repeated, up to four digits or a date, a run in the alphabet or
// along the keys.
func trivial(piece string) bool {
	if strings.Count(piece, piece[:1]) == len(piece) {
		return len(piece) > 1 || !unicode.IsLetter(rune(piece[0]))
	}
	if strings.Trim(piece, "0123456789") == "" && (len(piece) <= 4 || isDate(piece)) {
		return true
	}
	return len(piece) >= 3 && (inRow(piece) || len(piece) >= 4 && walks(piece))
}

// isDate says whether digits may be a day: of six, or of eight with a year of 1900 to 2099 at one end.
func isDate(digits string) bool {
	century := func(year string) bool { return year[:2] == "19" || year[:2] == "20" }
	return len(digits) == 6 || len(digits) == 8 && (century(digits[:4]) || century(digits[4:]))
}

// padding is what people put around a password to make it longer.
const padding = "0123456789!?$&*#@()=%'\""

// repeats says whether a text has hardly any different characters, is a shorter text again and again, or the same read
// backwards: what is repeated would have to be a password by itself.
func repeats(text string) bool {
	different := map[rune]bool{}
	for _, r := range text {
		different[r] = true
	}
	if len(different) <= 4 {
		return true
	}
	for size := 1; size < MinLength && size*2 <= len(text); size++ {
		if text[size:] == text[:len(text)-size] {
			return true
		}
	}
	half := len(text) / 2
	return half < MinLength && text[:half] == reverse(text[len(text)-half:])
}

// squeeze takes one of each run of equal characters.
func squeeze(text string) string {
	var b strings.Builder
	last := rune(-1)
	for _, r := range text {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// fold makes spellings alike: lower case, ä as ae, other marks off, blanks and punctuation out.
func fold(s string) string {
	s = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace(norm.NFC.String(strings.ToLower(s)))
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Mn, r) || strings.ContainsRune("-_.,;:/+", r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// unleet reads digits and signs as the letters they stand for ("p4ssw0rt").
func unleet(s string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace(s)
}
