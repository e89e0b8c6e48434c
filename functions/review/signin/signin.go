package signin

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// signInCookie ties a sign-in under way to the browser that began it: without it, somebody could finish a sign-in of
// their own in another person's browser.
const signInCookie = "__Host-staff-signin"

// beginSignIn sends the browser to the provider.
func (d Room) beginSignIn(r *web.Request) (web.Response, error) {
	secrets := make([]string, 4)
	for i := range secrets {
		s, err := session.Secret(d.Rand)
		if err != nil {
			return nil, err
		}
		secrets[i] = s
	}
	state, browser := secrets[0], secrets[1]
	if c, err := r.Cookie(signInCookie); err == nil && len(c.Value) == len(browser) {
		browser = c.Value // another tab began a sign-in, too: both may end
	}
	in := session.SignIn{Browser: table.Hash(browser), Nonce: secrets[2], Verifier: secrets[3],
		Next: nextPage(r.URL.Query().Get("next"))}
	target, err := d.Provider.SignInURL(r.Context(), state, in)
	if err != nil {
		return nil, web.Unavailable(err)
	}
	if err := d.Staff.Begin(r.Context(), state, in, r.Now); err != nil {
		return nil, err
	}
	return web.SeeOutside(target).WithCookie(&http.Cookie{Name: signInCookie, Value: browser, Path: "/", MaxAge: 600,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}), nil
}

// nextPage keeps a return target only if it is a page of the service team (S18).
func nextPage(next string) string {
	p, _, _ := strings.Cut(next, "?")
	inside := p == desk.StartPage || strings.HasPrefix(p, desk.StartPage+"/")
	switch {
	case !inside, !web.OwnPath(next), path.Clean(p) != p, strings.ContainsAny(p, "%#"):
		return desk.StartPage
	case p == "/service/login", p == "/service/callback", p == "/service/logout":
		return desk.StartPage
	}
	return next
}

// endSignIn is where the provider sends the browser back to.
func (d Room) endSignIn(r *web.Request) (web.Response, error) {
	q := r.URL.Query()
	in, err := d.Staff.Finish(r.Context(), q.Get("state"), r.Now)
	if errors.Is(err, session.ErrNone) || err == nil && !sameBrowser(r, in) {
		return refuse(r, signInExpired, err)
	}
	if err != nil {
		return nil, err
	}
	if q.Get("error") != "" || q.Get("code") == "" {
		return refuse(r, signInRefused, errors.New("provider: "+q.Get("error")))
	}
	who, err := d.Provider.Redeem(r.Context(), q.Get("code"), in)
	if errors.Is(err, errRefused) {
		return refuse(r, signInRefused, err)
	}
	if err != nil {
		return nil, web.Unavailable(err)
	}
	r.Note("staff", who.Sub)
	if !who.MayReview() {
		return refuse(r, notInTeam, nil)
	}
	value, err := d.Staff.Create(r.Context(), d.Rand, who, r.Now)
	if err != nil {
		return nil, err
	}
	r.Note("security_event", "authn_login_success")
	return web.SeeOther(in.Next).WithCookie(session.NewStaffCookie(value)), nil
}

func sameBrowser(r *web.Request, in session.SignIn) bool {
	c, err := r.Cookie(signInCookie)
	return err == nil && subtle.ConstantTimeCompare([]byte(table.Hash(c.Value)), []byte(in.Browser)) == 1
}

// signOut ends our session and then the provider's. It needs no session: one that ended by itself must not keep the
// provider's alive.
func (d Room) signOut(r *web.Request) (web.Response, error) {
	if c, err := r.Cookie(session.StaffCookie); err == nil {
		if err := d.Staff.End(r.Context(), c.Value); err != nil {
			return nil, err
		}
	}
	r.Note("security_event", "authn_logout")
	answer := web.Page("signin", signedOutHere)
	if target, err := d.Provider.SignOutURL(r.Context()); err == nil {
		answer = web.SeeOutside(target)
	} else {
		r.Note("provider_error", err.Error())
	}
	// Not "cookies": a customer's session of the same browser is none of our business.
	return answer.WithCookie(session.EndStaffCookie()).WithHeader("Clear-Site-Data", `"cache", "storage"`), nil
}

// signInView is why a sign-in did not come about.
type signInView struct {
	Code    string    `json:"code"`
	Heading lang.Text `json:"heading"`
	Message lang.Text `json:"message"`
	Switch  bool      `json:"-"` // offer to sign in as somebody else
	status  int
}

var (
	signInExpired = signInView{status: http.StatusBadRequest, Code: "sign_in_expired",
		Heading: lang.T("Diese Anmeldung ist abgelaufen"),
		Message: lang.T("Schließen Sie die Anmeldung innerhalb von zehn Minuten im selben Browser ab. Bitte beginnen Sie neu.")}
	signInRefused = signInView{status: http.StatusBadRequest, Code: "sign_in_refused",
		Heading: lang.T("Die Anmeldung hat nicht geklappt"),
		Message: lang.T("Der Anmeldedienst hat die Anmeldung nicht bestätigt. Bitte beginnen Sie neu.")}
	notInTeam = signInView{status: http.StatusForbidden, Code: "not_service_team", Switch: true,
		Heading: lang.T("Dieser Bereich ist dem Serviceteam vorbehalten"),
		Message: lang.T("Ihr Benutzerkonto gehört nicht zur Gruppe „service-team“. Bitten Sie Ihre Teamleitung, Sie aufzunehmen, und melden Sie sich danach noch einmal an.")}
	signedOutHere = signInView{status: http.StatusOK, Code: "signed_out",
		Heading: lang.T("Sie sind abgemeldet"),
		Message: lang.T("Der Anmeldedienst war gerade nicht erreichbar. Schließen Sie den Browser, wenn andere diesen Rechner benutzen.")}
)

func refuse(r *web.Request, v signInView, cause error) (web.Response, error) {
	r.Note("security_event", "authn_login_fail")
	if r.WantsJSON() {
		return nil, &web.Error{Status: v.status, Code: v.Code, Message: v.Message, Cause: cause}
	}
	r.Note("outcome", v.Code)
	if cause != nil {
		r.Note("cause", cause.Error())
	}
	return web.Page("signin", v).Status(v.status).Title(v.Heading), nil
}

// Again is the sign-in page as a link, for the templates.
func (signInView) Again() string { return "/service/login?next=" + url.QueryEscape(desk.StartPage) }

func currentSession(r *web.Request, s session.StaffSession) (web.Response, error) {
	return session.Ending(r, s.Ends()), nil
}
