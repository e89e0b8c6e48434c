package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

const root = "../.."

// complete are the languages that say every sentence; others may leave some to English.
var complete = []string{"en"}

func keys(t *testing.T) map[string]use {
	t.Helper()
	found, err := uses(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 1000 {
		t.Fatalf("only %d sentences found: the search lost most of them", len(found))
	}
	all := map[string]use{}
	for _, u := range found {
		if other, ok := all[u.key]; ok && other.count != u.count {
			t.Errorf("%q counts in one place (%s) and not in another (%s)", u.key, other.at, u.at)
		}
		all[u.key] = u
	}
	return all
}

func shipped(t *testing.T) map[string]catalogue {
	t.Helper()
	all := map[string]catalogue{}
	files, err := filepath.Glob(filepath.Join(root, folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no catalogues", err)
	}
	for _, name := range files {
		c, err := readFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[languageOf(name)] = c
	}
	return all
}

func TestCompiledCataloguesAreTheFilesThatTheyAreMadeOf(t *testing.T) {
	all, err := read(filepath.Join(root, folder))
	if err != nil {
		t.Fatal(err)
	}
	want, err := compile(all)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, compiled))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is older than the catalogues: run `go run ./infra/catalogue`", compiled)
	}
}

func TestCompleteLanguagesTranslateEverySentence(t *testing.T) {
	all := shipped(t)
	for key, u := range keys(t) {
		for _, of := range complete {
			if key != strings.TrimSpace(key) {
				t.Errorf("%s: %q begins or ends with a blank, which a translator does not see", u.at, key)
			}
			if tr, ok := all[of][key]; !ok || tr.Text == "" && tr.Forms == nil {
				t.Errorf("%s: %s.json has no translation of %q", u.at, of, key)
			}
		}
	}
}

// A sentence that was reworded in a page takes its translations along, or they are lost.
func TestNoTranslationIsLeftOver(t *testing.T) {
	found, err := uses(root)
	if err != nil {
		t.Fatal(err)
	}
	all, err := read(filepath.Join(root, folder))
	if err != nil {
		t.Fatal(err)
	}
	if err := leftOver(all, found); err != nil {
		t.Error(err)
	}
	all["nl"]["Steht nirgends"] = translation{Text: "Nergens"}
	if err := leftOver(all, found); err == nil || !strings.Contains(err.Error(), "Steht nirgends") {
		t.Errorf("a sentence that stands nowhere: %v", err)
	}
}

func TestAnOperatorsWordsWin(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"en.json": `{"Konto": "Account", "Weiter": "Continue"}`, "own/en.json": `{"Konto": "Profile"}`, "own/de.json": `{"Konto": "Mein Konto"}`} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if all["en"]["Konto"].Text != "Profile" || all["en"]["Weiter"].Text != "Continue" || all["de"]["Konto"].Text != "Mein Konto" {
		t.Errorf("%+v", all)
	}
	for _, bad := range []string{`{"a": {"several": "x"}}`, `{"a": 1}`, `["a"]`} {
		if err := os.WriteFile(filepath.Join(dir, "own", "de.json"), []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(dir); err == nil || !strings.Contains(err.Error(), "de.json") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestTranslationsHoldThePlaceholdersOfTheirKey(t *testing.T) {
	all, err := read(filepath.Join(root, folder))
	if err != nil {
		t.Fatal(err)
	}
	for of, c := range all {
		for key, tr := range c {
			texts := []string{tr.Text}
			if tr.Forms != nil {
				texts = slices.Collect(maps.Values(tr.Forms))
			}
			for _, text := range texts {
				if wrong := differ(key, text, tr.Forms != nil); wrong != "" {
					t.Errorf("%s.json: %q: %s: %q", of, key, wrong, text)
				}
			}
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-zA-Z%])|\{\{[^}]*\}\}`)

// differ compares the placeholders of a sentence and its translation: the verbs of package fmt by their places, and the actions
// of mails. A form that counts may leave the number out: "once".
func differ(key, text string, counts bool) string {
	want, got := placeholders(key), placeholders(text)
	if counts && len(got) == len(want)-1 {
		want = slices.DeleteFunc(want, func(p string) bool { return p == "1d" })
	}
	if !slices.Equal(want, got) {
		return fmt.Sprintf("placeholders %v instead of %v", got, want)
	}
	return ""
}

func placeholders(s string) []string {
	found := []string{}
	n := 0
	for _, m := range verb.FindAllStringSubmatch(s, -1) {
		switch {
		case m[2] == "":
			found = append(found, m[0])
		case m[2] == "%":
		case m[1] != "":
			found = append(found, m[1]+m[2])
		default:
			n++
			found = append(found, fmt.Sprint(n)+m[2])
		}
	}
	slices.Sort(found)
	return found
}

// TestSentencesThatCountHaveTheFormsOfTheirLanguage after Unicode's plural rules.
func TestSentencesThatCountHaveTheFormsOfTheirLanguage(t *testing.T) {
	used := keys(t)
	for of, c := range shipped(t) {
		want := map[string]bool{}
		for n := range 1000 {
			want[[]string{plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"}[plural.Cardinal.MatchPlural(language.Make(of), n, 0, 0, 0, 0)]] = true
		}
		want["other"] = true
		for key, tr := range c {
			switch counts := used[key].count; {
			case counts && tr.Forms == nil:
				t.Errorf("%s.json: %q counts and has one form only", of, key)
			case !counts && tr.Forms != nil:
				t.Errorf("%s.json: %q counts nothing and has forms", of, key)
			}
			for f := range want {
				if tr.Forms != nil && tr.Forms[f] == "" {
					t.Errorf("%s.json: %q has no form %q", of, key, f)
				}
			}
		}
	}
}

// TestTranslationsAreNotTheGermanSentence: words that are the same in both languages are short, and none of them is a sentence.
func TestTranslationsAreNotTheGermanSentence(t *testing.T) {
	for of, c := range shipped(t) {
		for key, tr := range c {
			if tr.Text == key && len(strings.FieldsFunc(key, func(r rune) bool { return !unicode.IsLetter(r) })) > 3 && !strings.Contains(key, "GmbH") {
				t.Errorf("%s.json: %q is not translated", of, key)
			}
		}
	}
}

func TestCataloguesAreSortedAsTheyAreWritten(t *testing.T) {
	for of, c := range shipped(t) {
		var want bytes.Buffer
		out := json.NewEncoder(&want)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		if err := out.Encode(c); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(root, folder, of+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(want.Bytes())) {
			t.Errorf("%s.json is not sorted, or not indented by two blanks", of)
		}
	}
}

func TestKeysOfPagesMailsAndCodeAreFound(t *testing.T) {
	page := `{{define "a"}}{{if .X}}<p title="{{t "Eins"}}">{{range .L}}{{n (len .) "%d Zwei" "%d Zweie"}}{{else}}{{template "b" (dict "x" (t "Drei %s" .Y))}}{{end}}</p>{{end}}{{end}}`
	found, err := inPage("a.html", page)
	if err != nil {
		t.Fatal(err)
	}
	code := `package x
import "kundenkonto/shared/lang"
var a = lang.T("Vier " + "fünf")
func f(n int) lang.Text { return lang.N(n, "ein Ding", "%d Dinge") }`
	more, err := inCode("functions/x/x.go", []byte(code))
	if err != nil {
		t.Fatal(err)
	}
	mail := `{{define "body"}}Ihr Auftrag :: {{.ID}}, {{n .X "einmal" "%d-mal"}}{{end}}`
	mails, err := inMail("shared/mail/templates/x.txt", mail)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range slices.Concat(found, more, mails) {
		got = append(got, fmt.Sprint(u.key, " ", u.count))
	}
	want := []string{"Eins false", "%d Zweie true", "Drei %s false", "Vier fünf false", "%d Dinge true", "%d-mal true", "Ihr Auftrag false"}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	for _, bad := range []string{`{{define "a"}}{{t .Title}}{{end}}`, `{{define "a"}}{{n 3 "x" .Many}}{{end}}`} {
		if _, err := inPage("a.html", bad); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
	if _, err := inCode("functions/x/x.go", []byte("package x\nvar a = lang.T(b)")); err == nil {
		t.Error("a key that is no constant is no error")
	}
}

func TestPlaceholdersAreCompared(t *testing.T) {
	for _, c := range []struct {
		key, text string
		counts    bool
		ok        bool
	}{
		{"%s von %d", "%[2]d of %[1]s", false, true},
		{"%s von %d", "%[2]s of %[1]d", false, false},
		{"%s von %d", "%[1]s of %[2]d", false, true},
		{"%s, %s", "%[2]s, %[1]s", false, true},
		{"%s", "nothing", false, false},
		{"100 %", "100 %", false, true},
		{"%d Tage %d Std.", "one day %[2]d h", true, true},
		{"an {{.Name}}", "to {{.Name}}", false, true},
		{"an {{.Name}}", "to {{.Number}}", false, false},
	} {
		if wrong := differ(c.key, c.text, c.counts); (wrong == "") != c.ok {
			t.Errorf("%q, %q: %q", c.key, c.text, wrong)
		}
	}
}

// TestWhatMailsCouldNotSayIsNotCompiled: it would be found when the first mail is sent otherwise.
func TestWhatMailsCouldNotSayIsNotCompiled(t *testing.T) {
	for key, tr := range map[string]translation{
		"an {{.Name}}": {Text: "aan {{.Naam}}"}, "Auftrag": {Text: "- order"}, "Art": {Text: "type :: x"}, "%d Dinge": {Forms: map[string]string{"one": "{{.ID}}", "other": "%d dingen"}},
	} {
		if _, err := compile(map[string]catalogue{"nl": {key: tr}}); err == nil {
			t.Errorf("%q: %q is compiled", key, tr)
		}
	}
	source, err := compile(map[string]catalogue{"nl": {"an {{.Name}}": {Text: "aan {{.Name}}"}, "Auftrag": {}}})
	if err != nil || strings.Contains(string(source), "Auftrag") {
		t.Errorf("a sentence that is left out is compiled as an empty one: %v\n%s", err, source)
	}
}
