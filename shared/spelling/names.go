package spelling

import (
	"strings"
	"unicode"
)

// joined makes everything between the words of a name one hyphen: Anna Maria = Anna-Maria. In this form no word stands alone that could be taken for a title, so
// that Herr-Schmidt stays what it is. An "&" or "+" between words means und.
func joined(v, _ string) string {
	return strings.Join(nameWords(v), "-")
}

// nameWords are the words of a name or company. A question mark or U+FFFD stands for a letter that a data carrier lost: M?ller is not M-ller.
func nameWords(v string) []string {
	v = strings.NewReplacer("&", " und ", "+", " und ").Replace(v)
	return strings.FieldsFunc(v, func(r rune) bool { return !inName(r) })
}

// inName reports what a word of a name is made of.
func inName(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '?' || r == unicode.ReplacementChar
}

// personName takes forms of address, titles and degrees off a given name or a surname, and writes the abbreviated parts of the name out. Titles come off in front
// or behind a comma, degrees at the end, each as a word of its own, and only as long as a name remains. Given names and surnames have the same rules, since
// many customers swapped them; only B. A. and M. A. behind a given name are initials, unless a comma parts them from it.
func personName(v, _ string) string { return personNamed(cutName(v)) }

func firstName(v, _ string) string {
	name := cutName(v)
	name.given = true
	return personNamed(name)
}

// personNamed is what is left of a name as it was written, which is the same text where nothing comes off it.
func personNamed(name writtenName) string {
	begin, end := name.titlesInFront(), name.degreesBehind()
	if begin >= end { // nothing but titles
		begin, end = 0, len(name.parts)
	}
	name.parts = name.parts[begin:end]
	written := name.writtenOut()
	if begin == 0 && end == name.whole && !written {
		return name.text
	}
	return name.String()
}

// writtenOut replaces the abbreviated parts of the name and reports whether there were any.
func (n writtenName) writtenOut() bool {
	found := false
	upper := n.has(unicode.IsUpper, 0, len(n.parts))
	for i, p := range n.parts {
		last := i == len(n.parts)-1
		for _, rule := range persons().words[p.key()] {
			small := rule.how == "small" && upper && strings.TrimRight(p.text, ".") == strings.ToLower(rule.written)
			if rule.end != last || rule.end && i == 0 || p.hyphen() || !small && !n.inFront(rule, i) {
				continue
			}
			n.parts[i].text, found = rule.meaning, true
			break
		}
	}
	return found
}

// personRule is a line of persons.tsv.
type personRule struct {
	kind, how, written, meaning string
	end                         bool // as the last word only, all others never there
}

type personRules struct {
	titles, fields, degrees map[string]personRule
	words                   map[string][]personRule
}

var persons = rules("persons.tsv", func(rows [][]string) personRules {
	r := personRules{map[string]personRule{}, map[string]personRule{}, map[string]personRule{}, map[string][]personRule{}}
	for _, row := range rows {
		rule := personRule{kind: row[0], how: row[1], written: row[2], meaning: column(row, 3), end: column(row, 4) == "end"}
		key := folded(rule.written)
		switch row[0] {
		case "address", "title":
			r.titles[key] = rule
		case "field":
			r.fields[key] = rule
		case "degree":
			r.degrees[key] = rule
		case "word":
			r.words[key] = append(r.words[key], rule)
		}
	}
	return r
})
