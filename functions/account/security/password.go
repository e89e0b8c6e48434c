package security

import (
	"errors"
	"fmt"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// donePassword tells the page that the password was changed.
const donePassword = "password"

// passwordPath is the page on which the customer password is changed.
const passwordPath = "/account/password"

// passwordView is the page with the form. The number fills the password manager's user name.
type passwordView struct {
	Number  string `json:"customerNumber"`
	Changed bool   `json:"changed,omitempty"` // a moment ago
}

func (d Room) passwordPage(r *web.Request, s session.Visitor) (web.Response, error) {
	view := passwordView{Number: s.Profile.Number, Changed: r.URL.Query().Get(area.DoneKey) == donePassword}
	page := area.AskToRenew(s, web.Page("password", view))
	if !view.Changed {
		return page, nil
	}
	said := lang.T("Ihr Kundenpasswort ist geändert. Dieser Browser bleibt angemeldet, alle anderen Geräte sind abgemeldet.")
	return page.WithNotice("success", web.ConfirmedTo(said, s.Profile.Email)), nil
}

// changePassword asks for the current password before it looks at the new one: who cannot give it learns nothing.
func (d Room) changePassword(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	current, entered := f.Get(reauth.Field), f.Get(newpassword.Field)
	refused := (*web.Error)(nil)
	err = d.mayChange(r, s, current, entered)
	if errors.As(err, &refused) {
		return web.Page("password", passwordView{Number: s.Profile.Number}).WithError(refused), nil
	}
	if err != nil {
		return nil, err
	}
	hash, err := credential.Hasher{Rand: d.Rand}.Hash(entered)
	if err != nil {
		return nil, err
	}
	for range table.Tries(r.Context(), area.Attempts) {
		cookie, err := d.setPassword(r, s, hash)
		if err == nil {
			r.Note("security_event", "authn_password_change")
			return web.SeeOther(passwordPath + "?" + area.DoneKey + "=" + donePassword).WithCookie(session.NewCookie(cookie)), nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return nil, err
		}
		if ended, err := d.Ended(r, s); err != nil || ended != nil {
			return ended, err
		}
	}
	return nil, web.Unavailable(errors.New("the credential keeps changing"))
}

// mayChange checks both passwords.
func (d Room) mayChange(r *web.Request, s session.Visitor, current, entered string) error {
	return d.MaySet(r, s, current, entered, area.PasswordWords{
		Missing: lang.T("Geben Sie ein neues Kundenpasswort ein."),
		Same:    lang.T("Das ist Ihr bisheriges Kundenpasswort. Wählen Sie ein anderes."),
	})
}

// setPassword writes the password and gives this browser a new session in the same transaction: the raised epoch voids
// all sessions, this one's cookie too, and all mailed links (S7, S8). The device stays known.
func (d Room) setPassword(r *web.Request, s session.Visitor, hash string) (cookie string, err error) {
	c, err := (credential.Store{Store: d.Store}).Get(r.Context(), table.Customer(s.Profile.Number))
	if err != nil {
		return "", err
	}
	f, err := d.factorOf(r, s)
	if err != nil {
		return "", err
	}
	items := newpassword.Set(d.Names, s.Profile, c, hash, audit.PasswordChanged, newpassword.Besides(f, nil), r.Now, d.Rand)
	s.Session.RenewPassword = false
	cookie, kept, err := d.keepSignedIn(r, s)
	if err != nil {
		return "", err
	}
	if err := d.Transact(r.Context(), append(items, kept...), ""); err != nil {
		return "", fmt.Errorf("change password: %w", err)
	}
	return cookie, nil
}
