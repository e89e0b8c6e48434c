package spelling

import (
	"slices"
	"strings"
	"unicode"
)

// houseNumber puts one blank between words, numbers and the letter of a number, so that "Hauptstr.5a" and "Hauptstr. 5 a" are the same. Hyphen and slash
// stay only where they part numbers: 5-7 is not 57, 12/3 is not 123.
func houseNumber(v, country string) string {
	return settle(v, func(v string) string {
		tokens := streetTokens(fractions.Replace(v))
		if country == "AT" {
			tokens = doorNumber(tokens)
		}
		return strings.Join(partHouseNumber(numberBehind(poBox(tokens))), " ")
	})
}

// fractions of houses that were built between two others: 2½ = 2 1/2.
var fractions = strings.NewReplacer("½", " 1/2", "¼", " 1/4", "¾", " 3/4", "⅓", " 1/3", "⅔", " 2/3")

// poBox joins the number of a post-office box, which the post writes in pairs, and names it in one language: Postfach 12 34 = Postfach 1234 = Case postale 1234.
func poBox(tokens []string) []string {
	words := slices.IndexFunc(tokens, number)
	if words < 1 || !poBoxes[strings.Join(tokens[:words], " ")] {
		return tokens
	}
	for _, t := range tokens[words:] {
		if !number(t) {
			return tokens
		}
	}
	return []string{"postfach", strings.Join(tokens[words:], "")}
}

// poBoxes are the words for a post-office box in the languages of Switzerland, and their abbreviations.
var poBoxes = map[string]bool{"postfach": true, "postf": true, "postf.": true, "pf": true, "pf.": true,
	"case postale": true, "casella postale": true, "c. p.": true, "c.p.": true, "cp": true}

// numberBehind puts the number behind a French street, which stands in front of it in France: 5, rue de la Gare = Rue de la Gare 5.
func numberBehind(tokens []string) []string {
	if len(tokens) < 3 || !number(tokens[0]) {
		return tokens
	}
	words := slices.IndexFunc(tokens, func(t string) bool { return streets().frenchKinds[t] })
	if words < 1 || words > 2 || !frenchLinks[tokens[min(words+1, len(tokens)-1)]] || slices.ContainsFunc(tokens[words:], number) {
		return tokens
	}
	return slices.Concat(tokens[words:], tokens[:words])
}

// Words of Austrian addresses, between house, staircase and door: 12 Stiege 3 Tür 4 = 12/3/4. A staircase without a door stays a word.
var (
	stairWords = []string{"stiege", "stg", "stg."}
	doorWords  = []string{"tuer", "top"}
)

func doorNumber(tokens []string) []string {
	var out []string
	for i, t := range tokens {
		numbered := i+1 < len(tokens) && number(tokens[i+1])
		door := slices.Contains(doorWords, t) || slices.Contains(stairWords, t) && slices.ContainsFunc(tokens[i:], func(w string) bool { return slices.Contains(doorWords, w) })
		switch n := len(out); {
		case !door || !numbered || n == 0:
			out = append(out, t)
		case number(out[n-1]):
			out = append(out, "/")
		case out[n-1] != "/":
			out = append(out, t)
		}
	}
	return out
}

// streetTokens cuts into words (with the dot of an abbreviation), numbers and the signs -, / and +.
func streetTokens(v string) []string {
	var tokens []string
	start, kind := 0, byte(0)
	flush := func(end int) {
		if kind != 0 {
			tokens = append(tokens, v[start:end])
		}
		kind = 0
	}
	for i, r := range v {
		k := kindOf(r)
		if k == '.' && kind == 'a' { // the dot belongs to the word before it
			flush(i + 1)
			continue
		}
		if k != kind || k == '-' {
			flush(i)
			start, kind = i, k
			if k == '.' {
				kind = 0
			}
		}
	}
	flush(len(v))
	return tokens
}

// kindOf returns a for letters, 1 for numbers, - for the signs, a dot for itself and 0 for what only parts words.
func kindOf(r rune) byte {
	switch {
	case unicode.IsNumber(r):
		return '1'
	case r < unicode.MaxASCII && sign(string(r)):
		return '-'
	case r == '.':
		return '.'
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsSymbol(r):
		return 'a'
	}
	return 0
}

// sign reports what parts two numbers: 5-7, 12/3, 12a+b.
func sign(token string) bool { return token == "-" || token == "/" || token == "+" || token == "&" }

func partHouseNumber(tokens []string) []string {
	var out []string
	for i, t := range tokens {
		following := ""
		if i+1 < len(tokens) {
			following = tokens[i+1]
		}
		switch {
		case sign(t):
			parted := parts(out, following)
			switch plus := t == "+" || t == "&"; {
			case plus && parted:
				t = "+"
			case plus:
				t = "und"
			case !parted:
				continue
			}
		case parts(out, following) && (t == "und" || t == "u" || t == "u."):
			t = "+"
		case parts(out, following) && t == "bis":
			t = "-"
		case streets().number[t] && number(following) && len(out) > 0:
			continue
		case number(t):
			t = leadingZeros(t, "")
		}
		out = append(out, t)
	}
	return out
}

// parts reports whether a sign between what is written and the following token parts two numbers: 5-7, 5a-c, 12/3, but not the hyphen of 12-b or Karl-Marx.
func parts(before []string, following string) bool {
	n := len(before)
	if n == 0 || following == "" || sign(following) {
		return false
	}
	afterNumber := number(before[n-1])
	afterLetter := n > 1 && number(before[n-2]) && len([]rune(before[n-1])) == 1 && !sign(before[n-1])
	return afterNumber && number(following) || afterLetter && (number(following) || len([]rune(following)) == 1)
}
