package session

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/web"
)

// Visitor is who is signed in.
type Visitor struct {
	Session Session
	Profile customer.Profile
}

// Header is what the frame of the page shows.
func (s Visitor) Header() web.AccountHeader {
	return web.AccountHeader{Number: s.Profile.Number, Name: s.Profile.DisplayName(), SessionEnds: s.Session.Ends()}
}

// Require lets only signed-in customers through. Others are sent to the sign-in and return after it; clients that ask
// for JSON get 401. The page's header shows who is signed in, and the page is in the customer's language unless the
// visitor chose another.
func Require(store Store, h func(*web.Request, Visitor) (web.Response, error)) web.HandlerFunc {
	return func(r *web.Request) (web.Response, error) {
		s, p, err := store.Load(r.Context(), cookieValue(r, Cookie), r.Now)
		if errors.Is(err, ErrNone) {
			return store.toSignIn(r)
		}
		if err != nil {
			return nil, err
		}
		signed := Visitor{s, p}
		r.Note("customer", web.MaskNumber(p.Number))
		r.PreferLang(p.Language)
		r.SignedIn(signed.Header())
		return store.withKept(r, signed, h)
	}
}

// toSignIn redirects to the sign-in. The input of a form that was sent is kept for its customer, who is led back to
// its page.
func (s Store) toSignIn(r *web.Request) (web.Response, error) {
	page, fields := r.FormPage(), r.Keepable()
	if page == "" || r.WantsJSON() {
		return toSignIn(r, "/login")
	}
	ended := cookieValue(r, Cookie)
	number, err := s.endedOf(r.Context(), ended, r.Now)
	if err != nil {
		return nil, err
	}
	back := page
	if to := fields["return"]; to != "" && web.OwnPath(to) {
		back += "?return=" + url.QueryEscape(to)
	}
	leave := web.SeeOther(signInTo("/login", back))
	r.Note("security_event", "authn_required")
	if number == "" {
		return leave, nil
	}
	cookie, err := s.keep(r.Context(), ended, number, page, fields, r.Now)
	if err != nil {
		return nil, err
	}
	if cookie != nil {
		r.Note("outcome", "input_kept")
		leave = leave.WithCookie(cookie)
	}
	return leave, nil
}

// withKept shows a page with the input that waited for the sign-in. Nothing is sent by it.
func (s Store) withKept(r *web.Request, signed Visitor, h func(*web.Request, Visitor) (web.Response, error)) (web.Response, error) {
	secret := keptFor(r.Request)
	if secret == "" {
		return h(r, signed)
	}
	fields, err := s.takeKept(r.Context(), secret, signed.Profile.Number, r.URL.Path, r.Now)
	if errors.Is(err, errKept) {
		return h(r, signed)
	}
	if err != nil {
		return nil, err
	}
	r.Restore(fields)
	page, err := h(r, signed)
	if err != nil {
		return nil, err
	}
	return page.WithCookie(hostCookie(KeptCookie, "", -1)).WithNotice("info", lang.T("Ihre Anmeldung war abgelaufen. Ihre Eingaben stehen wieder im Formular, gespeichert ist davon noch nichts. Prüfen Sie sie und senden Sie das Formular noch einmal ab. Passwörter geben Sie bitte neu ein.")), nil
}

// RequireStaff lets only the service team through: without a session to the sign-in, outside the group 403 (S13). The
// directory is asked again every StaffCheckEvery.
func RequireStaff(store StaffStore, team Directory, h func(*web.Request, StaffSession) (web.Response, error)) web.HandlerFunc {
	return func(r *web.Request) (web.Response, error) {
		s, err := store.Load(r.Context(), cookieValue(r, StaffCookie), r.Now)
		if errors.Is(err, ErrNone) {
			return toSignIn(r, "/service/login")
		}
		if err != nil {
			return nil, err
		}
		r.Note("staff", cmp.Or(s.Sub, s.User))
		if s, err = store.Recheck(r.Context(), s, team, r.Now); errors.Is(err, ErrNone) {
			r.Note("outcome", "staff_session_revoked")
			return toSignIn(r, "/service/login")
		}
		if err != nil {
			return nil, web.Unavailable(err)
		}
		r.SignedIn(web.AccountHeader{Name: s.Name, Staff: true, SessionEnds: s.Ends()})
		if !s.MayReview() {
			r.Note("security_event", "authz_fail")
			return nil, web.Forbidden("not_service_team", lang.T("Dieser Bereich ist dem Serviceteam vorbehalten. Bitten Sie Ihre Teamleitung, Sie in die Gruppe aufzunehmen."))
		}
		return h(r, s)
	}
}

// Ending tells when a session ends. Any request extends it; this answer is what the button of the warning asks for (S9).
func Ending(r *web.Request, ends time.Time) web.Response {
	return web.JSON(http.StatusOK, struct {
		SessionEnds time.Time `json:"sessionEnds"`
		SecondsLeft int       `json:"secondsLeft"` // for browsers, whose clock may be wrong
		Clock       string    `json:"clock"`       // in the words of the page
	}{ends, int(ends.Sub(r.Now).Seconds()), lang.Hour(ends).In(r.Lang)})
}

func cookieValue(r *web.Request, name string) string {
	if c, err := r.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}

// ToSignIn is the answer to a request whose session was ended while it was under way.
func ToSignIn(r *web.Request) (web.Response, error) { return toSignIn(r, "/login") }

func toSignIn(r *web.Request, path string) (web.Response, error) {
	r.Note("security_event", "authn_required")
	if r.WantsJSON() {
		return nil, web.Unauthorized()
	}
	return web.SeeOther(signInTo(path, comeBack(r.Request))), nil
}

// signInTo is the address of the sign-in that leads on to a page; the page's query is dropped when the address would
// be too long.
func signInTo(path, next string) string {
	page, _, _ := strings.Cut(next, "?")
	for _, one := range []string{next, page} {
		if to := path + "?next=" + url.QueryEscape(one); web.OwnPath(to) {
			return to
		}
	}
	return path
}

// comeBack is the own path to go to after the sign-in: the page itself, or the start of its area after a form was sent.
func comeBack(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return "/" + first
}
