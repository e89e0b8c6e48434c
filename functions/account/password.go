package account

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// passwordPath is the page on which the customer password is changed.
const passwordPath = "/account/password"

// passwordView is the page with the form. The number fills the password manager's user name.
type passwordView struct {
	Number  string `json:"customerNumber"`
	Changed bool   `json:"changed,omitempty"` // a moment ago
}

func (d Deps) passwordPage(r *web.Request, s session.Signed) (web.Response, error) {
	view := passwordView{Number: s.Profile.Number, Changed: r.URL.Query().Get(doneKey) == donePassword}
	page := askToRenew(s, web.Page("password", view))
	if !view.Changed {
		return page, nil
	}
	said := lang.T("Ihr neues Kundenpasswort gilt. Dieser Browser bleibt angemeldet, alle anderen Geräte sind abgemeldet.")
	if to := s.Profile.Email; to != "" {
		said = said.And(lang.T("Eine Bestätigung geht an %s.", to))
	}
	return page.WithNotice("success", said), nil
}

// askToRenew says why a new password is needed, as long as one is: of the present one, imported from another system, only
// the beginning was compared.
func askToRenew(s session.Signed, page web.Response) web.Response {
	if !s.Session.RenewPassword {
		return page
	}
	return page.WithNotice("warning", lang.T("Ihr Kundenpasswort stammt aus unserem früheren System, das von langen Passwörtern nur den Anfang prüft. Bitte setzen Sie unter „Kundenpasswort ändern“ ein neues."))
}

// doneKey is the query parameter that tells a page what its form has done.
const (
	doneKey      = "done"
	donePassword = "password"
)

// attempts is how often a change is repeated that met another write of the same credential, such as a rehash.
const attempts = 3

// changePassword asks for the current password before it looks at the new one: who cannot give it learns nothing.
func (d Deps) changePassword(r *web.Request, s session.Signed) (web.Response, error) {
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
	for range table.Tries(r.Context(), attempts) {
		cookie, err := d.setPassword(r, s, hash)
		if err == nil {
			r.Note("security_event", "authn_password_change")
			return web.SeeOther(passwordPath + "?" + doneKey + "=" + donePassword).WithCookie(session.NewCookie(cookie)), nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return nil, err
		}
		if ended, err := d.ended(r, s); err != nil || ended != nil {
			return ended, err
		}
	}
	return nil, web.Unavailable(errors.New("the credential keeps changing"))
}

// mayChange checks both passwords.
func (d Deps) mayChange(r *web.Request, s session.Signed, current, entered string) error {
	return d.maySet(r, s, current, entered, passwordWords{
		missing: lang.T("Geben Sie ein neues Kundenpasswort ein."),
		same:    lang.T("Das ist Ihr bisheriges Kundenpasswort. Wählen Sie ein anderes."),
	})
}

// passwordWords are what is said of a new password that is missing, or that is the customer password in force.
type passwordWords struct{ missing, same lang.Text }

// maySet asks for the customer password before a new one is set, of the customer or of a package. A new one that is missing
// costs no try.
func (d Deps) maySet(r *web.Request, s session.Signed, current, entered string, says passwordWords) error {
	if entered == "" {
		return newpassword.Invalid("password_required", says.missing)
	}
	err := d.Passwords.Check(r.Context(), s.Profile.Number, current, r.Now)
	if refused := (*web.Error)(nil); errors.As(err, &refused) {
		r.Note("security_event", reauthEvent(refused))
	}
	if err != nil {
		return err
	}
	if credential.Normal(entered) == credential.Normal(current) {
		return newpassword.Invalid("password_same", says.same)
	}
	refusal, err := newpassword.Refusal(r.Context(), d.Customers, s.Profile, r.Config.Brand, entered)
	if err != nil || refusal == nil {
		return err
	}
	return refusal
}

// setPassword writes the password and gives this browser a new session in the same transaction: the raised epoch voids
// all sessions, this one's cookie too, and all mailed links (S7, S8). The device stays known.
func (d Deps) setPassword(r *web.Request, s session.Signed, hash string) (cookie string, err error) {
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
	if err := d.Tables.Transact(r.Context(), append(items, kept...), ""); err != nil {
		return "", fmt.Errorf("change password: %w", err)
	}
	return cookie, nil
}

// keepSignedIn replaces this browser's session by one under the next epoch, in the transaction that raises it.
func (d Deps) keepSignedIn(r *web.Request, s session.Signed) (cookie string, items []types.TransactWriteItem, err error) {
	cookie, renewed, err := session.Renew(d.Rand, r.Now, s.Session, s.Profile.Epoch+1)
	if err != nil {
		return "", nil, err
	}
	items = []types.TransactWriteItem{session.Put(d.Names, renewed), session.DropID(d.Names, s.Session.ID)}
	if _, device := session.DeviceOf(r.Request); device != "" {
		items = append(items, throttle.PutDevice(d.Names, device, s.Profile.Number, r.Now))
	}
	return cookie, items, nil
}

// ended is the way to the sign-in when the session was ended while its request was under way; nil when it was not.
func (d Deps) ended(r *web.Request, s session.Signed) (web.Response, error) {
	p, err := d.Customers.Profile(r.Context(), s.Profile.Number)
	if err != nil && !errors.Is(err, customer.ErrNotFound) {
		return nil, fmt.Errorf("read profile again: %w", err)
	}
	if err == nil && p.Epoch == s.Profile.Epoch && p.MergedInto == "" {
		return nil, nil
	}
	if r.WantsJSON() {
		return nil, web.Unauthorized()
	}
	return web.SeeOther("/login"), nil
}
