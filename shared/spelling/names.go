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
	return strings.FieldsFunc(v, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && r != '?' && r != unicode.ReplacementChar
	})
}

// personName takes forms of address, titles and degrees off a given name or a surname, and writes the abbreviated parts of the name out. Titles come off in front
// or behind a comma, degrees at the end, each as a word of its own, and only as long as a name remains. Given names and surnames have the same rules, since
// many customers swapped them.
func personName(v, _ string) string {
	name := cutName(v)
	begin, end := name.titlesInFront(), name.degreesBehind()
	if begin >= end { // nothing but titles
		begin, end = 0, len(name.parts)
	}
	name.parts = name.parts[begin:end]
	written := name.writtenOut()
	if begin == 0 && end == name.whole && !written {
		return v
	}
	return name.String()
}

// namePart is a word of a name as it is written, its dot included, with the sign before it.
type namePart struct {
	text   string
	before string // "" where nothing parts it from the word before (Prof.Dr.), a blank, a hyphen, or a comma
}

func (p namePart) key() string   { return folded(strings.TrimRight(p.text, ".")) }
func (p namePart) dotted() bool  { return strings.HasSuffix(p.text, ".") }
func (p namePart) hyphen() bool  { return p.before == "-" }
func (p namePart) bracket() bool { return strings.HasPrefix(p.text, "(") }

// writtenName is a name cut into its words.
type writtenName struct {
	parts []namePart
	whole int // parts before anything came off
}

// has reports whether a letter of a kind stands between two places, brackets not counted. How the words beside an abbreviation are written tells whether its
// capital or small letters mean anything.
func (n writtenName) has(kind func(rune) bool, from, to int) bool {
	for _, p := range n.parts[from:to] {
		if strings.ContainsFunc(p.text, kind) && !p.bracket() {
			return true
		}
	}
	return false
}

func cutName(v string) writtenName {
	var n writtenName
	before := ""
	for i, word := range strings.Fields(bracketsBehind(v)) {
		if i > 0 && before != "," {
			before = " "
		}
		if rest := strings.TrimPrefix(word, "-"); i > 0 && rest != word && rest != "" && n.parts != nil && n.parts[len(n.parts)-1].dotted() { // Dipl. -Ing.
			word, before = rest, "-"
		}
		for _, p := range cutWord(word) {
			if p.text == "," {
				before = ","
				continue
			}
			if p.before == "" && before != "" {
				p.before = before
			}
			n.parts, before = append(n.parts, p), ""
		}
	}
	n.whole = len(n.parts)
	return n
}

// bracketsBehind makes a comma of brackets around an abbreviation behind the name: Schäfer (M.Sc.), Meyer (geb. Schulz).
func bracketsBehind(v string) string {
	name, rest, found := strings.Cut(v, " (")
	inside, last := strings.CutSuffix(rest, ")")
	if !found || !last || !strings.Contains(inside, ".") || strings.ContainsAny(inside, "()") {
		return v
	}
	return name + ", " + inside
}

// cutWord cuts what stands between two blanks: behind dots (Prof.Dr.), at commas and before brackets. A hyphen cuts behind a dot (Dipl.-Ing.) and between the parts of
// a title (Dipl-Ing), and never in a name.
func cutWord(word string) []namePart {
	var parts []namePart
	start := 0
	cut := func(end int) {
		if end > start {
			parts = append(parts, namePart{text: word[start:end]})
		}
		start = end
	}
	for i, r := range word {
		switch {
		case r == ',' || r == ';':
			cut(i)
			parts, start = append(parts, namePart{text: ","}), i+1
		case r == '.':
			cut(i + 1)
		case r == '(':
			cut(i)
		}
	}
	cut(len(word))
	var out []namePart
	for i, p := range parts {
		if rest := strings.TrimPrefix(p.text, "-"); i > 0 && rest != p.text && rest != "" && strings.HasSuffix(parts[i-1].text, ".") {
			p = namePart{text: rest, before: "-"}
		}
		out = append(out, cutTitle(p)...)
	}
	return out
}

func cutTitle(p namePart) []namePart {
	words := strings.Split(p.text, "-")
	if head := persons().titles[folded(words[0])]; len(words) < 2 || head.kind != "title" || head.how != "free" {
		return []namePart{p}
	}
	out := []namePart{{text: words[0], before: p.before}}
	for _, w := range words[1:] {
		part := namePart{text: w, before: "-"}
		if _, field := persons().fields[part.key()]; !field && !dipl(words[0]) {
			return []namePart{p}
		}
		out = append(out, part)
	}
	return out
}

// dipl reports the title behind which a hyphen is followed by a subject, whichever: Dipl.-Betriebsw.
func dipl(word string) bool {
	key := folded(strings.TrimRight(word, "."))
	return key == "dipl" || key == "diplom"
}

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

func (n writtenName) titleWord(at int) bool {
	rule, known := persons().titles[n.parts[at].key()]
	return known && n.inFront(rule, at)
}

// feminine are the endings of Mag.a, Dr.in and Dott.ssa.
var feminine = map[string]bool{"a": true, "ª": true, "in": true, "ssa": true}

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

// degreesBehind returns the place where degrees begin behind the name.
func (n writtenName) degreesBehind() int {
	end := len(n.parts)
	for {
		cut := n.behindComma(end)
		if cut == end {
			cut = n.degree(end, false)
		}
		if cut == end {
			cut = n.titleBehind(end)
		}
		if cut == end || !n.has(unicode.IsLetter, 0, cut) {
			return end
		}
		end = cut
	}
}

// titleBehind returns the place where a title with its dot begins that ends at a place (Schäfer Dipl.-Ing., Schäfer Prof. Dr.), or the same place. Only titles that no
// name is like count there.
func (n writtenName) titleBehind(end int) int {
	const longest = 4
	for begin := max(1, end-longest); begin < end; begin++ {
		p := n.parts[begin]
		rule := persons().titles[p.key()]
		if rule.kind == "title" && rule.how == "free" && p.dotted() && p.before == " " && n.title(begin) == end {
			return begin
		}
	}
	return end
}

// behindComma returns the place of the last comma when nothing but titles and degrees follows it.
func (n writtenName) behindComma(end int) int {
	comma := end - 1
	for comma > 0 && n.parts[comma].before != "," {
		comma--
	}
	if comma <= 0 {
		return end
	}
	rest := end
	for rest > comma {
		cut := n.degree(rest, true)
		if cut == rest || cut < comma {
			break
		}
		rest = cut
	}
	at := comma
	for at < rest {
		next := n.title(at)
		if rule := persons().titles[n.parts[at].key()]; next == at && rule.how == "caps" && n.behind(rule, at, true) {
			next++
		}
		if next == at || next > rest {
			return end
		}
		at = next
	}
	return comma
}

// degree returns the place where the degree that ends at a place begins, or the same place. A degree in several words has dots (M. Sc.); a university may follow in brackets.
func (n writtenName) degree(end int, comma bool) int {
	last := end
	if last > 1 && n.parts[last-1].bracket() {
		last--
	}
	const longest = 4
	comma = comma || end < n.whole && n.parts[end].before != "," || n.degreeWritten(last-2) // beside another degree
	letters := ""
	for begin := last - 1; begin >= max(1, last-longest); begin-- {
		p := n.parts[begin]
		if begin < last-1 && !p.dotted() || p.bracket() {
			break
		}
		letters = p.key() + letters
		rule, known := persons().degrees[letters]
		parted := p.before == " " || p.before == ","
		if known && parted && (begin < last-1 || n.behind(rule, begin, comma)) {
			return begin
		}
		if p.before == "," {
			break
		}
	}
	return end
}

// degreeWritten reports whether a word is a degree letter by letter, of which two do not follow each other in a name: Huber BA MA.
func (n writtenName) degreeWritten(at int) bool {
	if at < 1 {
		return false
	}
	rule, known := persons().degrees[n.parts[at].key()]
	return known && n.parts[at].text == rule.written
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

// behind reports the same of a single word behind a name.
func (n writtenName) behind(r personRule, at int, comma bool) bool {
	exact := n.parts[at].text == r.written
	mixed := n.has(unicode.IsLower, n.titlesInFront(), at)
	switch r.how {
	case "free":
		return true
	case "caps":
		return exact && (mixed || comma)
	case "comma":
		return exact && mixed && comma
	}
	return false
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

func (n writtenName) String() string {
	var b strings.Builder
	for i, p := range n.parts {
		switch {
		case i == 0:
		case p.before == ",":
			b.WriteString(", ")
		case p.before == "" && strings.HasSuffix(n.parts[i-1].text, "."), p.before == "" && p.bracket(), p.hyphen(), p.before == " ":
			b.WriteString(p.before)
		default: // a word whose dot went with its abbreviation
			b.WriteString(" ")
		}
		b.WriteString(p.text)
	}
	return b.String()
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
