package web

import (
	"net/http"

	"kundenkonto/shared/lang"
)

// langCookie remembers the language a visitor chose; it names no person. By its prefix no other host of the domain and no
// page without TLS can set it.
const langCookie = "__Host-lang"

// negotiate finds the language of a request and whether the visitor chose it:
// the switch in the query wins over the cookie, which wins over Accept-Language.
func negotiate(r *http.Request) (l lang.Lang, chosen bool) {
	if l, ok := lang.Parse(r.URL.Query().Get("lang")); ok {
		return l, true
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if l, ok := lang.Parse(c.Value); ok {
			return l, true
		}
	}
	return lang.Accepted(r.Header.Get("Accept-Language")), false
}

// switchCookie is set when the query names a language; a year, no secret.
func switchCookie(r *http.Request) *http.Cookie {
	l, ok := lang.Parse(r.URL.Query().Get("lang"))
	if !ok {
		return nil
	}
	return &http.Cookie{
		Name: langCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}
