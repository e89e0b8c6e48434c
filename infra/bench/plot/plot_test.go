package plot

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestNumbersHaveThreeDigitsThatCount(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1.0456: "1.05", 12.34: "12.3", 123.4: "123", 1234567: "1,234,567", 1000: "1,000", 100000: "100,000", 0.01234: "0.0123", 5: "5", 10: "10"} {
		if got := Number(v); got != want {
			t.Errorf("%g is %s, not %s", v, got, want)
		}
	}
}

func TestChartsAreXMLWithEveryLabel(t *testing.T) {
	for _, svg := range []string{
		Bars{Title: "a < b", Unit: "MB", Goal: 5, Bars: []Bar{{"login & co", 6, 5.5, 6.5}, {"review", 0, 0, 0}}}.SVG(),
		Lines{Title: "a < b", X: "packages", Y: "ms", Lines: []Line{{"login & co", []Point{{10, 1}, {100, 1}}}, {"review", []Point{{10, 1}, {100, 1}}}, {"none", nil}}}.SVG(),
	} {
		decoder := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err, svg)
			}
		}
		for _, want := range []string{"a &lt; b", "login &amp; co", "review", "prefers-color-scheme:dark"} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s is missing in %s", want, svg)
			}
		}
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Error(svg)
		}
	}
}

// Names of lines that end at the same place stand below each other.
func TestNamesOfLinesDoNotMeet(t *testing.T) {
	svg := Lines{Lines: []Line{{"one", []Point{{10, 5}}}, {"two", []Point{{10, 5}}}}}.SVG()
	at := func(label string) string {
		before, _, _ := strings.Cut(svg, ">"+label+"<")
		return before[strings.LastIndex(before, "y="):]
	}
	if at("one") == at("two") {
		t.Error(svg)
	}
}
