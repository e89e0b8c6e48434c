package spelling

import "strings"

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
	text  string
	parts []namePart
	whole int  // parts before anything came off
	given bool // it is a given name
}

// has reports whether a letter of a kind stands between two places, brackets not counted. How the words beside an abbreviation are written tells whether its
// capital or small letters mean anything.
func (n writtenName) has(kind func(rune) bool, from, to int) bool {
	for _, p := range n.parts[min(from, to):to] {
		if strings.ContainsFunc(p.text, kind) && !p.bracket() {
			return true
		}
	}
	return false
}

// cutName cuts a name into its words.
func cutName(v string) writtenName {
	n := writtenName{text: v}
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

// cutTitle cuts a title that is written with hyphens only (Dipl-Ing, Dr-Ing). A word with any other part is a name and stays whole.
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

// String writes the name that is left, its words parted as they were.
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
