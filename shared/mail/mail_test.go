package mail

import (
	"bytes"
	"flag"
	"kundenkonto/shared/colour"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kundenkonto/shared/lang"
)

var update = flag.Bool("update", false, "write the golden files anew")

func composer(t *testing.T) *Composer {
	t.Helper()
	c, err := New(sampleSettings)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryMailReadsAsItsGoldenFileSays(t *testing.T) {
	c := composer(t)
	for _, s := range samples() {
		for _, lang := range []string{"de", "en"} {
			m, err := c.Compose(s.mail, Reader{Name: "Anna Schäfer", Language: lang})
			if err != nil {
				t.Fatalf("%s in %s: %v", s.name, lang, err)
			}
			golden(t, s.name+"."+lang+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			if s.name == s.mail.template() || strings.HasSuffix(s.name, "-own") {
				golden(t, s.name+"."+lang+".html", m.HTML)
			}
		}
	}
}

func TestEveryTemplateHasASample(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range samples() {
		seen[s.mail.template()] = true
	}
	files, _ := templateFiles.ReadDir("templates")
	for _, f := range files {
		if !seen[strings.TrimSuffix(f.Name(), ".txt")] {
			t.Errorf("template %s is in no sample", f.Name())
		}
	}
	if len(files) != len(seen) {
		t.Errorf("%d template files for %d mails", len(files), len(seen))
	}
}

// Words are made when the first mail is written in a language: what the catalogues say must not fail then.
func TestEveryMailCanBeWrittenInEveryLanguage(t *testing.T) {
	c := composer(t)
	for _, l := range lang.All() {
		for _, s := range samples() {
			m, err := c.Compose(s.mail, Reader{Name: "Anna Schäfer", Language: string(l)})
			if err != nil {
				t.Fatal(err)
			}
			for _, bad := range []string{"{{", "}}", "|", "%!", "<no value>"} {
				if strings.Contains(m.Subject+m.Text, bad) {
					t.Errorf("%s in %s has %q in it: %s", s.name, l, bad, m.Text)
				}
			}
			if m.Language != string(l) {
				t.Errorf("%s in %s: its language is %q", s.name, l, m.Language)
			}
		}
	}
	for stored, want := range map[string]string{"": "de", "EN": "en", "xx": "de"} {
		if m, err := c.Compose(OrderWithdrawn{sampleOwn}, Reader{Language: stored}); err != nil || m.Language != want {
			t.Errorf("language %q: %q, %v", stored, m.Language, err)
		}
	}
}

func TestATranslationIsPutInTheTemplateAndCleaned(t *testing.T) {
	trees := composer(t).templates.german["orderRejected"]
	say := func(key string) string {
		if key == "Begründung: {{.Reason}}" {
			return "{{.Reason}}: so what"
		}
		return lang.Lookup(lang.EN, key)
	}
	w, err := translate(trees, lang.EN, say)
	if err != nil {
		t.Fatal(err)
	}
	l, err := w.letter(OrderRejected{Order: sampleOwn, Reason: "x\n\n- y :: z"})
	if err != nil || len(l.Blocks) == 0 || l.Blocks[0].Paragraph != "x - y: z: so what" {
		t.Errorf("%+v, %v", l.Blocks, err)
	}
	if _, err := translate(trees, lang.EN, func(key string) string { return key + " {{.Secret}}" }); err == nil {
		t.Error("a translation that prints what its sentence does not is no error")
	}
	german, err := composer(t).templates.words("orderRejected", lang.DE)
	if err != nil {
		t.Fatal(err)
	}
	if l, err := german.letter(OrderRejected{Order: sampleOwn, Reason: "x"}); err != nil || l.Blocks[0].Paragraph != "Begründung: x" {
		t.Errorf("the German words are %+v after a translation, %v", l.Blocks, err)
	}
}

func TestHTMLAndTextSayTheSameWords(t *testing.T) {
	c := composer(t)
	for _, s := range samples() {
		m, err := c.Compose(s.mail, Reader{Name: "Anna Schäfer", Language: "de"})
		if err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
		if err != nil {
			t.Fatal(err)
		}
		text := oneLine(m.Text)
		doc.Find("h1, p.text, li, td.rule, a").Each(func(_ int, sel *goquery.Selection) {
			if words := oneLine(sel.Text()); !strings.Contains(text, words) && words != "Impressum" {
				t.Errorf("%s: %q is in the HTML only", s.name, words)
			}
		})
		if n := doc.Find("a[style*=inline-block]").Length(); n > 1 {
			t.Errorf("%s: %d buttons, want at most one", s.name, n)
		}
		if doc.Find("img, script, link, iframe").Length() > 0 || strings.Contains(m.HTML, "url(") {
			t.Errorf("%s: loads something from elsewhere, which could track the reader", s.name)
		}
	}
}

func TestNoLineOfTextIsTooLongButLinks(t *testing.T) {
	c := composer(t)
	for _, s := range samples() {
		m, _ := c.Compose(s.mail, Reader{Name: "Anna Schäfer"})
		for _, line := range strings.Split(m.Text, "\n") {
			if len([]rune(line)) > textWidth && !strings.Contains(line, "https://") {
				t.Errorf("%s: %q", s.name, line)
			}
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, []byte(got)) {
		t.Errorf("%s is not as expected (go test -update writes it anew); got:\n%s", name, got)
	}
}

// The button's words are white: an accent that they cannot be read on is not used (WCAG 2.2, 1.4.3).
func TestTheButtonHasTheAccentIfItCanBeReadOnIt(t *testing.T) {
	for accent, want := range map[string]string{"#7a1b4c": "#7a1b4c", "": colour.Default, "#ffee00": colour.Default, "red;x:y": colour.Default} {
		s := sampleSettings
		s.Accent = accent
		c, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		m, err := c.Compose(samples()[0].mail, Reader{})
		if err != nil || !strings.Contains(m.HTML, "background:"+want+";") {
			t.Errorf("%q: no button in %s, %v", accent, want, err)
		}
	}
}
