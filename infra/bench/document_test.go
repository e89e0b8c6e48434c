package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kundenkonto/infra/bench/figure"
)

// go run ./infra/bench -write makes the document of the figures beside it.
func TestTheDocumentIsMadeOfItsFigures(t *testing.T) {
	files, err := documents("../..")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if got, err := os.ReadFile(filepath.Join("../..", name)); err != nil || string(got) != want {
			t.Errorf("%s is not what its figures make it: go run ./infra/bench -write (%v)", name, err)
		}
		if plot, is := strings.CutPrefix(name, "docs/"); is && strings.HasSuffix(name, ".svg") && !strings.Contains(files[documentFile], "]("+plot+")") {
			t.Errorf("%s is shown nowhere", name)
		}
	}
	plots, err := filepath.Glob("../../docs/performance/*.svg")
	if err != nil || len(plots) != len(files)-1 {
		t.Errorf("plots are %v, %v", plots, err)
	}
}

// Every part that is measured stands in the document, and every goal is of something that is measured.
func TestEveryPartAndGoalHasItsFigures(t *testing.T) {
	found, err := readRun("../../" + storedFile)
	if err != nil {
		t.Fatal(err)
	}
	r := report{found}
	for _, p := range parts {
		if len(r.named(p.name+"/")) == 0 {
			t.Errorf("there is no figure of %s", p.name)
		}
	}
	for _, g := range goals {
		if _, known := r.Find(g.name, g.unit); !known {
			t.Errorf("there is no figure of: %s", g.what)
		}
	}
}

func TestAGoalIsReachedOrMissed(t *testing.T) {
	r := report{figure.Run{Figures: []figure.Figure{figure.Of(goals[0].name, goals[0].unit, 1, 1.04, 1.1), figure.Of(goals[1].name, goals[1].unit, 3)}}}
	got := r.goals()
	if !strings.Contains(got, "| 1.05 | 1.04 | 1.02–1.07 | reached |") || !strings.Contains(got, "| 2 | 3 |  | **missed** |") {
		t.Error(got)
	}
}

func TestNamesAreReadable(t *testing.T) {
	for name, want := range map[string]string{"Merge/packages=100000": "100,000", "Route/path=/account": "`/account`",
		"Cold/function=login/answer=form": "login: form", "Cold/function=hello": "hello", "Alike/of=sign-in/number=no-password": "sign in: no password"} {
		before, _, _ := strings.Cut(name, "=")
		if got := label(name, before+"="); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
}
