package mail

import "time"

// PasswordReset brings the link with which a customer sets the first or a new customer password.
type PasswordReset struct {
	Number   string    // the number whose password the link sets
	Merged   string    // the number asked for, when it belongs to Number by now; else empty
	First    bool      // Number never had a customer password
	Link     string    // reset page with the token
	ValidTil time.Time // end of the token's life
}

func (PasswordReset) template() string { return "passwordReset" }
func (m PasswordReset) links() links   { return links{Button: m.Link} }

// PasswordChanged tells that a customer password was set or changed.
type PasswordChanged struct {
	Number       string
	At           time.Time
	PasskeysGone string    // names of those that were removed with it
	Passkeys     string    // names of those that stay
	SecondStep   time.Time // since when codes of an app are asked for; zero when they are not
	ForgotLink   string    // page that sends a reset link
}

func (PasswordChanged) template() string { return "passwordChanged" }
func (m PasswordChanged) links() links   { return links{Button: m.ForgotLink} }

// PackagePasswordChanged tells that the password of a package was set or changed: it proves a merge.
type PackagePasswordChanged struct {
	Number     string
	Package    string // package number
	Name       string // what the customer calls the package; may be the number again
	At         time.Time
	ForgotLink string // page that sends a link for a new customer password
}

func (PackagePasswordChanged) template() string { return "packagePasswordChanged" }
func (m PackagePasswordChanged) links() links   { return links{Button: m.ForgotLink} }
