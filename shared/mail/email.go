package mail

import "time"

// EmailConfirm goes to a new e-mail address: with its button the address comes into force.
type EmailConfirm struct {
	Number   string
	Address  string // the new one
	Link     string // page that confirms it, with the token
	ValidTil time.Time
	ByStaff  bool // the service team entered it, not the customer
}

func (EmailConfirm) template() string { return "emailConfirm" }
func (m EmailConfirm) links() links   { return links{Button: m.Link} }

// EmailRequested goes to the address in force as soon as another one was entered (S7): its button stops the change.
type EmailRequested struct {
	Number   string
	Address  string // the new one, masked
	At       time.Time
	StopLink string
	StopTil  time.Time // until then the change can be taken back, also after it was confirmed
	ByStaff  bool      // the service team entered it, not the customer
}

func (EmailRequested) template() string { return "emailRequested" }
func (m EmailRequested) links() links   { return links{Button: m.StopLink} }
