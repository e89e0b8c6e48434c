package web

import (
	"net/http"

	"golang.org/x/text/language"
)

// Lang is the language of an answer.
type Lang string

// The two languages; German is the default.
const (
	DE Lang = "de"
	EN Lang = "en"
)

// Text is one sentence in both languages, each written for itself. Words of packages that know nothing of the web convert to it.
type Text struct {
	DE string `json:"de"`
	EN string `json:"en"`
}

// T puts the two versions of a sentence together.
func T(de, en string) Text { return Text{DE: de, EN: en} }

// In returns the sentence in the language asked for.
func (t Text) In(l Lang) string {
	if l == EN {
		return t.EN
	}
	return t.DE
}

// langCookie remembers the language a visitor chose; it names no person. By its prefix no other host of the domain and no
// page without TLS can set it.
const langCookie = "__Host-lang"

var matcher = language.NewMatcher([]language.Tag{language.German, language.English})

// negotiate finds the language of a request and whether the visitor chose it:
// the switch in the query wins over the cookie, which wins over Accept-Language.
func negotiate(r *http.Request) (l Lang, chosen bool) {
	if l, ok := parseLang(r.URL.Query().Get("lang")); ok {
		return l, true
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if l, ok := parseLang(c.Value); ok {
			return l, true
		}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return DE, false
	}
	if _, i, conf := matcher.Match(tags...); i == 1 && conf != language.No {
		return EN, false
	}
	return DE, false
}

func parseLang(s string) (Lang, bool) {
	switch Lang(s) {
	case DE:
		return DE, true
	case EN:
		return EN, true
	}
	return "", false
}

// switchCookie is set when the query names a language; a year, no secret.
func switchCookie(r *http.Request) *http.Cookie {
	l, ok := parseLang(r.URL.Query().Get("lang"))
	if !ok {
		return nil
	}
	return &http.Cookie{
		Name: langCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}
