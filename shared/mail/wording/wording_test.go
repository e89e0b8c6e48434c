package wording

import (
	"slices"
	"strings"
	"testing"
	"text/template"
)

const sample = `{{define "subject"}}{{if .Own}}Ihr Auftrag {{.ID}}{{else}}Auftrag|fremd{{end}}{{end}}
{{define "body"}}
Auftrag :: {{.ID}}
{{.ID}} :: gehört zu {{$.ID}}
{{range .List}}
{{.}} :: {{.}}{{/* no word of ours */}}
{{- end}}

Zwei Zeilen,
die {{at .Now}}   einen Absatz
machen.

- Ein Punkt mit {{.ID}}.
{{- with .Name}}
- Noch einer: {{.}}
{{- end}}
{{$x := .ID}}{{n 2 "ein Ding" "%d Dinge"}}, {{.ID}}.
{{end}}`

var sentences = []string{"Ihr Auftrag {{.ID}}", "Auftrag|fremd", "Auftrag", "gehört zu {{$.ID}}", "Zwei Zeilen, die {{at .Now}} einen Absatz machen.",
	"Ein Punkt mit {{.ID}}.", "Noch einer: {{.}}"}

func TestSentencesOfATemplateAreFound(t *testing.T) {
	found, err := Keys("sample.txt", sample)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range found {
		got = append(got, k.Text)
		if !strings.HasPrefix(k.At, "sample.txt:") {
			t.Errorf("%q stands at %q", k.Text, k.At)
		}
	}
	slices.Sort(got)
	if want := slices.Sorted(slices.Values(sentences)); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	for _, bad := range []string{`{{define "a"}}`, `{{define "a"}}Von {{.ID | at}} an{{end}}`} {
		if _, err := Keys("bad.txt", bad); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

// said is what a template writes after its sentences were translated.
func said(t *testing.T, text string, say func(string) string) (string, error) {
	t.Helper()
	trees, err := Parse("body", text)
	if err != nil {
		t.Fatal(err)
	}
	set := template.New("").Funcs(template.FuncMap{"at": func(s string) string { return "am " + s }, "n": func(int, string, string) string { return "2" }})
	for name, tree := range trees {
		if err := Translate(tree, say); err != nil {
			return "", err
		}
		template.Must(set.AddParseTree(name, tree))
	}
	var b strings.Builder
	err = set.ExecuteTemplate(&b, "body", map[string]any{"Own": true, "ID": "K7", "Now": "23.", "List": []string{"a", "b"}, "Name": "N"})
	return b.String(), err
}

func TestTranslationsStandWhereTheSentencesStood(t *testing.T) {
	german, err := said(t, sample, func(key string) string { return key })
	if err != nil {
		t.Fatal(err)
	}
	english := map[string]string{"Auftrag": "Order", "gehört zu {{$.ID}}": "{{$.ID}} has it", "Ein Punkt mit {{.ID}}.": "An item.",
		"Zwei Zeilen, die {{at .Now}} einen Absatz machen.": "A paragraph\n of  {{at .Now}}", "Noch einer: {{.}}": "{{.}}: one more"}
	got, err := said(t, sample, func(key string) string {
		if text, ok := english[key]; ok {
			return text
		}
		return key
	})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("Auftrag ::", "Order ::", "gehört zu K7", "K7 has it", "Zwei Zeilen,\ndie am 23.   einen Absatz\nmachen.", "A paragraph of am 23.",
		"- Ein Punkt mit K7.", "- An item.", "- Noch einer: N", "- N: one more").Replace(german)
	if got != want || got == german {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestATranslationCanOnlySayWhatItsSentenceDoes(t *testing.T) {
	key := "Der Link gilt bis {{at .Now}}."
	for text, ok := range map[string]bool{
		"Good until {{at .Now}}.": true, "{{at .Now}} or {{at .Now}}": true, "Good.": true, "a - b: c": true,
		"Good until {{.Now}}.": false, "{{at .Secret}}": false, "{{if .Own}}x{{end}}": false, "x{{end}}": false, "{{- at .Now}}": false,
		"{{template \"subject\" .}}": false, "{{$y := .ID}}": false, "{{/* x */}}": false, "{{at .Now}": false, "{{{at .Now}}": false, "at .Now}}": false,
		"Good until :: {{at .Now}}": false, "- Good until {{at .Now}}": false,
	} {
		if err := Check(key, text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
		if _, err := said(t, `{{define "body"}}`+key+`{{end}}`, func(string) string { return text }); (err == nil) != ok {
			t.Errorf("%q is spliced in: %v", text, err)
		}
	}
}

// TestATreeWithoutWordsStaysAsItIs: nothing is parsed anew that needs no translation.
func TestATreeWithoutWordsStaysAsItIs(t *testing.T) {
	trees, err := Parse("body", sample)
	if err != nil {
		t.Fatal(err)
	}
	before := slices.Clone(trees["body"].Root.Nodes)
	if err := Translate(trees["body"], func(key string) string { return key }); err != nil {
		t.Fatal(err)
	}
	if after := trees["body"].Root.Nodes; !slices.Equal(after, before) {
		t.Errorf("%v instead of %v", after, before)
	}
}
