package infra

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
)

// sentence is what a page, mail or error says, in both languages.
type sentence struct{ where, de, en string }

// What people misread, so say it: each sentence in its place. A place is a page or what a mail looks like.
func TestWhatPeopleMisreadIsSaid(t *testing.T) {
	for _, s := range []sentence{
		{"functions/account/pages/overview.html", "Laufende Zusammenfassungen", "Running merges"},
		{"functions/mergediff/pages/draft.html", "Kostenlos. Pakete, Domains, Preise und Laufzeiten bleiben unverändert.", "Free of charge. Packages, domains, prices and terms stay as they are."},
		{"functions/mergediff/pages/draft.html", "Bestehen bleibt die Kundennummer", "The customer number that stays is"},
		{"functions/mergediff/pages/draft.html", "Künftig gilt für alle %d Pakete:", "From then on this holds for all %d packages:"},
		{"functions/mergediff/pages/draft.html", "Abgebucht wird von Konto", "The account debited is"},
		{"functions/mergediff/pages/draft.html", "Nicht mehr verwendet werden:", "No longer used:"},
		{"functions/mergediff/pages/merge.html", "Das Passwort dieses Pakets, nicht das Kundenpasswort der anderen Nummer.", "The password of this package, not the customer password of the other number."},
		{"functions/mergediff/pages/merge.html", "setzen Sie es dort unter Paket, Einstellungen neu", "set a new one under package, settings"},
		{"functions/login/pages/login.html", "Noch nie ein Kundenpasswort gehabt?", "Never had a customer password?"},
		{"functions/login/pages/login.html", "Auch dann hier klicken.", "Click here then, too."},
		{"functions/passwordreset/pages/sent.html", "So erreichen Sie uns:", "How to reach us:"},
		{"functions/passwordreset/pages/sent.html", "höchstens drei E-Mails in der Stunde", "at most three mails an hour"},
		{"shared/web/layout/layout.html", "Impressum", "Imprint"},
		{"shared/web/layout/layout.html", "Datenschutz", "Privacy"},
		{"shared/web/layout/layout.html", "Barrierefreiheit", "Accessibility"},
		{"shared/web/layout/layout.html", "Ihre Kundendaten", "Your customer data"},
		{"shared/web/layout/layout.html", "Formulare", "Forms"},
		{"shared/web/layout/layout.html", "Zusammenfassen von Kundennummern", "Merging customer numbers"},
	} {
		if !slices.ContainsFunc(ofTemplate(t, filepath.Join("..", s.where)), func(said sentence) bool {
			return strings.Contains(said.de, s.de) && strings.Contains(said.en, s.en)
		}) {
			t.Errorf("%s does not say %q / %q", s.where, s.de, s.en)
		}
	}
	for _, s := range []sentence{
		{"orderAnnounced-other", "Sie waren das nicht", "It was not you"},
		{"orderAnnounced-other", "Zusammenfassung stoppen: https://", "Stop the merge: https://"},
		{"orderApproved-own", "ist genehmigt, wird am 26.11.2026 ausgeführt", "is approved and will be carried out on 26 November 2026"},
		{"orderApproved-other", "ist genehmigt, wird am 26.11.2026 ausgeführt", "is approved and will be carried out on 26 November 2026"},
	} {
		if !strings.Contains(golden(t, s.where, "de"), s.de) || !strings.Contains(golden(t, s.where, "en"), s.en) {
			t.Errorf("the mail %s does not say %q / %q", s.where, s.de, s.en)
		}
	}
}

// golden is what a mail says, blanks folded.
func golden(t *testing.T, mail, lang string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "shared", "mail", "testdata", mail+"."+lang+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(b)), " ")
}

// How we speak.
func TestSentencesArePlainAndPolite(t *testing.T) {
	all := everySentence(t)
	if len(all) < 1000 {
		t.Errorf("only %d sentences were found", len(all))
	}
	for _, s := range append(all, everyMail(t)...) {
		for _, bad := range []struct {
			said string
			in   *regexp.Regexp
			text string
		}{
			{"an exclamation mark", regexp.MustCompile(`!`), s.de + s.en},
			{"leider", regexp.MustCompile(`(?i)\bleider\b`), s.de},
			{"unfortunately, oops", regexp.MustCompile(`(?i)\b(unfortunately|oops)\b`), s.en},
			{"du", regexp.MustCompile(`\b([Dd]u|[Dd]ir|[Dd]ich|[Dd]ein(e[mnrs]?)?)\b`), s.de},
			{"blame", regexp.MustCompile(`(?i)\b(ungültige? Eingabe|falsch eingegeben|Sie haben vergessen|invalid input|illegal|you forgot)\b`), s.de + " " + s.en},
			{"offene Aufträge", regexp.MustCompile(`(?i)offene Aufträge`), s.de},
			{"a straight quotation mark", regexp.MustCompile(`"`), s.de + s.en},
			{"three points", regexp.MustCompile(`\.\.\.`), s.de + s.en},
			{"two blanks", regexp.MustCompile(`\S  \S`), s.de + "|" + s.en},
			{"blocked alone, which sounds unpaid", regexp.MustCompile(`(?i)gesperrt`), customers(s)},
			{"German in the English text", regexp.MustCompile(`[äöüßÄÖÜ]`), strings.ReplaceAll(ours(s), "Straße", "")},
		} {
			if at := bad.in.FindStringIndex(bad.text); at != nil {
				t.Errorf("%s: %s in %q", s.where, bad.said, bad.text[max(0, at[0]-60):min(len(bad.text), at[1]+60)])
			}
		}
		if (s.de == "") != (s.en == "") && !slices.Contains(oneLanguage, s.de+s.en) {
			t.Errorf("%s: %q / %q is said in one language only", s.where, s.de, s.en)
		}
	}
}

// customers is what customers read: the service team says what is barred.
func customers(s sentence) string {
	if strings.Contains(s.where, "review") {
		return ""
	}
	return s.de
}

// ours is an English text of ours: mails hold German names and reasons.
func ours(s sentence) string {
	if !strings.Contains(s.where, "/") {
		return ""
	}
	return s.en
}

// oneLanguage are parts of sentences that only one language needs.
var oneLanguage = []string{" endet"}

// everySentence finds the texts of all page templates and of the Go code that makes web.Text.
func everySentence(t *testing.T) []sentence {
	t.Helper()
	var all []sentence
	for _, root := range []string{"../functions", "../shared"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go"):
			case strings.HasSuffix(path, ".html") && !strings.Contains(path, "testdata") && !strings.Contains(path, "shared/mail"):
				all = append(all, ofTemplate(t, path)...)
			case strings.HasSuffix(path, ".go"):
				all = append(all, ofCode(t, path)...)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// everyMail are the mails as they look, a mail in both languages a sentence.
func everyMail(t *testing.T) []sentence {
	t.Helper()
	files, err := filepath.Glob("../shared/mail/testdata/*.de.txt")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d mails: %v", len(files), err)
	}
	var all []sentence
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".de.txt")
		all = append(all, sentence{name, golden(t, name, "de"), golden(t, name, "en")})
	}
	return all
}

// ofTemplate lists what {{t "de" "en"}} says in a page.
func ofTemplate(t *testing.T, path string) []sentence {
	t.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tree := parse.New(path)
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(string(source), "", "", trees); err != nil {
		t.Fatal(err)
	}
	var all []sentence
	for _, tree := range trees {
		if tree.Root != nil {
			all = append(all, ofNode(path, tree.Root)...)
		}
	}
	return all
}

var call = regexp.MustCompile(`\bt ("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")`)

func ofNode(path string, root parse.Node) []sentence {
	var all []sentence
	for _, m := range call.FindAllStringSubmatch(root.String(), -1) {
		de, _ := strconv.Unquote(m[1]) // the template's parser has read it
		en, _ := strconv.Unquote(m[2])
		all = append(all, sentence{path, de, en})
	}
	return all
}

// ofCode lists what web.T and composite texts of two languages say in Go code.
func ofCode(t *testing.T, path string) []sentence {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []sentence
	ast.Inspect(file, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && len(c.Args) == 2 && named(c.Fun) == "T" {
			all = append(all, sentence{path, literals(c.Args[0]), literals(c.Args[1])})
		}
		return true
	})
	return all
}

func named(f ast.Expr) string {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// literals joins the strings of an expression; what stands between them is a value.
func literals(e ast.Expr) string {
	var b strings.Builder
	ast.Inspect(e, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			s, _ := strconv.Unquote(l.Value) // the compiler has read it
			b.WriteString(s)
		} else if _, value := n.(*ast.Ident); value {
			b.WriteString("…")
		}
		return true
	})
	return b.String()
}
