package main

import (
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"kundenkonto/infra/bench/figure"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/meter"
)

func TestSizesAreNumbers(t *testing.T) {
	if got, err := numbers("10,100000"); err != nil || !slices.Equal(got, []int{10, 100000}) {
		t.Error(got, err)
	}
	for _, wrong := range []string{"", "10,", "viele", "0"} {
		if got, err := numbers(wrong); err == nil {
			t.Errorf("%q is %v", wrong, got)
		}
	}
}

func TestTheMostMemoryIsRead(t *testing.T) {
	if got, err := mostMemory("VmPeak:\t 9 kB\nVmHWM:\t  125000 kB\nVmRSS:\t 1 kB\n"); err != nil || got != 128 {
		t.Error(got, err)
	}
	if _, err := mostMemory("VmPeak: 9 kB"); err == nil {
		t.Error("a status without it is taken")
	}
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		if got, err := mostMemory(string(status)); err != nil || got < 1 {
			t.Error(got, err)
		}
	}
}

func TestACopyHasItsOwnTextsEverywhere(t *testing.T) {
	one := tablefake.Item{"pk": {"S": "C#1"}, "list": {"L": []any{map[string]any{"S": "von 1 an"}}}}
	two, err := copied(one, "1", "2")
	if err != nil || two["pk"]["S"] != "C#2" || two["list"]["L"].([]any)[0].(map[string]any)["S"] != "von 2 an" || one["pk"]["S"] != "C#1" {
		t.Error(two, err)
	}
}

// today counts at a time when contracts have begun, without waiting for it: rounds do not depend on how busy the machine is.
func today(t *testing.T, count func(bench) error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)))
		if err := count(bench{ctx: t.Context()}); err != nil {
			t.Fatal(err)
		}
	})
}

// What is put beside is what the pages find.
func TestSeededTablesAreFoundByThePages(t *testing.T) {
	var r figure.Run
	today(t, func(b bench) (err error) {
		b.sizes = []int{40}
		r.Figures, err = b.growth()
		return err
	})
	for page, most := range map[string]float64{"overview": 3, "queue": 3, "customer-by-number": 2} {
		f, found := r.Find("Growth/page="+page+"/size=40", "rounds")
		if !found || f.Median < 1 || f.Median > most {
			t.Errorf("%s takes %+v", page, f)
		}
	}
}

// Figures of the design: a sign-in takes two rounds, a merge the same writes whatever the number of packages.
func TestFiguresThatDoNotDependOnTheMachine(t *testing.T) {
	var operations figure.Run
	merges := map[int]float64{}
	today(t, func(b bench) (err error) {
		if operations.Figures, err = b.operations(); err != nil {
			return err
		}
		for _, n := range []int{1, 300} {
			figures, err := b.merge(n)
			if err != nil {
				return err
			}
			f, _ := (figure.Run{Figures: figures}).Find(mergeName(n), "items-written")
			merges[n] = f.Median
		}
		return nil
	})
	if f, _ := operations.Find("Operation/of=login", "rounds"); f.Median != 2 {
		t.Errorf("a sign-in takes %+v", f)
	}
	if merges[1] == 0 || merges[1] != merges[300] {
		t.Errorf("merges write %v items", merges)
	}
}

func TestAWalkThatGoesWrongIsAnError(t *testing.T) {
	if err := (bench{ctx: t.Context()}).walk(func(h *meter.House) { h.Send("GET", "/nirgends") }); err == nil {
		t.Error("it went well")
	}
}

// Functions are started with what the template tells them of collecting garbage.
func TestTheTemplateSaysHowEagerlyGarbageIsCollected(t *testing.T) {
	if got := collecting("      Variables:\n        STAGE: x\n        GOGC: \"400\" # why\n"); !slices.Equal(got, []string{"GOGC=400"}) {
		t.Error(got)
	}
	template, err := os.ReadFile("../../template.yaml")
	if err != nil || len(collecting(string(template))) != 1 {
		t.Error("the template does not say it", err)
	}
}
