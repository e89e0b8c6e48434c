package web

import "net/http"

// onceCookie carries over a redirect what was done, for the page it leads to. The address stays that of the page: programs
// know it, and a reload or a later visit says nothing again.
const onceCookie = "__Host-once"

// onceLasts is how long it is kept for a page that never comes, in seconds.
const onceLasts = 60

// Once lets the page that the answer leads to say what was done: a word and perhaps a number, in characters of a cookie's
// value. Nothing secret: the browser keeps it.
func Once(what string) *http.Cookie { return once(what, onceLasts) }

// Said takes away what Once left.
func Said() *http.Cookie { return once("", -1) }

func once(what string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: onceCookie, Value: what, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// Once is what the answer before left to be said, "" for nothing. A browser sent it: whatever follows from it is checked.
func (r *Request) Once() string {
	c, err := r.Cookie(onceCookie)
	if err != nil {
		return ""
	}
	return c.Value
}
