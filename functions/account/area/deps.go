// Package area has what the pages of the customer area have in common: what they work with, and what each change asks for
// and says.
package area

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/product"
	"kundenkonto/shared/proposal"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// Customers reads profiles and packages.
type Customers interface {
	Profile(ctx context.Context, number string) (customer.Profile, error)
	Packages(ctx context.Context, numbers []string, q customer.PackageQuery) (customer.PackagePage, error)
	Package(ctx context.Context, id string) (customer.Package, error)
	proposal.Customers
}

// Orders finds the running merge of a number, what somebody objects to, and what stands between two numbers.
type Orders interface {
	proposal.Orders
	Objections(ctx context.Context, numbers ...string) (ids []string, err error)
	Get(ctx context.Context, id string) (order.Order, error)
}

// Passwords asks for the customer's password again (S7). It counts tries in a bucket of its own: guesses at an open
// session are bounded without pausing anybody's sign-in, and a sign-in that strangers paused does not stop the customer.
type Passwords interface {
	Check(ctx context.Context, number, password string, now time.Time) error
}

// Tokens finds what a mailed link stands for, without consuming it.
type Tokens interface {
	Find(ctx context.Context, secret, purpose string, now time.Time) (t token.Token, key string, err error)
}

// Tables writes all items or none.
type Tables interface {
	Transact(ctx context.Context, items []types.TransactWriteItem, token string) error
}

// Deps is what the pages work with.
type Deps struct {
	Sessions    session.Store
	Customers   Customers
	Orders      Orders
	Passwords   Passwords
	Credentials credential.Store
	Tokens      Tokens
	Throttle    throttle.Store
	Tables      Tables
	Products    product.Table // what packages can be set to; nil is product.Settings
	Store       table.Store   // for what the pages about the account itself read
	Names       table.Names
	Rand        io.Reader
	Passkeys    passkey.Site
	Speller     merge.Speller
}

// DepsOf is what the pages work with on real tables.
func DepsOf(store table.Store) Deps {
	return Deps{
		Sessions:    session.Store{Store: store},
		Customers:   customer.Store{Store: store},
		Orders:      order.Store{Store: store, Now: time.Now, Rand: rand.Reader},
		Credentials: credential.Store{Store: store},
		Tokens:      token.Store{Store: store},
		Throttle:    throttle.Store{Store: store},
		Passwords:   reauth.Checker{Store: store},
		Tables:      store, Store: store, Names: store.Names, Rand: rand.Reader, Speller: spelling.Speller{},
	}
}

// Signed lets in who is signed in.
func (d Deps) Signed(h func(*web.Request, session.Visitor) (web.Response, error)) web.HandlerFunc {
	return session.Require(d.Sessions, h)
}

// Audit is what happened.
func (d Deps) Audit() audit.Store { return audit.Store{Store: d.Store} }
