package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sentence is what a page, mail or error says, in both languages.
type sentence struct{ where, de, en string }

// What people misread, so say it: each sentence in its place. A place is a page or what a mail looks like.
func TestWhatPeopleMisreadIsSaid(t *testing.T) {
	all := everyUse(t)
	for _, s := range []sentence{
		{"functions/account/overview/pages/overview.html", "Laufende Zusammenfassungen", "Merges in progress"},
		{"functions/mergediff/pages/draft.html", "Kostenlos. Pakete, Domains, Preise und Laufzeiten bleiben unverändert.", "Free of charge. Packages, domains, prices and contract periods stay the same."},
		{"functions/mergediff/pages/draft.html", "Bestehen bleibt die Kundennummer", "The customer number that is kept is"},
		{"functions/mergediff/outcome.go", "Künftig verwenden wir für alle %d Pakete:", "From then on, for all %d packages, we use:"},
		{"functions/mergediff/pages/draft.html", "Abgebucht wird von Konto", "Account to be debited:"},
		{"functions/mergediff/pages/draft.html", "Nicht mehr verwendet werden:", "No longer used:"},
		{"functions/mergediff/pages/merge.html", "Das Passwort dieses Pakets, nicht das Kundenpasswort der anderen Nummer.", "The password of this package, not the customer password of the other number."},
		{"functions/mergediff/pages/merge.html", "legen Sie es dort unter Paket, Einstellungen, Paketpasswort neu fest", "set a new one there under package, settings, package password"},
		{"functions/login/pages/login.html", "Noch nie ein Kundenpasswort gehabt?", "Never had a customer password?"},
		{"functions/login/pages/login.html", "Kundenpasswort festlegen", "Set customer password"},
		{"shared/web/layout/partials.html", "So erreichen Sie uns:", "How to reach us:"},
		{"functions/passwordreset/pages/sent.html", "höchstens drei E-Mails in der Stunde", "at most three e-mails an hour"},
		{"shared/web/layout/layout.html", "Impressum", "Legal notice"},
		{"shared/web/layout/layout.html", "Datenschutz", "Privacy"},
		{"shared/web/layout/layout.html", "Barrierefreiheit", "Accessibility"},
		{"shared/web/layout/layout.html", "Ihre Kundendaten", "Your customer data"},
		{"shared/web/layout/layout.html", "Formulare", "Forms"},
		{"shared/web/layout/layout.html", "Zusammenfassen von Kundennummern", "Merging customer numbers"},
	} {
		if !slices.ContainsFunc(all, func(said sentence) bool {
			return strings.HasPrefix(said.where, s.where+":") && strings.Contains(said.de, s.de) && strings.Contains(said.en, s.en)
		}) {
			t.Errorf("%s does not say %q / %q", s.where, s.de, s.en)
		}
	}
	for _, s := range []sentence{
		{"orderAnnounced-other", "Sie waren das nicht", "Wasn’t you"},
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
	b, err := os.ReadFile(filepath.Join(root, "shared", "mail", "testdata", mail+"."+lang+".txt"))
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
			{"German in the English text", regexp.MustCompile(`[äöüßÄÖÜ]`), examples.Replace(ours(s))},
		} {
			if at := bad.in.FindStringIndex(bad.text); at != nil {
				t.Errorf("%s: %s in %q", s.where, bad.said, bad.text[max(0, at[0]-60):min(len(bad.text), at[1]+60)])
			}
		}
	}
}

// Words that the glossary replaced do not come back into the English texts: those that everybody reads, and those that
// only the service team may read.
func TestReplacedEnglishWordsStayAway(t *testing.T) {
	replaced := []struct{ instead, in string }{
		{"say what happened", `in force`},
		{"is valid, applies to, we use", `holds?|held`},
		{"valid", `(is|are|be|stays?|still|longer) good`},
		{"spaces", `blanks?`},
		{"Important", `Note well`},
		{"Use this data", `adopt(s|ed|ing)?`},
		{"details", `master data`},
		{"bank details", `bank accounts?`},
		{"Legal notice", `Imprint`},
		{"attempts", `tries`},
		{"merge request; submit", `orders?|ordered|ordering`},
		{"no longer used", `lapses?|lapsed`},
		{"data is", `data (are|have|were)`},
		{"two-step sign-in", `second step`},
		{"turn on, turn off", `switch(es|ed)? (on|off)`},
		{"create", `(make|made|makes) (a |the |new )?(passkeys?|codes?)|(passkeys?|codes?) (is|are|was|were) made`},
		{"view", `[Ll]ook at`},
		{"again", `anew`},
		{"Wasn’t you?", `(was|were) not you`},
		{"postcode", `[Pp]ostal code`},
		{"e-mail", `[Mm]ails?`},
	}
	kept := strings.NewReplacer("on hold", "", "e-mail", "", "E-mail", "", "Sign in: second step", "")
	for _, s := range everySentence(t) {
		for _, w := range replaced {
			if found := regexp.MustCompile(`\b(` + w.in + `)\b`).FindString(kept.Replace(s.en)); found != "" {
				t.Errorf("%s: %q in %q; say %q", s.where, found, s.en, w.instead)
			}
		}
	}
	team := regexp.MustCompile(`\b([Vv]eto(es|ed)?|[Oo]ther side)\b`)
	for _, s := range everyUse(t) {
		if found := team.FindString(s.en); found != "" && !strings.HasPrefix(s.where, "functions/review/") {
			t.Errorf("%s: customers read %q in %q", s.where, found, s.en)
		}
	}
}

// The same of German: words that the glossary replaced, and for customers those of the service team.
func TestReplacedGermanWordsStayAway(t *testing.T) {
	replaced := []struct{ instead, in string }{
		{"abschalten; aufbewahren, notiert", `[Aa]ufheb(en|ung)|[Aa]ufgehoben|[Hh]eb(en|t)\b.*\bauf`},
		{"Ihr Auftrag", `Zusammenstellung`},
		{"hinzufügen; wird zusammengefasst", `aufnehmen|aufgenommen|nimmt auf|[Nn]ehmen Sie sie (hier )?auf`},
		{"Codes erstellen", `Codes (gemacht|machen)|[Mm]achen Sie neue|Wiederherstellungscodes gemacht|selbst gemacht`},
		{"Wiederherstellungscodes", `Codes zur Wiederherstellung`},
		{"Passkey anlegen", `Passkey hinzugefügt`},
		{"Status", `Stand|Zustand`},
		{"anzeigen", `^zeigen$|(Pakete|mehr|wieder) zeigen`},
		{"festlegen", `[Ss]etzen|gesetzt`},
		{"Nachweis", `(Paketpasswort|Passwort), mit dem\b.*\bbestätigt`},
		{"Widerspruchsfrist", `Wartefrist`},
		{"beauftragt", `bestellt`},
		{"Knopf", `Schaltflächen?`},
		{"wir verwenden", `soll(en)? gelten|[Kk]ünftig gilt|gilt(, sobald| erst)`},
		{"ist eingegangen", `(Einspruch|Widerspruch) ist da`},
		{"wenden Sie sich an uns", `rufen Sie uns an`},
		{"unterschiedlich; weicht ab", `unterschiedlich und markiert`},
		{"als Spam gemeldet", `Werbung`},
	}
	kept := strings.NewReplacer("Stand des letzten Imports", "")
	all := everySentence(t)
	for _, w := range replaced {
		in := regexp.MustCompile(`(^|[^\pL])(` + w.in + `)($|[^\pL])`)
		for _, s := range all {
			if found := in.FindString(kept.Replace(s.de)); found != "" {
				t.Errorf("%s: %q in %q; say %q", s.where, found, s.de, w.instead)
			}
		}
	}
	team := regexp.MustCompile(`(^|[^\pL])([Aa]nderen?|[Bb]eiden?|[Aa]llen?) Seiten?($|[^\pL])`)
	for _, s := range everyUse(t) {
		if found := team.FindString(s.de); found != "" && !strings.HasPrefix(s.where, "functions/review/") {
			t.Errorf("%s: customers read %q in %q", s.where, found, s.de)
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

// examples are German words that English sentences speak about.
var examples = strings.NewReplacer("Straße", "", "Hauptstraße", "", "Gebrüder", "", "(ä = ae, ß = ss)", "")

// everyUse is a sentence for each place where it stands.
func everyUse(t *testing.T) []sentence {
	t.Helper()
	english := shipped(t)["en"]
	found, err := uses(root)
	if err != nil {
		t.Fatal(err)
	}
	var all []sentence
	for _, u := range found {
		all = append(all, sentence{filepath.ToSlash(u.at), u.key, english[u.key].Text})
	}
	return all
}

// everySentence is what pages and code say, in German and English.
func everySentence(t *testing.T) []sentence {
	t.Helper()
	english := shipped(t)["en"]
	var all []sentence
	for key, u := range keys(t) {
		said, _, _ := strings.Cut(key, "|")
		tr := english[key]
		texts := append(slices.Collect(maps.Values(tr.Forms)), tr.Text)
		all = append(all, sentence{filepath.ToSlash(u.at), said, strings.Join(texts, " ")})
	}
	return all
}

// everyMail are the mails as they look, a mail in both languages a sentence.
func everyMail(t *testing.T) []sentence {
	t.Helper()
	files, err := filepath.Glob(root + "/shared/mail/testdata/*.de.txt")
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
