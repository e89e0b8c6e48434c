// Package mail writes every e-mail that Kundenkonto sends.
//
// A mail is a payload struct (PasswordReset, OrderExecuted, ...) and one German template with its words: subject, lead,
// body, button, why. Its sentences are keys of the catalogues (package lang), as package wording cuts them; the other languages
// are made of the template by putting their translations in. Plain text and HTML are two layouts of the same blocks, so the
// two never say different things. The templates are parsed when the program starts; the words of a mail in a language are
// made of one when the first is written.
//
// Everything printed from a payload is cleaned of line breaks, control characters and marks of text direction before it
// reaches a subject or a body (S19); HTML is escaped by html/template.
package mail

import (
	"errors"
	"fmt"

	"kundenkonto/shared/colour"
	"kundenkonto/shared/lang"
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
	Language string // code of a language of package lang; German when it is empty or there is no such language
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
	templates *library
}

// New parses the templates; an error is a mistake in a template or in the settings.
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
	templates, err := readTemplates()
	if err != nil {
		return nil, err
	}
	return &Composer{settings: s, templates: templates}, nil
}

// Compose writes a mail for a reader.
func (c *Composer) Compose(m Mail, to Reader) (Message, error) {
	in := lang.Of(to.Language)
	w, err := c.templates.words(m.template(), in)
	if err != nil {
		return Message{}, err
	}
	l, err := w.letter(m)
	if err != nil {
		return Message{}, fmt.Errorf("mail: writing %s: %w", m.template(), err)
	}
	v := view{letter: l, Settings: c.settings, fixed: furniture(in, clean(to.Name)), Lang: in}
	page, err := renderHTML(v)
	if err != nil {
		return Message{}, fmt.Errorf("mail: layout of %s: %w", m.template(), err)
	}
	return Message{Subject: l.Subject, Text: renderText(v), HTML: page, Language: string(in), settings: c.settings}, nil
}
