package login

import (
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// signOut ends the session on the server and makes the browser forget what it keeps (S8). Cookies are not cleared as a
// whole: the device cookie must stay, or signing out would take the customer's protection against strangers' guesses.
func (d Deps) signOut(r *web.Request) (web.Response, error) {
	if c, err := r.Cookie(session.Cookie); err == nil && c.Value != "" {
		if err := (session.Store{Store: d.Store}).End(r.Context(), c.Value); err != nil {
			return nil, err
		}
	}
	r.Note("security_event", "session_ended")
	return web.SeeOther("/login?done=logout").WithCookie(session.EndCookie()).
		WithHeader("Clear-Site-Data", `"cache", "storage"`), nil
}
