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
const longestWord = 40

// cover reads text so that as few characters as possible are left over; among equals so that pieces are long.
func cover(text string, common, context map[string]bool) covering {
	type step struct{ fresh, pieces, from int }
	best := make([]step, len(text)+1)
	for i := 1; i <= len(text); i++ {
		best[i] = step{best[i-1].fresh + 1, best[i-1].pieces + 1, i - 1}
		for from := max(0, i-longestWord); from <= i-1; from++ {
			piece := text[from:i]
			if !trivial(piece) && !common[piece] && !context[piece] {
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
		case common[piece]:
			c.common[piece] = true
		}
	}
	return c
}

// rows are what fingers and tongues run along, forwards and backwards.
var rows = func() []string {
	all := []string{"abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertzuiopue", "asdfghjkloeae", "yxcvbnm",
		"qwertyuiop", "zxcvbnm", "1qay2wsx3edc4rfv5tgb6zhn7ujm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "q1w2e3r4t5z6u7i8o9p0", "1q2w3e4r5t6z7u8i9o0p"}
	for _, row := range all {
		all = append(all, reverse(row))
	}
	return all
}()

func reverse(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// trivial says whether a piece adds nothing: one character repeated, up to four digits or a date, a run along a row.
func trivial(piece string) bool {
	if strings.Count(piece, piece[:1]) == len(piece) {
		return len(piece) > 1 || !unicode.IsLetter(rune(piece[0]))
	}
	if len(piece) <= 4 || len(piece) == 8 && (strings.HasPrefix(piece[4:], "19") || strings.HasPrefix(piece[4:], "20")) {
		if strings.Trim(piece, "0123456789") == "" {
			return true
		}
	}
	if len(piece) < 3 {
		return false
	}
	for _, row := range rows {
		if strings.Contains(row, piece) {
			return true
		}
	}
	return false
}

// repeats says whether a text is a short block again and again, or has hardly any different characters.
func repeats(text string) bool {
	different := map[rune]bool{}
	for _, r := range text {
		different[r] = true
	}
	if len(different) <= 4 {
		return true
	}
	for size := 1; size <= 7 && size*2 <= len(text); size++ {
		if strings.Repeat(text[:size], len(text)/size+1)[:len(text)] == text {
			return true
		}
	}
	return false
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
