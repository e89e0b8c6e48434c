package figure

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestAFigureIsTheMedianWithItsQuartiles(t *testing.T) {
	for _, c := range []struct {
		samples           []float64
		low, median, high float64
	}{
		{[]float64{7}, 7, 7, 7},
		{[]float64{3, 1}, 1.5, 2, 2.5},
		{[]float64{5, 1, 4, 2, 3}, 2, 3, 4},
		{[]float64{1, 2, 3, 1000}, 1.75, 2.5, 252.25},
	} {
		if f := Of("X", "ms", c.samples...); f.Low != c.low || f.Median != c.median || f.High != c.high {
			t.Errorf("%v: %+v", c.samples, f)
		}
	}
}

func TestRatiosAreOfPairs(t *testing.T) {
	if got := Ratios([]float64{2, 9}, []float64{1, 3}); !slices.Equal(got, []float64{2, 3}) {
		t.Error(got)
	}
}

func TestARunIsReadAsItWasWritten(t *testing.T) {
	r := Run{Revision: "abc", Go: "go1.26", Figures: []Figure{Of("A/n=1", "ms", 1.23456, 2), Of("B", "requests", 12345.4)}}
	var text bytes.Buffer
	if err := r.Write(&text, true); err != nil {
		t.Fatal(err)
	}
	got, err := Read(&text)
	if err != nil || got.Revision != "abc" || len(got.Figures) != 2 || got.Figures[0].Median != 1.617 || got.Figures[1].Median != 12345 ||
		!slices.Equal(got.Figures[0].Samples, []float64{1.23456, 2}) {
		t.Errorf("%+v, %v", got, err)
	}
	if f, found := got.Find("B", "requests"); !found || f.Unit != "requests" {
		t.Errorf("%+v", f)
	}
	text.Reset()
	if err := r.Write(&text, false); err != nil || strings.Contains(text.String(), "samples") {
		t.Error(text.String(), err)
	}
}

// The same figure measured twice is one of all samples.
func TestSamplesOfTheSameFigureAreJoined(t *testing.T) {
	var r Run
	r.Add(Of("A", "ms", 1), Of("A", "requests", 5))
	r.Add(Of("A", "ms", 3))
	if f, _ := r.Find("A", "ms"); len(r.Figures) != 2 || f.Median != 2 || len(f.Samples) != 2 {
		t.Errorf("%+v", r.Figures)
	}
}

func TestTheTextHasALineASample(t *testing.T) {
	var text bytes.Buffer
	if err := (Run{Revision: "abc", Figures: []Figure{Of("Login/x=1", "ratio", 1.25, 1.5)}}).Text(&text); err != nil {
		t.Fatal(err)
	}
	if want := "BenchmarkLogin/x=1 1 1.25 ratio\nBenchmarkLogin/x=1 1 1.5 ratio\n"; !strings.HasSuffix(text.String(), want) {
		t.Error(text.String())
	}
}

// A difference within the spread is none.
func TestADifferenceWithinTheSpreadIsNone(t *testing.T) {
	var text bytes.Buffer
	before := Run{Revision: "before", Figures: []Figure{Of("A", "ms", 1, 2, 3), Of("B", "ms", 10, 10, 10), Of("Gone", "ms", 1)}}
	after := Run{Revision: "after", Figures: []Figure{Of("A", "ms", 2, 3, 4), Of("B", "ms", 5, 5, 5), Of("New", "ms", 1)}}
	if err := Compare(&text, before, after); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(text.String()), "\n")
	if len(lines) != 3 || !strings.HasSuffix(lines[1], "~") || !strings.HasSuffix(lines[2], "-50.0 %") {
		t.Error(text.String())
	}
}
