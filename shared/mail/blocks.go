package mail

import (
	"strings"

	"kundenkonto/shared/mail/wording"
)

// factMark stands between a label and its value in a template; clean keeps it out of values.
const factMark = " " + wording.FactMark + " "

// block is a paragraph, a list or a table of facts; exactly one of the three is set.
type block struct {
	Paragraph string
	Items     []string
	Facts     []fact
}

type fact struct{ Label, Value string }

// parseBlocks reads the body of a filled template: blocks stand between empty lines; lines of a paragraph are joined;
// a line "- x" is an item, a line "a :: b" a fact.
func parseBlocks(body string) []block {
	var all []block
	for _, part := range splitEmptyLines(body) {
		var prose, items []string
		var facts []fact
		for _, line := range part {
			label, value, isFact := strings.Cut(line, wording.FactMark)
			switch {
			case strings.HasPrefix(line, "- "):
				items = append(items, oneLine(line[2:]))
			case isFact:
				facts = append(facts, fact{oneLine(label), oneLine(value)})
			default:
				prose = append(prose, line)
			}
		}
		if len(prose) > 0 {
			all = append(all, block{Paragraph: oneLine(strings.Join(prose, " "))})
		}
		if len(items) > 0 {
			all = append(all, block{Items: items})
		}
		if len(facts) > 0 {
			all = append(all, block{Facts: facts})
		}
	}
	return all
}

func splitEmptyLines(s string) [][]string {
	var parts [][]string
	var part []string
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			part = append(part, line)
			continue
		}
		if part != nil {
			parts, part = append(parts, part), nil
		}
	}
	if part != nil {
		parts = append(parts, part)
	}
	return parts
}
