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
	Number     string
	At         time.Time
	ForgotLink string // page that sends a reset link
}

func (PasswordChanged) template() string { return "passwordChanged" }
func (m PasswordChanged) links() links   { return links{Button: m.ForgotLink} }
