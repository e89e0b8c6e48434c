package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kundenkonto/infra/bench/figure"
	"kundenkonto/infra/bench/plot"
	"kundenkonto/infra/places"
)

// The document, and the figures it is made of.
const (
	documentFile = "docs/performance.md"
	plotFolder   = "docs/performance"
	storedFile   = plotFolder + "/bench.json"
)

// writeDocument keeps the figures beside the document and makes it of them.
func writeDocument(from string) error {
	found, err := readRun(from)
	if err != nil {
		return fmt.Errorf("measure first (make bench): %w", err)
	}
	if err := os.MkdirAll(plotFolder, 0o755); err != nil {
		return err
	}
	if err := create(storedFile, func(f *os.File) error { return found.Write(f, false) }); err != nil {
		return err
	}
	files, err := documents(".")
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func readRun(name string) (figure.Run, error) {
	f, err := os.Open(name)
	if err != nil {
		return figure.Run{}, err
	}
	defer f.Close()
	return figure.Read(f)
}

// documents are the document and its plots, by their names, as the stored figures make them; root is the folder of the project.
func documents(root string) (map[string]string, error) {
	found, err := readRun(filepath.Join(root, storedFile))
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(root, documentFile))
	if err != nil {
		return nil, err
	}
	r := report{found}
	filled, err := places.Fill(string(text), r.tables())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", documentFile, err)
	}
	files := map[string]string{documentFile: filled}
	for name, svg := range r.plots() {
		files[plotFolder+"/"+name+".svg"] = svg
	}
	return files, nil
}

// report makes tables and plots of a run.
type report struct{ figure.Run }

// goal is a figure to reach.
type goal struct {
	what, name, unit string
	most             float64
}

var goals = []goal{
	{"CPU of a sign-in ÷ CPU of the bare hash", "Login/of=sign-in", "cpu-ratio", 1.05},
	{"rounds of AWS calls of a sign-in", "Operation/of=login", "rounds", 2},
	{"first answer ÷ that of a hello world: login", "Cold/function=login/answer=form", "ratio", 1.3},
	{"first answer ÷ that of a hello world: account", "Cold/function=account/answer=redirect", "ratio", 1.3},
	{"first answer ÷ that of a hello world: mergeexecute", "Cold/function=mergeexecute/answer=step", "ratio", 1.3},
	{"zip of login, MB", "Zip/function=login", "MB", 5},
	{"zip of account, MB", "Zip/function=account", "MB", 5},
	{"CPU of the overview with 1,000 packages, ms", "Growth/page=overview/size=1000", "cpu-ms/op", 5},
}

func (r report) tables() map[string]string {
	return map[string]string{
		"run":      fmt.Sprintf("Measured at revision %s on %s with %s on %s; the load of the machine at the beginning was %s.\n", r.Revision, r.Date, r.Go, r.System, r.Load),
		"goals":    r.goals(),
		"login":    r.table("Login/of=", "what", column{"CPU, ms", "cpu-ms/op"}, column{"bytes", "B/op"}),
		"cold":     r.table("Cold/function=", "function and answer", column{"ms", "ms"}, column{"CPU, ms", "cpu-ms"}, column{"÷ hello world", "ratio"}, column{"CPU ÷", "cpu-ratio"}),
		"zips":     r.table("Zip/function=", "function", column{"zip, MB", "MB"}, column{"binary, MB", "binary-MB"}),
		"counts":   r.table("Operation/of=", "operation", column{"requests", "requests"}, column{"rounds", "rounds"}, column{"read units", "read-units"}, column{"write units", "write-units"}, column{"items written", "items-written"}),
		"merges":   r.table("Merge/packages=", "packages", column{"requests", "requests"}, column{"read units", "read-units"}, column{"write units", "write-units"}, column{"items written", "items-written"}),
		"routes":   r.table("Route/path=", "page", column{"ms", "ms/op"}, column{"CPU, ms", "cpu-ms/op"}, column{"kB", "B/op"}, column{"allocations", "allocs/op"}),
		"parallel": r.table("Parallel/logins=", "at a time", column{"sign-ins a second", "logins/s"}, column{"memory at most, MB", "MB"}),
		"alike":    r.table("Alike/of=", "try and number", column{"ms", "ms/op"}, column{"÷ one that exists", "ratio"}, column{"CPU, ms", "cpu-ms/op"}, column{"CPU ÷", "cpu-ratio"}),
		"growth":   r.grown(),
		"million":  r.table("Million/of=", "a million of", column{"USD", "USD"}),
	}
}

func (r report) goals() string {
	var b strings.Builder
	b.WriteString("| figure | goal | measured | spread | |\n|---|---:|---:|---:|---|\n")
	for _, g := range goals {
		f, found := r.Find(g.name, g.unit)
		if !found {
			continue
		}
		word := "reached"
		if f.Median > g.most {
			word = "**missed**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", g.what, plot.Number(g.most), plot.Number(f.Median), spread(f), word)
	}
	return b.String()
}

func spread(f figure.Figure) string {
	if f.Low == f.High {
		return ""
	}
	return plot.Number(f.Low) + "–" + plot.Number(f.High)
}

// column is a unit with its heading.
type column struct{ heading, unit string }

// table has a row for each name with a prefix, in the order of the figures.
func (r report) table(prefix, heading string, columns ...column) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |", heading)
	for _, c := range columns {
		fmt.Fprintf(&b, " %s |", c.heading)
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(columns)) + "\n")
	for _, name := range r.named(prefix) {
		fmt.Fprintf(&b, "| %s |", label(name, prefix))
		for _, c := range columns {
			f, found := r.Find(name, c.unit)
			if !found {
				b.WriteString(" |")
				continue
			}
			if f.Unit == "B/op" && c.heading == "kB" {
				f = figure.Of(f.Name, f.Unit, f.Median/1000)
			}
			fmt.Fprintf(&b, " %s |", plot.Number(f.Median))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// named are the names with a prefix, each once.
func (r report) named(prefix string) (names []string) {
	for _, f := range r.Figures {
		if strings.HasPrefix(f.Name, prefix) && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

// label is the rest of a name, as people read it; a path and a number stay as they are.
func label(name, prefix string) string {
	rest := strings.TrimPrefix(name, prefix)
	if n, err := strconv.Atoi(rest); err == nil {
		return plot.Number(float64(n))
	}
	if strings.HasPrefix(rest, "/") {
		return "`" + rest + "`"
	}
	what, more, _ := strings.Cut(rest, "/")
	_, more, _ = strings.Cut(more, "=")
	return strings.TrimSuffix(strings.ReplaceAll(what+": "+more, "-", " "), ": ")
}

// sizes are the numbers of packages, customers and orders that were measured.
func (r report) sizes() (all []int) {
	for _, name := range r.named("Growth/page=") {
		_, text, _ := strings.Cut(name, "/size=")
		if n, err := strconv.Atoi(text); err == nil && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all
}

// pages are the pages that were looked at with ever more.
func (r report) pages() (all []string) {
	for _, name := range r.named("Growth/page=") {
		page, _, _ := strings.Cut(strings.TrimPrefix(name, "Growth/page="), "/")
		if !slices.Contains(all, page) {
			all = append(all, page)
		}
	}
	return all
}

func (r report) grown() string {
	var b strings.Builder
	sizes := r.sizes()
	b.WriteString("| page | |")
	for _, n := range sizes {
		fmt.Fprintf(&b, " %s |", plot.Number(float64(n)))
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---:|", len(sizes)) + "\n")
	for _, page := range r.pages() {
		for i, c := range []column{{"requests", "requests"}, {"rounds", "rounds"}, {"read units", "read-units"}, {"CPU, ms", "cpu-ms/op"}} {
			name := ""
			if i == 0 {
				name = strings.ReplaceAll(page, "-", " ")
			}
			fmt.Fprintf(&b, "| %s | %s |", name, c.heading)
			for _, n := range sizes {
				if f, found := r.Find(fmt.Sprintf("Growth/page=%s/size=%d", page, n), c.unit); found {
					fmt.Fprintf(&b, " %s |", plot.Number(f.Median))
				} else {
					b.WriteString(" |")
				}
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

func (r report) plots() map[string]string {
	return map[string]string{
		"cold":     plot.Bars{Title: "First answer, compared with a hello world", Unit: "×", Goal: 1.3, Bars: r.bars("Cold/function=", "ratio")}.SVG(),
		"zips":     plot.Bars{Title: "Zips of the functions, arm64", Unit: "MB", Goal: 5, Bars: r.bars("Zip/function=", "MB")}.SVG(),
		"routes":   plot.Bars{Title: "CPU of a warm page", Unit: "ms", Bars: r.bars("Route/path=", "cpu-ms/op")}.SVG(),
		"parallel": plot.Bars{Title: "Sign-ins a second, by how many at a time", Unit: "a second", Bars: r.bars("Parallel/logins=", "logins/s")}.SVG(),
		"alike":    plot.Bars{Title: "CPU of a wrong try, whatever the number is", Unit: "ms", Bars: r.bars("Alike/of=", "cpu-ms/op")}.SVG(),
		"packages": plot.Lines{Title: "CPU of a page, by how many packages there are", X: "packages", Y: "ms of CPU", Lines: r.lines("cpu-ms/op", ofPackages)}.SVG(),
		"team":     plot.Lines{Title: "CPU of a page of the service team, by how much there is", X: "customers and orders", Y: "ms of CPU", Lines: r.lines("cpu-ms/op", ofTeam)}.SVG(),
		"units":    plot.Lines{Title: "Read units of a page, by how many packages there are", X: "packages", Y: "read units", Lines: r.lines("read-units", ofPackages)}.SVG(),
	}
}

func (r report) bars(prefix, unit string) (bars []plot.Bar) {
	for _, name := range r.named(prefix) {
		if f, found := r.Find(name, unit); found {
			bars = append(bars, plot.Bar{Label: strings.Trim(label(name, prefix), "`"), Value: f.Median, Low: f.Low, High: f.High})
		}
	}
	return bars
}

func (r report) lines(unit string, pages []page) (lines []plot.Line) {
	for _, page := range pages {
		line := plot.Line{Label: strings.ReplaceAll(page.name, "-", " ")}
		for _, n := range r.sizes() {
			if f, found := r.Find(fmt.Sprintf("Growth/page=%s/size=%d", page.name, n), unit); found && f.Median > 0 {
				line.Points = append(line.Points, plot.Point{X: float64(n), Y: f.Median})
			}
		}
		lines = append(lines, line)
	}
	return lines
}
