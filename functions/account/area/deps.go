// Package area has what the pages of the customer area have in common: what they work with, and what each change asks for
// and says.
package area

import (
	"crypto/rand"
	"io"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/product"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// Deps is what the pages work with.
type Deps struct {
	table.Store // what the rooms write to, and what no store of the others reads
	Sessions    session.Store
	Customers   customer.Store
	Orders      order.Store
	Passwords   reauth.Checker // asks for the customer's password again (S7)
	Credentials credential.Store
	Tokens      token.Store
	Throttle    throttle.Store
	Products    product.Table // what packages can be set to; nil is product.Settings
	Rand        io.Reader
	Passkeys    passkey.Site
	Speller     merge.Speller
}

// DepsOf is what the pages work with on real tables.
func DepsOf(store table.Store) Deps {
	return Deps{
		Store:       store,
		Sessions:    session.Store{Store: store},
		Customers:   customer.Store{Store: store},
		Orders:      order.Store{Store: store, Now: time.Now, Rand: rand.Reader},
		Credentials: credential.Store{Store: store},
		Tokens:      token.Store{Store: store},
		Throttle:    throttle.Store{Store: store},
		Passwords:   reauth.Checker{Store: store},
		Rand:        rand.Reader, Speller: spelling.Speller{},
	}
}

// Signed lets in who is signed in.
func (d Deps) Signed(h func(*web.Request, session.Visitor) (web.Response, error)) web.HandlerFunc {
	return session.Require(d.Sessions, h)
}

// Audit is what happened.
func (d Deps) Audit() audit.Store { return audit.Store{Store: d.Store} }
