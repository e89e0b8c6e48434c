// Package plot draws bars and lines as SVG that is read on light and on dark ground, without a script or a font of its own.
package plot

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
)

// Bar is a value with its spread.
type Bar struct {
	Label            string
	Value, Low, High float64
}

// Bars is a chart of horizontal bars, with a line at the goal when there is one.
type Bars struct {
	Title, Unit string
	Goal        float64
	Bars        []Bar
}

// Point of a line; both values are above zero.
type Point struct{ X, Y float64 }

// Line is a row of points.
type Line struct {
	Label  string
	Points []Point
}

// Lines is a chart of lines, both of whose axes are logarithmic.
type Lines struct {
	Title, X, Y string
	Lines       []Line
}

// The colours keep apart for who sees no red or green (Okabe and Ito), and have 3:1 against white and against black.
const style = `<style>
text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:15px}.small{font-size:12px}
.axis{stroke:#6e7781;fill:none}.grid{stroke:#8c959f;stroke-opacity:.35;fill:none}.bar{fill:#3577b8}.spread{stroke:#24292f;fill:none}.goal{stroke:#b35900;stroke-width:2;stroke-dasharray:5 4}
.line{fill:none;stroke-width:2.5}.c0{stroke:#3577b8}.c1{stroke:#b35900}.c2{stroke:#00856a}.c3{stroke:#a8588c}.c4{stroke:#8a7500}.c5{stroke:#6e7781}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.spread{stroke:#e6edf3}}
</style>`

const width, left, right = 720, 210, 90

func begin(b *strings.Builder, title string, height int) {
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">`+"\n%s\n", width, height, html.EscapeString(title), style)
	fmt.Fprintf(b, `<text class="title" x="10" y="22">%s</text>`+"\n", html.EscapeString(title))
}

// SVG draws the chart.
func (c Bars) SVG() string {
	const top, row = 40, 26
	most := c.Goal
	for _, bar := range c.Bars {
		most = max(most, bar.Value, bar.High)
	}
	at := func(v float64) float64 { return left + v/most*float64(width-left-right) }
	bottom := top + row*len(c.Bars)
	var b strings.Builder
	begin(&b, c.Title, bottom+34)
	for i, bar := range c.Bars {
		y := float64(top + row*i)
		fmt.Fprintf(&b, `<text x="%d" y="%.0f" text-anchor="end">%s</text>`+"\n", left-8, y+16, html.EscapeString(bar.Label))
		fmt.Fprintf(&b, `<rect class="bar" x="%d" y="%.0f" width="%.1f" height="16"/>`+"\n", left, y+3, max(1, at(bar.Value)-left))
		if bar.High > bar.Low {
			fmt.Fprintf(&b, `<path class="spread" d="M%.1f %.0fH%.1f"/>`+"\n", at(bar.Low), y+11, at(bar.High))
		}
		fmt.Fprintf(&b, `<text x="%.1f" y="%.0f">%s %s</text>`+"\n", at(max(bar.Value, bar.High))+6, y+16, Number(bar.Value), html.EscapeString(c.Unit))
	}
	if c.Goal > 0 {
		fmt.Fprintf(&b, `<path class="goal" d="M%.1f %dV%d"/><text class="small" x="%.1f" y="%d" text-anchor="middle">goal %s %s</text>`+"\n",
			at(c.Goal), top-4, bottom+4, at(c.Goal), bottom+20, Number(c.Goal), html.EscapeString(c.Unit))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// SVG draws the chart. The name of each line stands at its end, moved where two would meet.
func (c Lines) SVG() string {
	const top, bottom, from, to = 40, 330, 70, width - 190
	x0, x1, y0, y1 := c.bounds()
	x := func(v float64) float64 { return from + (math.Log10(v)-x0)/(x1-x0)*(to-from) }
	y := func(v float64) float64 { return bottom - (math.Log10(v)-y0)/(y1-y0)*(bottom-top) }
	var b strings.Builder
	begin(&b, c.Title, bottom+50)
	for e := x0; e <= x1; e++ {
		v := math.Pow(10, e)
		fmt.Fprintf(&b, `<path class="grid" d="M%.1f %dV%d"/><text class="small" x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x(v), top, bottom, x(v), bottom+18, Number(v))
	}
	for e := y0; e <= y1; e++ {
		v := math.Pow(10, e)
		fmt.Fprintf(&b, `<path class="grid" d="M%d %.1fH%d"/><text class="small" x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n", from, y(v), to, from-6, y(v)+4, Number(v))
	}
	fmt.Fprintf(&b, `<text class="small" x="%d" y="%d" text-anchor="middle">%s</text><text class="small" x="%d" y="%d">%s</text>`+"\n",
		(from+to)/2, bottom+38, html.EscapeString(c.X), 10, top-6, html.EscapeString(c.Y))
	type name struct {
		label string
		at    float64
	}
	var names []name
	for i, line := range c.Lines {
		var path []string
		for _, p := range line.Points {
			path = append(path, fmt.Sprintf("%.1f %.1f", x(p.X), y(p.Y)))
		}
		if len(path) == 0 {
			continue
		}
		fmt.Fprintf(&b, `<path class="line c%d" d="M%s"/>`+"\n", i%6, strings.Join(path, "L"))
		names = append(names, name{line.Label, y(line.Points[len(line.Points)-1].Y)})
	}
	slices.SortFunc(names, func(a, b name) int { return cmp.Compare(a.at, b.at) })
	for i := range names {
		if i > 0 {
			names[i].at = max(names[i].at, names[i-1].at+16)
		}
		fmt.Fprintf(&b, `<text x="%d" y="%.1f">%s</text>`+"\n", to+8, names[i].at+4, html.EscapeString(names[i].label))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// bounds are the powers of ten around all points.
func (c Lines) bounds() (x0, x1, y0, y1 float64) {
	x0, x1, y0, y1 = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, line := range c.Lines {
		for _, p := range line.Points {
			x0, x1 = min(x0, math.Floor(math.Log10(p.X))), max(x1, math.Ceil(math.Log10(p.X)))
			y0, y1 = min(y0, math.Floor(math.Log10(p.Y))), max(y1, math.Ceil(math.Log10(p.Y)))
		}
	}
	return x0, max(x1, x0+1), y0, max(y1, y0+1)
}

// Number has three digits that count, and commas between thousands.
func Number(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v >= 1000:
		text, out := fmt.Sprintf("%.0f", v), ""
		for len(text) > 3 {
			text, out = text[:len(text)-3], ","+text[len(text)-3:]+out
		}
		return text + out
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	}
	digits := max(0, 2-int(math.Floor(math.Log10(v))))
	text := fmt.Sprintf("%.*f", digits, v)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
