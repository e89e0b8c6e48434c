package spelling

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kundenkonto/shared/merge"
)

// givenNames are given names of people who live in Germany, Austria and Switzerland, among them all that look like a title, a degree, a particle, a legal form or
// an abbreviation of the tables. No two of them mean the same.
var givenNames = strings.Fields(`Anna Hanna Johanna Max Maximilian Moritz Jan Jana Jean Jeanne Andrea Andreas Mia Pia Lea Leo Leon Ben Benno Bo Bob
	Mag Magda Ing Inga Ingo Di Diana Do Dora Ma Mo Ba Bao Mba Med Phil Philipp Math Nat Pol Paul Des Denise Arch Uni Vet Hum Jun Jung Sen Senta Sr Jr Li Lic
	Sig Sigrid Hon Ir Bc Mas Meng Beng Bed Tu Tuyet Th Eth Ed Eduard Ag Agnes Eg Egon Ev Eva Ek Ug Udo Kg Se Sa Sarl Co U V Z D Ph M A B I O E H
	Ritter Graf Prinz Frei Herrmann Frauke Xiao Wei Hồng Nguyen Sarr Mame Ayşe Ilgın İnci Łucja Đorđe Þóra Søren Åsa
	राम रामु ராமு ராமி Андрей Андреи かな がな 花子 지우 지후 Ελένη أمل Олексій`)

// anyGivenName is one of them, or two or three of them joined by a blank or a hyphen.
func anyGivenName(t *rapid.T, label string) string {
	n := rapid.IntRange(1, 3).Draw(t, label+" parts")
	name := rapid.SampledFrom(givenNames).Draw(t, label)
	for range n - 1 {
		name += rapid.SampledFrom([]string{"-", " "}).Draw(t, label+" joint") + rapid.SampledFrom(givenNames).Draw(t, label+" next")
	}
	return name
}

// written changes a name in ways that no title, form or abbreviation has a part in.
func written(t *rapid.T, name string) string {
	switch rapid.IntRange(0, 3).Draw(t, "writing") {
	case 1:
		return strings.ToUpper(name)
	case 2:
		return strings.ReplaceAll(name, "-", " ")
	case 3:
		return strings.ReplaceAll(name, " ", "  ")
	}
	return name
}

// bare is a name without the rules of persons.tsv.
func bare(name string) string { return joined(plainLetters(clean(strings.ToLower(name))), "") }

func TestNoTitleFormOrAbbreviationMakesTwoGivenNamesEqual(t *testing.T) {
	titles := rapid.SampledFrom([]string{"", "Dr. ", "Prof. Dr. ", "Frau ", "Dipl.-Ing. (FH) ", "Univ.-Prof. ", "Mag. ", "Ing. ", "Dr. med. ", "DDr. ", "Hr. "})
	degrees := rapid.SampledFrom([]string{"", ", M.Sc.", ", MSc", ", Ph.D.", " M.A.", ", LL.M.", ", Dr."})
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyGivenName(t, "a"), anyGivenName(t, "b")
		if rapid.Bool().Draw(t, "alike") { // a name and a part of it are what a rule would make equal
			b = a + rapid.SampledFrom([]string{"-", " "}).Draw(t, "joint") + rapid.SampledFrom(givenNames).Draw(t, "more")
			if rapid.Bool().Draw(t, "in front") {
				b = rapid.SampledFrom(givenNames).Draw(t, "first") + rapid.SampledFrom([]string{"-", " "}).Draw(t, "joint") + a
			}
		}
		a, b = written(t, a), written(t, b)
		if bare(a) == bare(b) {
			return
		}
		titledA, titledB := titles.Draw(t, "title of a")+a+degrees.Draw(t, "degree of a"), titles.Draw(t, "title of b")+b+degrees.Draw(t, "degree of b")
		for _, p := range [][2]string{{a, b}, {titledA, b}, {titledA, titledB}} {
			if got := compareOne(merge.FirstName, p[0], p[1], "DE", "DE"); got.Verdict != merge.Different {
				t.Fatalf("%q and %q are the same (%s): both mean %q", p[0], p[1], got.Reason, Canonical(merge.FirstName, p[0], "DE"))
			}
		}
	})
}

// The same for each name of the list by itself, so that no draw misses one.
func TestNoNameOfTheListIsTakenForATitleOrADegree(t *testing.T) {
	for _, x := range givenNames {
		for _, y := range []string{"Anna", "Xiao", "Wei-Min"} {
			for _, both := range []string{x + " " + y, y + " " + x, x + "-" + y, y + "-" + x, "Dr. " + x + " " + y, strings.ToUpper(x + " " + y), strings.ToUpper(y + " " + x), "Dr. " + strings.ToUpper(y+" "+x)} {
				for _, f := range []merge.Field{merge.FirstName, merge.LastName} {
					if bare(both) != bare("Dr. "+y) && Canonical(f, both, "DE") == Canonical(f, y, "DE") {
						t.Errorf("%s %q is taken for %q", f, both, y)
					}
				}
			}
		}
	}
}

func TestATitleInFrontChangesNoGivenName(t *testing.T) {
	titles := []string{"Dr. ", "Dr ", "Prof. ", "Prof. Dr. ", "Prof. Dr. med. ", "Univ.-Prof. DDr. ", "Frau ", "Herrn ", "Hr. ", "Frau Dr. ", "Dipl.-Ing. ", "Dipl.-Ing. (FH) ", "Dipl.-Kffr. ",
		"Dipl. Ing. ", "Mag. ", "Mag.a ", "MMag. ", "Ing. ", "PD Dr. ", "Priv.-Doz. ", "Dr. rer. nat. ", "Dr. h. c. ", "Dr. h.c. mult. ", "Dr.-Ing. ", "MUDr. ", "Mgr. ", "Ing. Dr. ", "Bakk. "}
	for _, name := range givenNames {
		for _, title := range titles {
			if got, want := Canonical(merge.FirstName, title+name, "AT"), Canonical(merge.FirstName, name, "AT"); got != want {
				t.Errorf("%q means %q, want %q", title+name, got, want)
			}
		}
	}
}

func TestNoNameBecomesEmptyByTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyText().Draw(t, "value")
		for _, f := range []merge.Field{merge.FirstName, merge.LastName, merge.Company} {
			if lettered(clean(v)) && Canonical(f, v, "DE") == "" {
				t.Fatalf("%s %q has nothing left", f, v)
			}
		}
	})
}

func TestGivenNamesAndSurnamesHaveTheSameRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { // otherwise swapped names would be the same from one side only
		v := anyText().Draw(t, "value")
		if first, last := Canonical(merge.FirstName, v, "DE"), Canonical(merge.LastName, v, "DE"); first != last {
			t.Fatalf("%q means %q as a given name and %q as a surname", v, first, last)
		}
	})
}

// Of the eight pieces that a person's name may be made of, three are drawn, so that many of the people are the same.
func somebody(t *rapid.T, label string) merge.Record {
	piece := rapid.SampledFrom([]string{"Anna", "ANNA", "Dr. Anna", "Anna, M.A.", "Schäfer", "Schaefer", "Frau Schäfer", ""})
	return merge.Record{FirstName: piece.Draw(t, label+" first"), LastName: piece.Draw(t, label+" last")}
}

func TestWhoIsTheSameAsOneIsTheSameAsAllOfThem(t *testing.T) {
	same := func(a, b merge.Record) bool { return merge.Compare(Speller{}, a, b).SameNames }
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := somebody(t, "a"), somebody(t, "b"), somebody(t, "c")
		if same(a, b) && same(b, c) && !same(a, c) {
			t.Fatalf("%v is %v, and that is %v, but not the first", a, b, c)
		}
	})
}

// A name has 200 characters at most; twenty-five times as many show what grows with the square of the length, also on a busy machine.
func TestLongValuesAreComparedInNoTime(t *testing.T) {
	for _, piece := range []string{"Dr. ", "M.A. ", "a.", "h. c. ", "-", ", ", "(FH) ", "u ", "g m b ", "St. ", "d. ", "a. d. ", "12a+", "1/2 ", "Ä", "e\u0301", "Nguyễn ", "\xff", "x1", "gr. ", "frankfurt am ", "İ", "ﷺ"} {
		long := strings.Repeat(piece, 5000/len(piece))
		for _, f := range allFields {
			begun := time.Now()
			Canonical(f, long, "AT")
			if took := time.Since(begun); took > 3*time.Second {
				t.Errorf("%s of %d times %q took %s", f, 5000/len(piece), piece, took)
			}
		}
	}
}
