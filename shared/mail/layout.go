package mail

import (
	_ "embed"
	"html/template"
	"strings"
	"unicode/utf8"

	"kundenkonto/shared/lang"
)

//go:embed layout.html
var layoutSource string

var layout = template.Must(template.New("layout").Parse(layoutSource))

// view is what both layouts are filled from.
type view struct {
	letter
	Settings
	fixed
	Lang lang.Lang
}

// fixed are the fixed sentences around every mail.
type fixed struct{ Salute, LinkBelow, Why, Questions, Imprint, Privacy string }

// furniture says them to a reader; the name may be empty.
func furniture(l lang.Lang, name string) fixed {
	salute := lang.T("Guten Tag.")
	if name != "" {
		salute = lang.T("Guten Tag, %s.", name)
	}
	return fixed{
		Salute:    salute.In(l),
		LinkBelow: lang.T("Falls der Knopf nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:").In(l),
		Why:       lang.T("Warum Sie diese E-Mail bekommen:").In(l),
		Questions: lang.T("Fragen? So erreichen Sie uns:|E-Mail").In(l),
		Imprint:   lang.T("Impressum").In(l),
		Privacy:   lang.T("Datenschutz").In(l),
	}
}

// CSS is the accent as a style; New has checked its form.
func (v view) CSS() template.CSS { return template.CSS(v.Accent) }

func renderHTML(v view) (string, error) {
	var b strings.Builder
	err := layout.Execute(&b, v)
	return b.String(), err
}

// textWidth is where lines of plain text are broken (RFC 3676, 4.2 recommends 78 or fewer).
const textWidth = 72

// renderText lays a mail out as plain text: links stand in full on lines of their own.
func renderText(v view) string {
	var b strings.Builder
	para := func(s string) { b.WriteString(wrap(s, "", "") + "\n\n") }
	para(v.Lead)
	para(v.Salute)
	for _, bl := range v.Blocks {
		b.WriteString(bl.text() + "\n\n")
	}
	for _, l := range []link{v.Button, v.Stop} {
		if l.URL != "" {
			b.WriteString(wrap(l.Label+":", "", "") + "\n" + l.URL + "\n\n")
		}
	}
	b.WriteString("-- \n" + v.Brand + "\n\n")
	para(v.Why + " " + v.Because)
	if v.Contact != "" {
		para(v.Questions + " " + v.Contact)
	}
	for _, l := range []link{{v.Imprint, v.ImprintURL}, {v.Privacy, v.PrivacyURL}} {
		if l.URL != "" {
			b.WriteString(l.Label + ": " + l.URL + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func (b block) text() string {
	if b.Paragraph != "" {
		return wrap(b.Paragraph, "", "")
	}
	var lines []string
	for _, item := range b.Items {
		lines = append(lines, wrap(item, "- ", "  "))
	}
	widest := 0
	for _, f := range b.Facts {
		widest = max(widest, utf8.RuneCountInString(f.Label))
	}
	for _, f := range b.Facts {
		pad := strings.Repeat(" ", widest-utf8.RuneCountInString(f.Label))
		lines = append(lines, wrap(f.Value, "  "+f.Label+":  "+pad, strings.Repeat(" ", widest+5)))
	}
	return strings.Join(lines, "\n")
}

// wrap breaks s between words; a word longer than a line, such as a link, stays whole.
func wrap(s, first, rest string) string {
	var lines []string
	line, empty := first, true
	for _, word := range strings.Fields(s) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > textWidth {
			lines, line, empty = append(lines, line), rest, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	return strings.Join(append(lines, line), "\n")
}
