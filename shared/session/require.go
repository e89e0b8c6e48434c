package session

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/web"
)

// Signed is who is signed in.
type Signed struct {
	Session Session
	Profile customer.Profile
}

// Header is what the frame of the page shows.
func (s Signed) Header() web.AccountHeader {
	return web.AccountHeader{Number: s.Profile.Number, Name: s.Profile.DisplayName(), SessionEnds: s.Session.Ends()}
}

// Require lets only signed-in customers through. Others are sent to the sign-in and come back after it; clients that
// ask for JSON get 401. The frame shows who is signed in, and the customer's language holds unless the switch was used.
func Require(store Store, h func(*web.Request, Signed) (web.Response, error)) web.HandlerFunc {
	return func(r *web.Request) (web.Response, error) {
		s, p, err := store.Load(r.Context(), cookieValue(r, Cookie), r.Now)
		if errors.Is(err, ErrNone) {
			return toSignIn(r, "/login")
		}
		if err != nil {
			return nil, err
		}
		signed := Signed{s, p}
		r.Note("customer", web.MaskNumber(p.Number))
		r.PreferLang(p.Language)
		r.SignedIn(signed.Header())
		return h(r, signed)
	}
}

// RequireStaff lets only the service team through: without a session to the sign-in, without the group 403 (S13).
func RequireStaff(store StaffStore, h func(*web.Request, StaffSession) (web.Response, error)) web.HandlerFunc {
	return func(r *web.Request) (web.Response, error) {
		s, err := store.Load(r.Context(), cookieValue(r, StaffCookie), r.Now)
		if errors.Is(err, ErrNone) {
			return toSignIn(r, "/service/login")
		}
		if err != nil {
			return nil, err
		}
		r.Note("staff", s.User)
		r.SignedIn(web.AccountHeader{Name: s.Name, Staff: true, SessionEnds: s.Ends()})
		if !s.MayReview() {
			r.Note("security_event", "authz_fail")
			return nil, web.Forbidden("not_service_team", web.T(
				"Dieser Bereich ist dem Serviceteam vorbehalten. Bitten Sie Ihre Teamleitung, Sie in die Gruppe aufzunehmen.",
				"This area is for the service team. Ask your team lead to add you to the group."))
		}
		return h(r, s)
	}
}

func cookieValue(r *web.Request, name string) string {
	if c, err := r.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}

func toSignIn(r *web.Request, path string) (web.Response, error) {
	r.Note("security_event", "authn_required")
	if r.WantsJSON() {
		return nil, web.Unauthorized()
	}
	return web.SeeOther(path + "?next=" + url.QueryEscape(comeBack(r.Request))), nil
}

// comeBack is the own path to go to after the sign-in: the page itself, or the start of its area after a form was sent.
func comeBack(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return "/" + first
}
