package login

import (
	"errors"
	"fmt"
	"strings"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// afterSignIn is where a sign-in leads that was not on the way to another page.
const afterSignIn = "/account"

// signInView is the page of the sign-in. The password is never given back.
type signInView struct {
	CustomerNumber string `json:"customerNumber"`
	Next           string `json:"next,omitempty"`
}

// What the page says when it was reached by an action (query "done").
var doneNotices = map[string]lang.Text{
	"stopped": lang.T("Die zweite Stufe Ihrer Anmeldung bleibt, wie sie ist."),
	"logout":  lang.T("Sie sind abgemeldet."),
	"reset":   lang.T("Ihr neues Kundenpasswort ist gespeichert. Melden Sie sich damit an."),
}

func (d Deps) showSignIn(r *web.Request) (web.Response, error) {
	query := r.URL.Query()
	next := ownPath(query.Get("next"))
	if c, err := r.Cookie(session.Cookie); err == nil {
		_, _, err := session.Store{Store: d.Store}.Load(r.Context(), c.Value, r.Now)
		if err == nil {
			return web.SeeOther(next), nil
		}
		if !errors.Is(err, session.ErrNone) {
			return nil, err
		}
	}
	page := web.Page("login", signInView{Next: shown(next)})
	if query.Get("done") == "toolate" {
		page = page.WithNotice("info", lang.T("Zwischen Kundenpasswort und Code lag zu viel Zeit. Bitte melden Sie sich noch einmal an."))
	} else if notice, ok := doneNotices[query.Get("done")]; ok {
		page = page.WithNotice("success", notice)
	} else if kept(r) && query.Has("next") {
		page = page.WithNotice("info", lang.T("Ihre Anmeldung ist abgelaufen. Ihre Eingaben bewahren wir 30 Minuten lang auf: Nach dem Anmelden stehen sie wieder im Formular."))
	} else if query.Has("next") && next != afterSignIn {
		page = page.WithNotice("info", lang.T("Bitte melden Sie sich an. Danach öffnen wir die Seite, die Sie aufrufen wollten."))
	}
	return page, nil
}

// kept says whether the input of a form waits for this sign-in (S9).
func kept(r *web.Request) bool {
	_, err := r.Cookie(session.KeptCookie)
	return err == nil
}

func (d Deps) signIn(r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	number := customer.ReadNumber(form.Get("customerNumber"))
	next := ownPath(form.Get("next"))
	view := signInView{CustomerNumber: form.Text("customerNumber"), Next: shown(next)}
	if !customer.ValidNumber(number) {
		return web.Page("login", view).WithError(invalidNumber()), nil
	}
	r.Note("customer", web.MaskNumber(number))
	a := attempt{Deps: d, r: r, number: number, password: form.Get("password"), next: next}
	done, err := a.run(r.Context())
	if refused := (*web.Error)(nil); errors.As(err, &refused) {
		return web.Page("login", view).WithError(refused), nil
	}
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	if done.pending.Cookie != "" {
		r.Note("outcome", "second_factor")
		return web.SeeOther(secondStepPath).WithCookie(session.NewSignInCookie(done.pending)), nil
	}
	return done.goOn(r, next), nil
}

// renewPath is where a password is replaced.
const renewPath = "/account/password"

// goOn leads to the page that was asked for, signed in; when none was, and the password should be replaced, there.
func (s success) goOn(r *web.Request, next string) web.Response {
	r.Note("security_event", "authn_login_success")
	if s.renew && next == afterSignIn {
		next = renewPath
	}
	return web.SeeOther(next).WithCookie(session.NewCookie(s.session)).WithCookie(session.NewDeviceCookie(s.device))
}

// ownPath is the page to go to after the sign-in; anything but a path of ours is the overview (S18).
func ownPath(next string) string {
	if next == "" || !web.OwnPath(next) || strings.HasPrefix(next, "/login") || strings.HasPrefix(next, "/logout") {
		return afterSignIn
	}
	return next
}

// shown leaves the default out of the form.
func shown(next string) string {
	if next == afterSignIn {
		return ""
	}
	return next
}

func invalidNumber() *web.Error {
	message := lang.T("Eine Kundennummer besteht nur aus 6 bis 12 Ziffern, zum Beispiel 10000017.")
	return web.Unprocessable("invalid_customer_number", message, web.Invalid("customerNumber", "invalid_customer_number", message))
}

// wrong is the one answer to everything that is not right: unknown number, wrong, empty or missing password (S1).
func wrong() *web.Error {
	message := lang.T("Kundennummer und Kundenpasswort passen nicht zusammen. Prüfen Sie beide Angaben. „Passwort vergessen“ geht jederzeit.")
	return web.Unprocessable("sign_in_failed", message, web.Invalid("password", "sign_in_failed", lang.T("Prüfen Sie Kundennummer und Kundenpasswort.")))
}
