// Package mail writes every e-mail that Kundenkonto sends.
//
// A mail is a payload struct (PasswordReset, OrderExecuted, ...) and one template a language with its words: subject,
// lead, body, button, why. The words are written once; plain text and HTML are two layouts of the same blocks, so the
// two never say different things. All templates are parsed when the program starts.
//
// Everything printed from a payload is cleaned of line breaks, control characters and marks of text direction before it
// reaches a subject or a body (S19); HTML is escaped by html/template.
package mail

import (
	"errors"
	"fmt"
	"strings"

	"kundenkonto/shared/berlin"
	"kundenkonto/shared/colour"
)

// Settings is what all mails of one installation have in common.
type Settings struct {
	Brand      string // name of the company as people know it
	Sender     string // address mails come from, with or without a name
	Contact    string // how to reach the company: an address, a phone number or a sentence
	ImprintURL string
	PrivacyURL string
	Accent     string // colour of the button, "#rrggbb"; one that white cannot be read on means the default
}

// Reader is the person a mail is written for.
type Reader struct {
	Name     string // as in the greeting; may be empty
	Language string // "de" (also when empty) or "en"
}

// Message is one mail in both forms, ready to be put into an envelope.
type Message struct {
	Subject, Text, HTML string
	Language            string
	settings            Settings
}

// Mail is the payload of one kind of mail; the structs of this package are all there are.
type Mail interface {
	template() string
	links() links
}

// links are the addresses a mail offers: one button, and at most one way to stop what the mail tells of.
type links struct{ Button, Stop string }

// Composer turns payloads into messages. Make one at the start and share it.
type Composer struct {
	settings  Settings
	templates map[string]words // by "<name>.<language>"
}

// New parses all templates; an error is a mistake in a template or in the settings.
func New(s Settings) (*Composer, error) {
	if _, err := parseAddress(s.Sender); err != nil {
		return nil, fmt.Errorf("mail: sender address: %w", err)
	}
	if s.Brand == "" {
		return nil, errors.New("mail: no brand")
	}
	if colour.Check(s.Accent) != nil {
		s.Accent = colour.Default
	}
	templates, err := parseWords(berlin.Zone)
	if err != nil {
		return nil, err
	}
	return &Composer{settings: s, templates: templates}, nil
}

// Compose writes a mail for a reader.
func (c *Composer) Compose(m Mail, to Reader) (Message, error) {
	lang := "de"
	if strings.HasPrefix(strings.ToLower(to.Language), "en") {
		lang = "en"
	}
	w, ok := c.templates[m.template()+"."+lang]
	if !ok {
		return Message{}, fmt.Errorf("mail: no template %s in %s", m.template(), lang)
	}
	l, err := w.letter(m)
	if err != nil {
		return Message{}, fmt.Errorf("mail: writing %s: %w", m.template(), err)
	}
	v := view{letter: l, Settings: c.settings, fixed: furniture[lang], Lang: lang, Name: clean(to.Name)}
	page, err := renderHTML(v)
	if err != nil {
		return Message{}, fmt.Errorf("mail: layout of %s: %w", m.template(), err)
	}
	return Message{Subject: l.Subject, Text: renderText(v), HTML: page, Language: lang, settings: c.settings}, nil
}
