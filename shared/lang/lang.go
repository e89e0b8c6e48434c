// Package lang is everything that differs by language: sentences, dates, amounts, the languages there are.
//
// The German sentence stands where it is used, in a page, a mail or Go code, and is the key of its translations. Each other
// language is one file of catalogue/ (JSON as go-i18n and Weblate read it: key to translation, or to its plural forms), and the
// files of catalogue/own/ reword sentences of an operator, German ones too. infra/catalogue makes compiled.go of them, which
// costs nothing at the start of a function. docs/translating.md tells how to add a language.
package lang

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Lang is a language that pages and mails have, as in RFC 5646: "de".
type Lang string

// German is the language of the keys; English is complete, and says what another language leaves out.
const (
	DE Lang = "de"
	EN Lang = "en"
)

// catalogue is one language as compiled: entries sorted by key.
type catalogue struct {
	lang    Lang
	entries []entry
}

// entry is a key with its translation, or with one for each plural form that the language tells apart.
type entry struct {
	key   string
	text  string
	forms []form
}

type form struct {
	form plural.Form
	text string
}

// All are the languages there are, German and English first, then by their code.
func All() []Lang {
	all := []Lang{DE, EN}
	for _, c := range compiled {
		if c.lang != DE && c.lang != EN {
			all = append(all, c.lang)
		}
	}
	return all
}

// Parse finds a language by its code; ok is false for one that there is not.
func Parse(s string) (l Lang, ok bool) {
	for _, l := range All() {
		if string(l) == s {
			return l, true
		}
	}
	return DE, false
}

// Of is the language of a customer, German when none is stored or when it is one that there is not any more.
func Of(s string) Lang {
	l, _ := Parse(strings.ToLower(s))
	return l
}

// Name is what the speakers of a language call it: "Nederlands".
func (l Lang) Name() string { return Lookup(l, "Deutsch|Name dieser Sprache") }

// Code is the language as its switch shows it: "NL".
func (l Lang) Code() string { return strings.ToUpper(string(l)) }

var matcher = sync.OnceValue(func() language.Matcher {
	tags := []language.Tag{}
	for _, l := range All() {
		tags = append(tags, language.Make(string(l)))
	}
	return language.NewMatcher(tags)
})

// Accepted is the language that fits a header Accept-Language best (RFC 9110), German when none does.
func Accepted(header string) Lang {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(tags) == 0 {
		return DE
	}
	_, i, confidence := matcher().Match(tags...)
	if confidence == language.No {
		return DE
	}
	return All()[i]
}

// Lookup is the translation of a key: in the language, else in English, else the key itself.
func Lookup(l Lang, key string) string {
	if _, e, ok := translation(l, key); ok {
		return e.text
	}
	return shown(key)
}

// counted is the form of a counting sentence for n.
func counted(l Lang, one, many string, n int) string {
	l, e, ok := translation(l, many)
	if !ok {
		if n == 1 {
			return shown(one)
		}
		return shown(many)
	}
	want := plural.Cardinal.MatchPlural(language.Make(string(l)), n, 0, 0, 0, 0)
	for _, f := range e.forms {
		if f.form == want {
			return f.text
		}
	}
	return e.text
}

// translation is what a language says for a key, else what English says for it, and in which of them. German needs none.
func translation(l Lang, key string) (in Lang, e entry, ok bool) {
	if e, ok = find(l, key); ok || l == DE || l == EN {
		return l, e, ok
	}
	e, ok = find(EN, key)
	return EN, e, ok
}

// shown is a key without what tells it apart.
func shown(key string) string {
	if i := strings.LastIndexByte(key, '|'); i > 0 {
		return key[:i]
	}
	return key
}

func find(l Lang, key string) (entry, bool) {
	for _, c := range compiled {
		if c.lang != l {
			continue
		}
		if i, ok := slices.BinarySearchFunc(c.entries, key, func(e entry, key string) int { return strings.Compare(e.key, key) }); ok {
			return c.entries[i], true
		}
	}
	return entry{}, false
}
