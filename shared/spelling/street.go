package spelling

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// streetWords writes abbreviations out and joins the kind of street to its name.
func streetWords(v, country string) string {
	return settle(v, func(v string) string {
		in := partHouseNumber(streetTokens(v))
		name := len(in) // words before the house number
		if i := slices.IndexFunc(in, number); i > 0 {
			name = i
		}
		var out []string
		for i := range in {
			w := streetWord(in, i, name, country)
			n := len(out)
			join := n > 0 && !number(out[n-1]) && !sign(out[n-1]) && !number(w)
			if join && (streets().kinds[w] && !articles[out[n-1]] || out[n-1] == "heilig" && i < name) {
				out[n-1] += w
				continue
			}
			out = append(out, w)
		}
		return strings.Join(out, " ")
	})
}

// articles between which and a noun an abbreviated adjective ends in -en (Am Großen Markt), and which are not joined to a kind of street.
var articles = map[string]bool{"am": true, "an": true, "auf": true, "beim": true, "dem": true, "den": true, "der": true, "im": true, "vom": true, "zum": true, "zur": true}

// streetWord returns the word at a place, written out as it is meant there.
func streetWord(in []string, at, name int, country string) string {
	w, rules := in[at], streets()
	next := ""
	if at+1 < len(in) {
		next = in[at+1]
	}
	if at >= name {
		if full, known := rules.parts[w]; known && at > name {
			return full
		}
	} else if full := positioned(in, at, name, next, country); full != "" {
		return full
	}
	if full, known := rules.words[w]; known {
		return full
	}
	for _, e := range rules.endings {
		if w == e.written && e.country == country && at > 0 && at < name { // Lange G.
			return e.meaning
		}
		if full, found := e.writtenOut(w, country); found {
			return beginning(full)
		}
	}
	return beginning(strings.TrimSuffix(w, "."))
}

func beginning(w string) string {
	for _, b := range streets().beginnings {
		if rest, found := strings.CutPrefix(w, b.written); found && utf8.RuneCountInString(rest) > 2 {
			return b.meaning + rest
		}
	}
	return w
}

// positioned returns what an abbreviation means by the words around it, empty when these tell nothing.
func positioned(in []string, at, name int, next, country string) string {
	w, rules := in[at], streets()
	before := ""
	if at > 0 {
		before = in[at-1]
	}
	if full, known := rules.french[w]; known && at == 0 && frenchLinks[next] {
		return full
	}
	if full, known := rules.adjectives[w]; known && at+1 < name {
		return inflected(full, before, next, in[name-1])
	}
	for _, n := range rules.names[w] {
		if at+1 < name && (n.before == nil || slices.Contains(n.before, next)) {
			return n.meaning
		}
	}
	switch {
	case w == "v." && (before == "frhr." || before == "freiherr") && next == "stein":
		return "vom" // Freiherr vom Stein, the Prussian minister
	case w == "d." && next != "":
		return article(before, next)
	case (w == "u." || w == "u") && at > 0 && at+1 < name:
		return "und"
	case w == "st" || w == "st.":
		return saint(next, country, at > 0 && (rules.frenchKinds[in[0]] || frenchLinks[before]))
	}
	return ""
}

// inflected is an adjective with the ending it has before the last word of a street's name, or as a preposition before an article (Unter den Linden).
func inflected(stem, before, next, noun string) string {
	switch {
	case articles[next] || next == "d.":
		return stem
	case articles[before]:
		return stem + "en"
	}
	if ending := adjectiveEnding(strings.TrimSuffix(noun, ".")); ending != "" {
		return stem + ending
	}
	return stem + "e"
}

// adjectiveEnding is how an adjective ends before a noun that is known to be masculine or neuter, by the longest ending of the noun that is.
func adjectiveEnding(noun string) string {
	for i := range noun {
		if ending, known := streets().endsIn[noun[i:]]; known {
			return ending
		}
	}
	return ""
}

// article writes d. out: Str. d. Friedens and Str. d. 17. Juni are des, An d. Linden is den, Auf d. Berg is dem, others are der.
func article(before, next string) string {
	preposition := slices.Contains([]string{"an", "auf", "hinter", "in", "ober", "unter", "vor", "zwischen", "bei", "unt.", "hint."}, before)
	switch {
	case number(next), !preposition && strings.HasSuffix(next, "s") && !strings.HasSuffix(next, "us"):
		return "des"
	case preposition && adjectiveEnding(next) != "":
		return "dem"
	case preposition && strings.HasSuffix(next, "en"):
		return "den"
	}
	return "der"
}

// frenchLinks follow the kind of street in French names.
var frenchLinks = map[string]bool{"de": true, "du": true, "des": true, "d": true, "la": true, "le": true, "les": true}

// ending is the last part of a word.
type ending struct{ written, meaning, country string }

// shortName is the least a name has before an ending of one or two letters, and the most such an ending has: Neubaug. is an alley, Weg. none.
const shortName = 3

// writtenOut returns the word with its ending written out, in the country that has the ending; one without a dot counts with a dot, too.
func (e ending) writtenOut(w, country string) (string, bool) {
	if e.country != "" && e.country != country {
		return "", false
	}
	short := strings.TrimSuffix(e.written, ".")
	stem, found := strings.CutSuffix(w, e.written)
	if !found && short == e.written {
		stem, found = strings.CutSuffix(w, e.written+".")
	}
	if !found || stem == "" || len(short) < shortName && len(stem) < shortName {
		return "", false
	}
	return stem + e.meaning, true
}

// givenName is an abbreviated given name and the names it stands for before.
type givenName struct {
	meaning string
	before  []string // nil: any
}

type streetRules struct {
	words, adjectives, french, parts map[string]string
	endings, beginnings              []ending
	names                            map[string][]givenName
	kinds, number, frenchKinds       map[string]bool
	endsIn                           map[string]string // ending of a noun: ending of the adjective before it
}

var streets = rules("streets.tsv", func(rows [][]string) streetRules {
	r := streetRules{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}, nil, nil, map[string][]givenName{},
		map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]string{}}
	for _, row := range rows {
		written, meaning, when := folded(row[1]), folded(column(row, 2)), column(row, 3)
		switch row[0] {
		case "word":
			r.words[written] = meaning
		case "ending":
			r.endings = append(r.endings, ending{written, meaning, when})
		case "beginning":
			r.beginnings = append(r.beginnings, ending{written: written, meaning: meaning})
		case "adjective":
			r.adjectives[written] = meaning
		case "name":
			n := givenName{meaning: meaning}
			if when != "*" {
				n.before = strings.Fields(folded(when))
			}
			r.names[written] = append(r.names[written], n)
		case "french":
			r.french[written], r.frenchKinds[meaning], r.frenchKinds[written] = meaning, true, true
		case "kind":
			r.kinds[written] = true
		case "masculine":
			r.endsIn[written] = "er"
		case "neuter":
			r.endsIn[written] = "es"
		case "number":
			r.number[written] = true
		case "part":
			r.parts[written] = meaning
		}
	}
	return r
})
