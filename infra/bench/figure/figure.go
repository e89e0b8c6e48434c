// Package figure keeps what was measured: samples with their median and spread, as JSON and as the text that benchstat reads.
package figure

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// Figure is one measured thing. Name is a benchmark's with its parameters, such as Growth/page=overview/size=1000.
type Figure struct {
	Name    string    `json:"name"`
	Unit    string    `json:"unit"`
	Median  float64   `json:"median"`
	Low     float64   `json:"low"`  // first quartile
	High    float64   `json:"high"` // third quartile
	Samples []float64 `json:"samples,omitempty"`
}

// Of reckons a figure from its samples, of which there is one at least.
func Of(name, unit string, samples ...float64) Figure {
	sorted := slices.Sorted(slices.Values(samples))
	return Figure{Name: name, Unit: unit, Median: quantile(sorted, 0.5), Low: quantile(sorted, 0.25), High: quantile(sorted, 0.75), Samples: samples}
}

// quantile is linear between the neighbours.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	below := int(at)
	if below+1 >= len(sorted) {
		return sorted[below]
	}
	return sorted[below] + (at-float64(below))*(sorted[below+1]-sorted[below])
}

// Ratios divides pairs of samples that were taken side by side.
func Ratios(of, by []float64) []float64 {
	all := make([]float64, len(of))
	for i := range of {
		all[i] = of[i] / by[i]
	}
	return all
}

// Run is a run of the benchmarks: where and when, and what came out.
type Run struct {
	Revision string   `json:"revision"`
	Date     string   `json:"date"`
	Go       string   `json:"go"`
	System   string   `json:"system"`
	Load     string   `json:"load,omitempty"` // of the machine at the beginning, as /proc/loadavg has it
	Figures  []Figure `json:"figures"`
}

// Find is the figure of that name and unit.
func (r Run) Find(name, unit string) (Figure, bool) {
	i := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Name == name && f.Unit == unit })
	if i < 0 {
		return Figure{}, false
	}
	return r.Figures[i], true
}

// Add takes further figures; of one that is there it joins the samples.
func (r *Run) Add(more ...Figure) {
	for _, f := range more {
		i := slices.IndexFunc(r.Figures, func(old Figure) bool { return old.Name == f.Name && old.Unit == f.Unit })
		if i < 0 {
			r.Figures = append(r.Figures, f)
			continue
		}
		r.Figures[i] = Of(f.Name, f.Unit, slices.Concat(r.Figures[i].Samples, f.Samples)...)
	}
}

// Read reads a run that Write wrote.
func Read(from io.Reader) (r Run, err error) {
	return r, json.NewDecoder(from).Decode(&r)
}

// Write writes a run as JSON, a figure a line, without its samples unless they are wanted.
func (r Run) Write(to io.Writer, samples bool) error {
	lines := make([]string, len(r.Figures))
	for i, f := range r.Figures {
		if f.Median, f.Low, f.High = short(f.Median), short(f.Low), short(f.High); !samples {
			f.Samples = nil
		}
		line, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", f.Name, f.Unit, err)
		}
		lines[i] = "    " + string(line)
	}
	r.Figures = nil
	head, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(to, "%s[\n%s\n  ]\n}\n", strings.TrimSuffix(string(head), "null\n}"), strings.Join(lines, ",\n"))
	return err
}

// short has four digits that count; more are noise.
func short(x float64) float64 {
	if x == 0 || math.Abs(x) >= 1000 {
		return math.Round(x)
	}
	unit := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*unit) / unit
}

// Text writes the run as `go test -bench` does, a line a sample.
// https://go.googlesource.com/proposal/+/master/design/14313-benchmark-format.md
func (r Run) Text(to io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "pkg: kundenkonto\n(revision %s)\n", r.Revision) // as a key it would part what benchstat shall compare
	for _, f := range r.Figures {
		for _, sample := range f.Samples {
			fmt.Fprintf(&b, "Benchmark%s 1 %g %s\n", f.Name, sample, f.Unit)
		}
	}
	_, err := io.WriteString(to, b.String())
	return err
}

// Compare writes a table of what both runs measured, and how much the second differs. Differences smaller than the spread
// of either are marked as none.
func Compare(to io.Writer, before, after Run) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-70s %14s %14s  %s\n", "", short12(before.Revision), short12(after.Revision), "change")
	for _, f := range after.Figures {
		old, found := before.Find(f.Name, f.Unit)
		if !found {
			continue
		}
		change := "~"
		if f.Low > old.High || f.High < old.Low {
			change = fmt.Sprintf("%+.1f %%", 100*(f.Median-old.Median)/old.Median)
		}
		fmt.Fprintf(&b, "%-70s %14.4g %14.4g  %s\n", f.Name+" "+f.Unit, old.Median, f.Median, change)
	}
	_, err := io.WriteString(to, b.String())
	return err
}

func short12(revision string) string { return revision[:min(len(revision), 12)] }
