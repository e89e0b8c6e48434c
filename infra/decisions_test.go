package infra

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const decisions = "../docs/decisions"

var (
	// record is a decision: its number and title, its status, and four parts that say something.
	record = regexp.MustCompile(`^# (\d{4}) (\S.+)\n\nStatus: (accepted|replaced by \d{4}), \d{4}-\d\d-\d\d\n` +
		`\n## Context\n\n(?s:\S.+)\n\n## Decision\n\n(?s:\S.+)\n\n## Alternatives\n\n(?s:\S.+)\n\n## Consequences\n\n(?s:\S.+)\n$`)
	indexed  = regexp.MustCompile(`(?m)^\| (\d{4}) \| \[(.+)\]\((\S+)\) \| (.+) \|$`)
	linked   = regexp.MustCompile(`\]\(([^)#\s]+)(?:#\S*)?\)`)
	external = regexp.MustCompile(`^[a-z]+:`)
)

// Whoever asks why finds one record a decision, by a number that is never used twice, in the index and in the same form.
func TestEachDecisionIsRecordedInTheSameFormAndStandsInTheIndex(t *testing.T) {
	listed := map[string]string{}
	for _, row := range indexed.FindAllStringSubmatch(document(t, "decisions/README.md"), -1) {
		if listed[row[3]] != "" {
			t.Errorf("%s is listed twice", row[3])
		}
		listed[row[3]] = fmt.Sprintf("%s %s: %s", row[1], row[2], row[4])
	}
	files, err := filepath.Glob(decisions + "/[0-9]*.md")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d decisions: %v", len(files), err)
	}
	numbers := map[string]string{}
	for _, path := range files {
		name := filepath.Base(path)
		said := record.FindStringSubmatch(document(t, "decisions/"+name))
		if said == nil {
			t.Errorf("%s has not the form of a record", name)
			continue
		}
		number := said[1]
		if numbers[number] != "" || !strings.HasPrefix(name, number+"-") {
			t.Errorf("%s has the number %s, as has %q", name, number, numbers[number])
		}
		numbers[number] = name
		if want := fmt.Sprintf("%s %s: %s", number, said[2], said[3]); listed[name] != want {
			t.Errorf("the index says %q of %s, want %q", listed[name], name, want)
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("the index lists %s, which is not there", name)
	}
	for number := 1; number <= len(numbers); number++ {
		if numbers[fmt.Sprintf("%04d", number)] == "" {
			t.Errorf("there is no record %04d", number)
		}
	}
}

// A record that moved takes its links along.
func TestLinksOfTheArchitectureAndOfDecisionsLeadSomewhere(t *testing.T) {
	files, err := filepath.Glob(decisions + "/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(files, "../ARCHITECTURE.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range linked.FindAllStringSubmatch(string(text), -1) {
			if external.MatchString(link[1]) {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), link[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", path, link[1])
			}
		}
	}
}
