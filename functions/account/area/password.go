package area

import (
	"errors"
	"net/http"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// AskToRenew says why a new password is needed, as long as one is: of the present one, imported from another system, only
// the beginning was compared.
func AskToRenew(s session.Visitor, page web.Response) web.Response {
	if !s.Session.RenewPassword {
		return page
	}
	return page.WithNotice("warning", lang.T("Ihr Kundenpasswort stammt aus unserem früheren System, das von langen Passwörtern nur den Anfang prüft. Bitte legen Sie unter „Kundenpasswort ändern“ ein neues fest."))
}

// PasswordWords are what is said of a new password that is missing, or that is the customer password in force.
type PasswordWords struct{ Missing, Same lang.Text }

// MaySet asks for the customer password before a new one is set, of the customer or of a package. A new one that is missing
// costs no try.
func (d Deps) MaySet(r *web.Request, s session.Visitor, current, entered string, says PasswordWords) error {
	if entered == "" {
		return newpassword.Invalid("password_required", says.Missing)
	}
	err := d.Passwords.Check(r.Context(), s.Profile.Number, current, r.Now)
	if refused := (*web.Error)(nil); errors.As(err, &refused) {
		r.Note("security_event", ReauthEvent(refused))
	}
	if err != nil {
		return err
	}
	if credential.Normal(entered) == credential.Normal(current) {
		return newpassword.Invalid("password_same", says.Same)
	}
	refusal, err := newpassword.Refusal(r.Context(), d.Customers, s.Profile, r.Config.Brand, entered)
	if err != nil || refusal == nil {
		return err
	}
	return refusal
}

// ReauthEvent names a refused password in OWASP's vocabulary (S20).
func ReauthEvent(refused *web.Error) string {
	if refused.Status == http.StatusTooManyRequests {
		return "authn_login_fail_max"
	}
	return "authn_login_fail"
}
