package spelling

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kundenkonto/shared/merge"
)

// tablePair is a line of testdata/pairs: two ways of writing as real people, streets or banks have them, and what is meant by them.
type tablePair struct {
	file               string
	line               int
	want               string // same or different
	field              string // of merge.Record; person is "first name|last name", company|contact as well; account is "IBAN|account number|bank code"
	country            string // of both sides; DE/AT where they differ
	language           string // of the name, in the tables of people
	a, b               string
	note               string
	countryA, countryB string
}

// pairTable reads all lines of testdata/pairs. A file begins with a line that names its columns.
func pairTable(t testing.TB) []tablePair {
	t.Helper()
	files, err := filepath.Glob("testdata/pairs/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables of pairs: %v", err)
	}
	var all []tablePair
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(raw), "\n") {
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			c := strings.Split(line, "\t")
			if len(c) != 7 {
				t.Fatalf("%s:%d: %d columns, want want, field, country, language, one way, the other way, note", file, i+1, len(c))
			}
			p := tablePair{file: filepath.Base(file), line: i + 1, want: c[0], field: c[1], country: c[2], language: c[3], a: unquoted(c[4]), b: unquoted(c[5]), note: c[6]}
			p.countryA, p.countryB, _ = strings.Cut(p.country, "/")
			if p.countryB == "" {
				p.countryB = p.countryA
			}
			all = append(all, p)
		}
	}
	return all
}

// unquoted reads \u{...} as the character it names, since invisible ones cannot be read in a table.
func unquoted(v string) string {
	for {
		before, rest, found := strings.Cut(v, `\u{`)
		hex, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return v
		}
		n := rune(0)
		for _, d := range hex {
			n = n*16 + rune(strings.IndexRune("0123456789abcdef", d))
		}
		v = before + string(n) + after
	}
}

// equal compares both ways from both sides and reports whether they mean the same; they must not depend on the side.
func (p tablePair) equal(t *testing.T) bool {
	t.Helper()
	there, back := p.compare(p.a, p.b, p.countryA, p.countryB), p.compare(p.b, p.a, p.countryB, p.countryA)
	if there != back {
		t.Errorf("%s:%d: equal is %v, and %v with swapped sides", p.file, p.line, there, back)
	}
	return there
}

func (p tablePair) compare(a, b, countryA, countryB string) bool {
	switch p.field {
	case "person":
		return merge.Compare(Speller{}, person(a, countryA), person(b, countryB)).SameNames
	case "account":
		return merge.Compare(Speller{}, bankOf(a, countryA), bankOf(b, countryB)).Identical()
	}
	return compareOne(merge.Field(p.field), a, b, countryA, countryB).Verdict != merge.Different
}

func person(v, country string) merge.Record {
	first, last, _ := strings.Cut(v, "|")
	return merge.Record{FirstName: first, LastName: last, Country: country}
}

func bankOf(v, country string) merge.Record {
	c := append(strings.Split(v, "|"), "", "")
	return merge.Record{IBAN: c[0], AccountNumber: c[1], BankCode: c[2], Country: country}
}

func TestTablePairsMeanWhatTheirNoteSays(t *testing.T) {
	for _, p := range pairTable(t) {
		if got := p.equal(t); got != (p.want == "same") {
			f := merge.Field(p.field)
			t.Errorf("%s:%d: %s %q and %q should be %s (%s); meant %q and %q", p.file, p.line, p.field, p.a, p.b, p.want, p.note,
				Canonical(f, p.a, p.countryA), Canonical(f, p.b, p.countryB))
		}
	}
}

// The table has at least 500 pairs, half of them alike but different, of Germany, Austria and Switzerland, with names of at least 15 languages.
func TestTableIsAsLargeAsPromised(t *testing.T) {
	seen, languages, countries := map[string]bool{}, map[string]bool{}, map[string]int{}
	all := pairTable(t)
	apart := 0
	for _, p := range all {
		key := strings.Join([]string{p.field, p.country, p.a, p.b}, "\t")
		if seen[key] || p.a == p.b {
			t.Errorf("%s:%d: %q and %q say nothing new", p.file, p.line, p.a, p.b)
		}
		seen[key] = true
		if p.want != "same" && p.want != "different" || p.note == "" {
			t.Errorf("%s:%d: needs same or different, and a note", p.file, p.line)
		}
		if p.want == "different" {
			apart++
		}
		countries[p.countryA]++
		if p.language != "-" && p.language != "" {
			languages[p.language] = true
		}
	}
	if len(all) < 500 || 2*apart < len(all) || len(languages) < 15 || countries["DE"] < 100 || countries["AT"] < 40 || countries["CH"] < 40 {
		t.Errorf("%d pairs, %d of them different, %d languages, countries %v", len(all), apart, len(languages), countries)
	}
	t.Logf("%d pairs, %d of them different, %d languages, countries %v", len(all), apart, len(languages), countries)
}
