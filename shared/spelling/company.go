package spelling

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// companyWords makes everything between letters and numbers one blank, and of "&" and "+" und. Signs that are read aloud are words (C# is not C), and single letters
// that a hyphen or slash parts stay parted: A/B is not A.B.
func companyWords(v, _ string) string {
	v = strings.NewReplacer("&", " und ", "+", " und ").Replace(v)
	runes := []rune(v)
	letter := func(i int) bool {
		return i >= 0 && i < len(runes) && unicode.IsLetter(runes[i]) && (i == 0 || !inName(runes[i-1])) && (i == len(runes)-1 || !inName(runes[i+1]))
	}
	var b strings.Builder
	for i, r := range runes {
		switch {
		case inName(r), (r == '-' || r == '/') && letter(i-1) && letter(i+1):
			b.WriteRune(r)
		case unicode.Is(unicode.Sc, r) || strings.ContainsRune("#%@§", r):
			b.WriteString(" " + string(r) + " ")
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "/", "-")), " ")
}

// companyFront takes off what says in front of a name only that it is a company, such as Fa., as long as more than a legal form remains. Fa counts in this
// writing only, since FA may be anything.
func companyFront(v, _ string) string {
	return settle(v, func(v string) string {
		for _, front := range companies().front {
			rest, found := strings.CutPrefix(v, front)
			if short := front == "Fa"; !found && !short && len(v) > len(front) && strings.EqualFold(v[:len(front)], front) {
				rest, found = v[len(front):], true
			}
			name := strings.TrimLeft(rest, " :")
			if _, words := legalForm(strings.Fields(folded(name))); found && (name != rest || strings.HasSuffix(front, ".")) && lettered(name) && words < len(strings.Fields(name)) {
				return name
			}
		}
		return v
	})
}

// companyForm writes legal forms and abbreviated words in one way and joins the letters of other abbreviations (A. B. Schmidt = AB Schmidt).
func companyForm(v, _ string) string {
	return settle(v, func(v string) string {
		in := expandShortGesellschaft(strings.Fields(v))
		var out []string
		letters := false // whether the word before is made of single letters
		for i := 0; i < len(in); {
			if form, words := legalForm(in[i:]); words > 0 {
				out, letters, i = append(out, strings.Fields(form)...), false, i+words
				continue
			}
			w := in[i]
			single := utf8.RuneCountInString(w) == 1 && lettered(w)
			switch full, known := companies().words[w]; {
			case known && (w != "u" || i > 0 && i < len(in)-1):
				out, letters = append(out, full), false
			case single && letters:
				out[len(out)-1] += w
			default:
				out, letters = append(out, w), single
			}
			i++
		}
		return companyFront(strings.Join(joinForms(out), " "), "")
	})
}

// legalForm returns the legal form that begins a list of words, and of how many it is made; the longest counts (G m b H before G).
func legalForm(in []string) (form string, words int) {
	letters := ""
	for i, w := range in {
		if letters += w; len(letters) > companies().longest {
			break
		}
		if f, known := companies().forms[letters]; known {
			form, words = f, i+1
		}
	}
	return form, words
}

// expandShortGesellschaft writes the end of Verwaltungsges. mbH out.
func expandShortGesellschaft(in []string) []string {
	out := slices.Clone(in)
	for i, w := range in[:max(0, len(in)-1)] {
		if form, _ := legalForm(in[i+1:]); form == "mbh" && strings.HasSuffix(w, "ges") && w != "ges" {
			out[i] = w + "ellschaft"
		}
	}
	return out
}

// joinForms brings together what a legal form left in two ways: GmbH Co. KG = GmbH & Co. KG, and Verwaltungsgesellschaft mbH = Verwaltungs-GmbH, which is that written out.
func joinForms(in []string) []string {
	const gesellschaft = "gesellschaft"
	var out []string
	for i, w := range in {
		n := len(out)
		switch {
		case w == "co" && i > 0 && slices.Contains([]string{"gmbh", "ggmbh", "ug", "ag", "se", "mbh"}, in[i-1]):
			out = append(out, "und", w)
		case w == "mbh" && n > 0 && len(out[n-1]) > len(gesellschaft) && strings.HasSuffix(out[n-1], gesellschaft):
			out[n-1] = strings.TrimSuffix(out[n-1], gesellschaft)
			out = append(out, "gmbh")
		default:
			out = append(out, w)
		}
	}
	return out
}

type companyRules struct {
	forms   map[string]string // letters without blanks: what they stand for
	longest int               // of these, in bytes
	words   map[string]string
	front   []string
}

var companies = rules("companies.tsv", func(rows [][]string) companyRules {
	r := companyRules{forms: map[string]string{}, words: map[string]string{}}
	for _, row := range rows {
		written, full := folded(row[1]), folded(row[2])
		switch row[0] {
		case "form":
			letters := strings.ReplaceAll(written, " ", "")
			r.forms[letters], r.longest = full, max(r.longest, len(letters))
		case "word":
			r.words[written] = full
		case "front":
			r.front = append(r.front, row[1])
		}
	}
	return r
})
