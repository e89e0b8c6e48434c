package colour

import (
	"fmt"
	"strings"
)

// token is one custom property of the stylesheet.
type token struct {
	name  string
	value rgb
}

// Text stands out from every ground it is used on by 7:1, lines of controls and
// their fill by 4.5:1 (WCAG 2.2, 1.4.6 and, stricter than, 1.4.11).
const (
	textContrast    = 7
	controlContrast = 4.5
)

// scheme makes the colours of one colour scheme from the accent: paper is what
// things lie on, raised the ground of cards, pen what is written with.
func scheme(accent, paper, raised, pen rgb, tintShare float64, tones [3]tone) []token {
	ground, surface := paper.mix(accent, .015), raised.mix(accent, .005)
	tinted := surface.mix(accent, tintShare)
	grounds := []rgb{ground, surface, tinted}
	grey := paper.mix(pen, .4).mix(accent, .12)
	fill, onFill := button(accent, surface, pen)
	tokens := []token{
		{"ground", ground}, {"surface", surface}, {"tint", tinted},
		{"line", surface.mix(pen, .14).mix(accent, .06)}, {"line-strong", grey.toContrast(pen, controlContrast, grounds...)},
		{"ink", pen.mix(accent, .04)}, {"ink-soft", grey.toContrast(pen, textContrast, grounds...)},
		{"accent", fill}, {"accent-hover", fill.mix(onFillAway(onFill), .2)}, {"on-accent", onFill},
		{"accent-ink", accent.toContrast(pen, textContrast, grounds...)}, {"focus", accent.toContrast(pen, textContrast, grounds...)},
	}
	for i, name := range []string{"success", "warning", "danger"} {
		tokens = append(tokens, toneTokens(name, tones[i], surface, pen)...)
	}
	return append(tokens, toneTokens("info", tone{accent, accent, tintShare * .8}, surface, pen)...)
}

// button is the fill of a button, which stands out from its surface, and what is written on it.
func button(c, surface, pen rgb) (fill, on rgb) {
	fill = c.toContrast(pen, controlContrast, surface)
	on = white
	if contrast(fill, white) < controlContrast {
		on = black
	}
	return fill.toContrast(onFillAway(on), textContrast, on), on
}

// onFillAway is the direction that makes a fill stand out more from its text.
func onFillAway(onFill rgb) rgb {
	if onFill == white {
		return black
	}
	return white
}

// tone is the colour of a meaning: what is written and drawn in it, and how
// much of a clearer one is washed over the ground.
type tone struct {
	colour, wash rgb
	share        float64
}

// toneTokens are text, line and ground of a tone, and a fill for its button.
func toneTokens(name string, k tone, surface, pen rgb) []token {
	ground := surface.mix(k.wash, k.share)
	fill, onFill := button(k.colour, surface, pen)
	return []token{
		{name, k.colour.toContrast(pen, textContrast, ground, surface)}, {name + "-ground", ground},
		{name + "-line", k.colour.toContrast(pen, controlContrast, ground, surface)},
		{name + "-fill", fill}, {name + "-hover", fill.mix(onFillAway(onFill), .2)}, {"on-" + name, onFill},
	}
}

func lightScheme(accent rgb) []token {
	return scheme(accent, must("#f7f8f8"), white, must("#14181a"), .07, [3]tone{
		{must("#1c7a4a"), must("#2fb673"), .1}, {must("#a86a00"), must("#ffc107"), .16}, {must("#b4232f"), must("#f2384a"), .07}})
}

func darkScheme(accent rgb) []token {
	return scheme(accent, must("#0f1213"), must("#171b1c"), must("#eef1f1"), .16, [3]tone{
		{must("#3fae77"), must("#3fae77"), .12}, {must("#d69a2d"), must("#e0a020"), .14}, {must("#e5626b"), must("#e5626b"), .13}})
}

// must is for what is known to be a colour.
func must(s string) rgb {
	c, err := parse(s)
	if err != nil {
		panic(err)
	}
	return c
}

// Stylesheet is the head of the stylesheet: both colour schemes, made from an accent that passed Check.
func Stylesheet(accent string) string {
	c := must(accent)
	return fmt.Sprintf(":root{color-scheme:light dark;%s}\n@media (prefers-color-scheme:dark){:root{%s}}\n@media print{:root{color-scheme:light;%s}}\n",
		properties(lightScheme(c)), properties(darkScheme(c)), properties(lightScheme(c)))
}

func properties(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		fmt.Fprintf(&b, "--%s:%s;", t.name, t.value)
	}
	return b.String()
}
