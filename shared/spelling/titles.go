package spelling

import (
	"strings"
	"unicode"
)

// titlesInFront returns how many words of titles stand in front of the name. The last word that could be a name stays.
func (n writtenName) titlesInFront() int {
	begin := 0
	for begin < len(n.parts) {
		next := n.title(begin)
		if next == begin || !n.has(unicode.IsLetter, next, len(n.parts)) {
			break
		}
		begin = next
	}
	return begin
}

// title returns the place behind the title that stands at a place, with all that belongs to it (Dipl.-Ing. (FH), Mag.a, Dr. rer. nat.), or the same place.
func (n writtenName) title(at int) int {
	p, next := n.parts[at], at+1
	rule, known := persons().titles[p.key()]
	follows := next < len(n.parts) && n.parts[next].hyphen()
	switch {
	case follows && p.dotted() && n.parts[next].key() == "prof": // Univ.-Prof., Ass.-Prof.
		next++
	case !known || !n.inFront(rule, at):
		return at
	case follows && !dipl(p.text) && !n.field(next) && !n.titleWord(next): // Dr.-Weber
		return at
	}
	if next < len(n.parts) && n.parts[next].before == "" && feminine[n.parts[next].text] {
		next++
	}
	if rule.kind == "address" {
		return next
	}
	return n.fieldsFrom(next, dipl(p.text))
}

// titleWord reports whether a word is a title by itself.
func (n writtenName) titleWord(at int) bool {
	rule, known := persons().titles[n.parts[at].key()]
	return known && n.inFront(rule, at)
}

// feminine are the endings of Mag.a, Dr.in, Sig.ra and Dott.ssa.
var feminine = map[string]bool{"a": true, "ª": true, "ᵃ": true, "in": true, "ⁱⁿ": true, "ra": true, "ssa": true}

// fieldsFrom returns the place behind the subjects that follow a title.
func (n writtenName) fieldsFrom(at int, anySubject bool) int {
	for at < len(n.parts) {
		switch {
		case n.pair(at):
			at += 2
		case n.field(at) || n.parts[at].hyphen() && anySubject:
			at++
		default:
			return at
		}
	}
	return at
}

// field reports whether a word is a subject or a kind of school that can follow a title.
func (n writtenName) field(at int) bool {
	p := n.parts[at]
	if p.bracket() {
		_, known := persons().fields[folded(strings.Trim(p.text, "().,"))]
		return known || strings.EqualFold(p.text, "(BA)")
	}
	rule, known := persons().fields[p.key()]
	small := p.text == strings.ToLower(p.text) && n.has(unicode.IsUpper, at+1, len(n.parts)) // Dr. med Anna
	return known && (p.hyphen() || small || n.inFront(rule, at))
}

// pair reports h. c. and e. h., in small letters or where all is in capital ones.
func (n writtenName) pair(at int) bool {
	if at+1 >= len(n.parts) || !n.parts[at].dotted() || !n.parts[at+1].dotted() {
		return false
	}
	a, b := n.parts[at], n.parts[at+1]
	_, known := persons().fields[a.key()+" "+b.key()]
	return known && (b.text == strings.ToLower(b.text) || !n.has(unicode.IsLower, 0, len(n.parts)))
}

// inFront reports whether a word in front of a name is written so that it can be taken for what the rule says.
func (n writtenName) inFront(r personRule, at int) bool {
	p := n.parts[at]
	switch r.how {
	case "free":
		return true
	case "dotted":
		return p.dotted()
	case "caps":
		for at++; at < len(n.parts) && n.parts[at].bracket(); at++ {
		}
		return p.text == r.written && n.has(unicode.IsLower, at, min(at+1, len(n.parts)))
	}
	return false
}
