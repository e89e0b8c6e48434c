package spelling

import "unicode"

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
		if rule := persons().titles[n.parts[at].key()]; next == at && rule.how == "caps" && n.behind(rule, at, true, false) {
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
	beside := end < n.whole && n.parts[end].before != "," || n.degreeWritten(last-2)
	letters := ""
	for begin := last - 1; begin >= max(1, last-longest); begin-- {
		p := n.parts[begin]
		if begin < last-1 && !p.dotted() || p.bracket() {
			break
		}
		letters = p.key() + letters
		rule, known := persons().degrees[letters]
		parted := p.before == " " || p.before == ","
		initials := n.given && !comma && begin < last-1 && len(letters) == 2 && n.parts[last-1].before == " " // Anna B. A.
		if known && parted && !initials && (begin < last-1 || n.behind(rule, begin, comma, beside)) {
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

// behind reports whether a single word behind a name is written so that it can be taken for the degree of the rule: behind a comma, or beside another degree.
func (n writtenName) behind(r personRule, at int, comma, beside bool) bool {
	exact := n.parts[at].text == r.written
	mixed := n.has(unicode.IsLower, n.titlesInFront(), at)
	switch r.how {
	case "free":
		return true
	case "caps":
		return exact && (mixed || comma)
	case "comma":
		return exact && mixed && (comma || beside)
	}
	return false
}
