// Package account is the customer area after the sign-in: the overview with all packages of all numbers, the page of a
// package with its settings, and the master data.
package account

import (
	"context"
	"embed"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/order"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/product"
	"kundenkonto/shared/proposal"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

//go:embed pages
var pages embed.FS

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

// Credentials tells how a package's password stands, and what a new one replaces.
type Credentials interface {
	Get(ctx context.Context, subject string) (credential.Credential, error)
}

// Tokens finds what a mailed link stands for, without consuming it.
type Tokens interface {
	Find(ctx context.Context, secret, purpose string, now time.Time) (t token.Token, key string, err error)
}

// Throttle counts what is allowed a few times only.
type Throttle interface {
	Try(ctx context.Context, b throttle.Bucket, now time.Time) (throttle.Verdict, error)
}

// Tables writes all items or none.
type Tables interface {
	Transact(ctx context.Context, items []types.TransactWriteItem, token string) error
}

// Deps is what the slice works with.
type Deps struct {
	Sessions    session.Store
	Customers   Customers
	Orders      Orders
	Passwords   Passwords
	Credentials Credentials
	Tokens      Tokens
	Throttle    Throttle
	Tables      Tables
	Products    product.Table // what packages can be set to; nil is product.Settings
	Store       table.Store   // for what the pages about the account itself read
	Names       table.Names
	Rand        io.Reader
	Passkeys    passkey.Site
	Speller     merge.Speller
}

// Routes lists the slice's routes.
func Routes(d Deps) []web.Route {
	if d.Products == nil {
		d.Products = product.Settings
	}
	signed := func(h func(*web.Request, session.Signed) (web.Response, error)) web.HandlerFunc {
		return session.Require(d.Sessions, h)
	}
	query := func(name, summary string, max int, enum ...string) web.Field {
		return web.Field{Name: name, In: web.InQuery, Summary: summary, Max: max, Enum: enum}
	}
	again := web.Field{Name: "return", Max: web.MaxPath, Summary: "own path to go to afterwards"}
	back := query("return", "own path to go to after saving", 0)
	return append(append(d.securityRoutes(signed), d.factorRoutes(signed)...), []web.Route{
		{Method: http.MethodGet, Pattern: "/account", Access: web.Customer, Handle: signed(d.overview),
			Summary: "Overview: running merges, master data, all packages of all numbers", Fields: []web.Field{
				query("q", "part of a domain, package number or display name", maxSearch),
				query("product", "kind of package", 0, customer.Products...),
				query("sort", "order of the packages", 0, customer.Sorts...),
				query("after", "end of the page before: its next", 0),
			}},
		{Method: http.MethodGet, Pattern: "/account/packages/{id}", Access: web.Customer, Handle: signed(d.packagePage),
			Summary: "A package: its contract and its settings", Fields: []web.Field{packageID}},
		{Method: http.MethodPost, Pattern: "/account/packages/{id}/settings", Access: web.Customer, Handle: signed(d.saveSettings),
			Summary: "Change what a package is set to; a setting that is not sent stays as it is", Fields: d.settingFields(), FormPage: "/account/packages/{id}"},
		{Method: http.MethodPost, Pattern: "/account/packages/{id}/password", Access: web.Customer, Handle: signed(d.setPackagePassword),
			Summary: "Set the password of a package, which proves a merge", Fields: []web.Field{packageID,
				{Name: reauth.Field, Required: true, Secret: true, Summary: "customer password"},
				{Name: newpassword.Field, Required: true, Secret: true, Summary: "15 to 256 characters"}}},
		{Method: http.MethodGet, Pattern: form.Path, Access: web.Customer, Handle: signed(d.masterData),
			Summary: "The master data, to be changed", Fields: []web.Field{back}},
		{Method: http.MethodPost, Pattern: form.Path, Access: web.Customer, Handle: signed(d.saveMasterData),
			Summary: "Change master data; a field that is not sent stays as it is", Fields: masterDataFields(), FormPage: form.Path},
		{Method: http.MethodPost, Pattern: resendPath, Access: web.Customer, Handle: signed(whenWaiting(d.resendLink)),
			Summary: "Mail the link once more that confirms the new e-mail address", Fields: []web.Field{again}},
		{Method: http.MethodPost, Pattern: withdrawPath, Access: web.Customer, Handle: signed(whenWaiting(d.withdrawEmail)),
			Summary: "Withdraw a new e-mail address that is not confirmed yet; the present one stays", Fields: []web.Field{again}},
		{Method: http.MethodGet, Pattern: confirmPath, Access: web.Anonymous, Handle: d.showConfirm,
			Summary: "Ask whether a new e-mail address is to hold; changes nothing", Fields: []web.Field{tokenField(web.InQuery)}},
		{Method: http.MethodPost, Pattern: confirmPath, Access: web.Anonymous, Handle: d.confirmEmail,
			Summary: "Put a new e-mail address into force by the link mailed to it; needs no sign-in", Fields: []web.Field{tokenField(web.InBody)}},
		{Method: http.MethodGet, Pattern: stopPath, Access: web.Anonymous, Handle: d.showStop,
			Summary: "Ask whether the change of the e-mail address is to be stopped; changes nothing", Fields: []web.Field{tokenField(web.InQuery)}},
		{Method: http.MethodPost, Pattern: stopPath, Access: web.Anonymous, Handle: d.stopEmail,
			Summary: "Stop or take back the change of the e-mail address by the link mailed to the address before; needs no sign-in", Fields: []web.Field{tokenField(web.InBody)}},
	}...)
}

// tokenField is the token of a mailed link.
func tokenField(in string) web.Field {
	return web.Field{Name: "token", In: in, Required: true, Secret: true, Summary: "of the mailed link"}
}

// packageID is the package in the address.
var packageID = web.Field{Name: "id", In: web.InPath, Required: true, Summary: "package number"}

func masterDataFields() []web.Field {
	field := func(name, summary string) web.Field { return web.Field{Name: name, Summary: summary} }
	return []web.Field{
		field("street", "street and house number"), field("postalCode", "postal code"), field("city", "town"),
		field("country", "ISO 3166-1, two letters"), field("phone", "with its area code"), field("mobile", "with its code"),
		{Name: "email", Summary: "a new one holds only after it was confirmed by the link mailed to it"},
		field("iban", "IBAN"), field("bic", "BIC"), field("accountNumber", "at most ten digits"), field("bankCode", "eight digits in Germany"),
		{Name: "version", Required: true, Summary: "of the data that were shown; 409 when they changed since"},
		{Name: reauth.Field, Secret: true, Summary: "when e-mail address or bank data change"},
		field("return", "own path to go to after saving"),
	}
}
