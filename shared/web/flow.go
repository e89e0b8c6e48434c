package web

import (
	"strings"

	"kundenkonto/shared/lang"
)

// flowView is a merge as a picture: each number on the left flows into the one on the right that is kept. Lengths are units
// of the drawing.
type flowView struct {
	Kept           string
	Rows           []flowRow
	Height, Middle int
	Said           lang.Text // the same in words
}

// flowRow is a number that flows, and the height of its middle.
type flowRow struct {
	Number string
	Middle int
}

// Top is the upper edge of the number's box.
func (r flowRow) Top() int { return r.Middle - flowBox/2 }

// Base is where its digits stand.
func (r flowRow) Base() int { return r.Middle + flowBase }

// Top is the upper edge of the box of the number that is kept.
func (v flowView) Top() int { return v.Middle - flowBox/2 }

// Base is where its digits stand.
func (v flowView) Base() int { return v.Middle + flowBase }

// Below is where the word under it stands.
func (v flowView) Below() int { return v.Middle + flowBox/2 + 15 }

// Sizes of the drawing: a number takes a row, and its box most of it.
const (
	flowRowHeight = 44
	flowBox       = 34
	flowBase      = 5  // of digits, below their middle
	flowMargin    = 22 // below, for the word under the number that is kept
)

// newFlow draws the numbers that are merged into kept.
func newFlow(kept string, numbers []string) flowView {
	v := flowView{Kept: kept, Height: flowRowHeight*len(numbers) + flowMargin, Middle: flowRowHeight * len(numbers) / 2,
		Said: lang.T("Die Kundennummer %s kommt zu %s.", listed(numbers), kept)}
	if len(numbers) > 1 {
		v.Said = lang.T("Die Kundennummern %s kommen zu %s.", listed(numbers), kept)
	}
	for i, n := range numbers {
		v.Rows = append(v.Rows, flowRow{n, flowRowHeight*i + flowRowHeight/2})
	}
	return v
}

// listed are numbers within a sentence of plain text, none for none.
func listed(numbers []string) any {
	if len(numbers) < 2 {
		return strings.Join(numbers, "")
	}
	last := len(numbers) - 1
	return lang.T("%s und %s", strings.Join(numbers[:last], ", "), numbers[last])
}
