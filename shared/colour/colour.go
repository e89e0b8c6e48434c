// Package colour makes the colours of pages and mails from the operator's accent, by the contrasts of WCAG 2.2.
package colour

import (
	"fmt"
	"math"
	"strconv"
)

// Default is the accent when none, or a bad one, is configured.
const Default = "#0b5c8a"

// rgb is a colour in sRGB, each part from 0 to 1.
type rgb [3]float64

var white, black = rgb{1, 1, 1}, rgb{0, 0, 0}

func parse(s string) (rgb, error) {
	var c rgb
	if len(s) != 7 || s[0] != '#' {
		return c, fmt.Errorf("%q is no colour like %s", s, Default)
	}
	for i := range c {
		n, err := strconv.ParseUint(s[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return c, fmt.Errorf("%q is no colour like %s", s, Default)
		}
		c[i] = float64(n) / 255
	}
	return c, nil
}

func (c rgb) String() string {
	return fmt.Sprintf("#%02x%02x%02x", round(c[0]), round(c[1]), round(c[2]))
}

func round(f float64) int { return int(math.Round(f * 255)) }

// mix returns share of d in c.
func (c rgb) mix(d rgb, share float64) rgb {
	for i := range c {
		c[i] += (d[i] - c[i]) * share
	}
	return c
}

// luminance is the relative one of WCAG 2.2.
func (c rgb) luminance() float64 {
	lin := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c[0]) + 0.7152*lin(c[1]) + 0.0722*lin(c[2])
}

// contrast is the ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Check tells whether a colour such as #0b5c8a can be the accent: white text on it must be
// readable, 4.5:1 as WCAG 2.2 (1.4.3) asks.
func Check(hex string) error {
	c, err := parse(hex)
	if err != nil {
		return err
	}
	if k := contrast(c, white); k < 4.5 {
		return fmt.Errorf("%s has a contrast of %.1f:1 to white, at least 4.5:1 is needed; choose a darker colour", hex, k)
	}
	return nil
}

// rounded is the colour as it is shown.
func (c rgb) rounded() rgb {
	r, _ := parse(c.String())
	return r
}

// toContrast moves c towards d until it stands out from all grounds by ratio.
func (c rgb) toContrast(d rgb, ratio float64, grounds ...rgb) rgb {
	for i := range 100 {
		m, enough := c.mix(d, float64(i)/100).rounded(), true
		for _, g := range grounds {
			enough = enough && contrast(m, g.rounded()) >= ratio
		}
		if enough {
			return m
		}
	}
	return d
}
