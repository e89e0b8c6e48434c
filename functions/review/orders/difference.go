package orders

import (
	"fmt"
	"slices"
	"strings"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// Beside the digest, the page of an order carries a short hash of every value that it showed. When the digest is
// refused, these hashes tell which values have changed. They are made of the masked values: hashes of full ones would
// reveal bank data to whoever tries all account numbers (S13).

// maxSeen is enough for the 21 numbers of the largest order.
const maxSeen = 3000

// markLength is 16 bit a value; one change in 65,536 hides behind an equal mark and is still told by the version.
const markLength = 4

// seenOf makes the marks: number, version, a mark a field and a letter a group, parted by dots, and a comma a number.
func seenOf(o order.Order) string {
	var parts []string
	for i, p := range parties(o) {
		var marks strings.Builder
		for _, f := range merge.Fields() {
			marks.WriteString(table.Hash(string(f) + "=" + maskParty(o, p, f, p.Record.Get(f)))[:markLength])
		}
		parts = append(parts, fmt.Sprintf("%s.%d.%s.%s", p.Record.Number, p.Version, marks.String(), choiceLetters(o, i-1)))
	}
	return strings.Join(parts, ",")
}

// choiceLetters are the choices from source i; the surviving side, -1, has none.
func choiceLetters(o order.Order, i int) string {
	letters := ""
	for _, g := range merge.Groups() {
		if i >= 0 && o.Sources[i].Choices.Of(g) == merge.Other {
			letters += "x"
		} else {
			letters += "-"
		}
	}
	return letters
}

// difference is a value that changed since the reviewer's page was made.
type difference struct {
	Number string
	Label  lang.Text
	Now    string // as it may be shown
}

// differences compares the marks of a reviewed page with the order as it is now.
func differences(seen string, o order.Order) []difference {
	before, after := readSeen(seen), readSeen(seenOf(o))
	var list []difference
	for i, p := range parties(o) {
		n := p.Record.Number
		was, ok := before[n]
		if !ok {
			list = append(list, difference{Number: n, Label: lang.T("Diese Kundennummer ist neu dabei")})
			continue
		}
		named := len(list)
		for k, f := range merge.Fields() {
			if was.mark(k) != after[n].mark(k) {
				list = append(list, difference{Number: n, Label: f.Words(), Now: desk.First(maskParty(o, p, f, p.Record.Get(f)), "–")})
			}
		}
		list = append(list, choiceDifferences(was.choices, o, i-1)...)
		if named == len(list) && was.version != after[n].version {
			list = append(list, difference{Number: n, Label: lang.T("Etwas, das hier verdeckt oder nicht zu sehen ist")})
		}
	}
	for n := range before {
		if !slices.Contains(o.Numbers(), n) {
			list = append(list, difference{Number: n, Label: lang.T("Diese Kundennummer ist nicht mehr dabei")})
		}
	}
	return list
}

func choiceDifferences(was string, o order.Order, i int) []difference {
	var list []difference
	now := choiceLetters(o, i)
	for k, g := range merge.Groups() {
		if i < 0 || k >= len(was) || was[k] == now[k] {
			continue
		}
		side := lang.T("wird jetzt übernommen")
		if now[k] == '-' {
			side = lang.T("wird nicht mehr übernommen")
		}
		label := g.Words()
		list = append(list, difference{Number: o.Sources[i].Record.Number, Label: lang.T("%s %s", label, side)})
	}
	return list
}

// marks are what a page showed of one number.
type marks struct{ version, fields, choices string }

func (m marks) mark(k int) string {
	if (k+1)*markLength > len(m.fields) {
		return ""
	}
	return m.fields[k*markLength : (k+1)*markLength]
}

// readSeen never fails: what a client invents makes a useless list, nothing else.
func readSeen(s string) map[string]marks {
	all := map[string]marks{}
	for part := range strings.SplitSeq(s, ",") {
		if f := strings.Split(part, "."); len(f) == 4 {
			all[f[0]] = marks{f[1], f[2], f[3]}
		}
	}
	return all
}
